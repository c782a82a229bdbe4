"""What the roles of the application may do in a migrated database: owner all, staff rows, public nothing."""

import psycopg
import pytest
from django.conf import settings
from django.db import ProgrammingError, connection

from jingwei.core.database import ROLES

pytestmark = pytest.mark.django_db

TABLE_PRIVILEGES = "SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER"
OURS = "n.nspname <> ALL ('{pg_catalog,pg_toast,information_schema}')"


def rows(statement: str, *parameters: object) -> list[tuple[object, ...]]:
    """Rows as the administrating account reads them in the database of the test."""
    with settings.SERVER.connect(connection.settings_dict["NAME"]) as admin:
        return admin.execute(statement, parameters or None).fetchall()


def relations(kinds: str) -> list[tuple[object, ...]]:
    return rows(
        "SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE {OURS} AND c.relkind = ANY(%s)",
        list(kinds),
    )


@pytest.mark.parametrize("role", ["jw_staff", "jw_public"])
def test_the_roles_that_serve_own_nothing(role: str) -> None:
    owned = rows(
        "SELECT classid::regclass::text, objid FROM pg_shdepend WHERE deptype = 'o' AND refobjid = %s::regrole", role
    )
    assert owned == []


@pytest.mark.parametrize("role", ROLES)
def test_no_role_has_powers_over_the_server_or_over_another_role(role: str) -> None:
    powers = rows(
        "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls FROM pg_roles"
        " WHERE rolname = %s",
        role,
    )
    assert powers == [(False,)]
    assert rows("SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole", role) == []


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE planted (number int)", "CREATE VIEW planted AS SELECT 1", "CREATE SCHEMA planted",
     "CREATE FUNCTION planted() RETURNS int LANGUAGE sql AS 'SELECT 1'",
     "ALTER TABLE base_roster_entity DISABLE ROW LEVEL SECURITY", "DROP POLICY scope ON base_roster_entity",
     "SET ROLE jw_owner", "CREATE ROLE planted"],
)  # fmt: skip
def test_staff_cannot_change_the_schema_the_policies_or_the_roles(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("jw_staff",)
        with pytest.raises(ProgrammingError):
            cursor.execute(statement)


def test_the_public_role_has_no_privilege_on_any_table_or_view() -> None:
    found = relations("rpvmf")
    assert len(found) > 40
    allowed = rows(
        "SELECT c.relname FROM pg_class c WHERE c.oid = ANY(%s)"
        " AND (has_table_privilege('jw_public', c.oid, %s) OR has_any_column_privilege('jw_public', c.oid, %s))",
        [oid for oid, _ in found], TABLE_PRIVILEGES, "SELECT, INSERT, UPDATE, REFERENCES",
    )  # fmt: skip
    assert allowed == []


def test_the_public_role_has_no_privilege_on_any_sequence() -> None:
    found = [oid for oid, _ in relations("S")]
    assert len(found) > 10
    allowed = rows(
        "SELECT oid::regclass::text FROM unnest(%s::oid[]) AS oid"
        " WHERE has_sequence_privilege('jw_public', oid, 'USAGE, SELECT, UPDATE')",
        found,
    )
    assert allowed == []


def test_the_public_role_can_run_no_function_of_ours_and_reach_no_schema() -> None:
    ours = rows(
        "SELECT oid, has_function_privilege('jw_public', oid, 'EXECUTE') FROM pg_proc WHERE proname LIKE 'jw\\_%'"
    )
    assert len(ours) > 5
    assert [oid for oid, allowed in ours if allowed] == []
    reached = rows(
        f"SELECT nspname FROM pg_namespace n WHERE {OURS} AND has_schema_privilege('jw_public', oid, 'USAGE')"
    )
    assert reached == []


def test_what_the_public_role_asks_for_is_refused() -> None:
    own = settings.SERVER
    name = connection.settings_dict["NAME"]
    with (
        psycopg.connect(
            host=own.host, port=own.port or None, dbname=name, user="jw_public", password=settings.SECRETS["jw_public"]
        ) as outside,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        outside.execute("SELECT * FROM public.base_roster_entity")


def test_every_table_with_rows_of_a_place_or_a_body_lies_under_a_policy() -> None:
    open_tables = rows(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind = 'r' AND NOT c.relrowsecurity"
        " AND c.relname ~ '^(rosters|linkage|base_roster)_' AND EXISTS (SELECT 1 FROM pg_attribute a"
        "   WHERE a.attrelid = c.oid AND a.attname IN ('place_id', 'body_id', 'entity_id', 'batch_id', 'unit_id', 'run_id'))"
    )
    assert open_tables == []
