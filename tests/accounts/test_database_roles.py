"""The second lock, looked at in the database itself."""

from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.core.models import StoredFile
from jingwei.core.permissions import Actor, Role
from jingwei.rosters.models import Batch
from tests.city import NOW, TODAY, SmallCity

pytestmark = pytest.mark.django_db

# Tables with a column of scope that are under no policy, and why nobody loses by it.
OPEN_TABLES = {
    "places_placecode": "reference data, the same for everybody",
    "places_placealias": "reference data, the same for everybody",
    "places_overlaymembership": "reference data, the same for everybody",
    "places_roadrange": "reference data, the same for everybody",
    "places_placechange": "reference data, the same for everybody",
    "bodies_body": "offices are public; who may change them is asked by the services",
    "indicators_target": "what the city aims at, published to all its offices",
    "indicators_confirmation": "which towns confirmed a month stands in the published table",
    "accounts_user": "read before any scope is known; pages filter by reach",
    "accounts_grant": "scope is made of it",
    "core_journalentry": "the chain is proved over every row; the page filters by reach",
    "base_roster_savedview": "a person's own filters, found by user",
}
SCOPE_COLUMNS = ["place_id", "body_id", "county_id", "town_id", "overlay_id", "industry_body_id"]
PRIVILEGES = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]


@pytest.fixture
def admin() -> Iterator[psycopg.Connection]:
    with settings.SERVER.connect(connection.settings_dict["NAME"]) as held:
        yield held


def names(held: psycopg.Connection, query: str, *parameters: object) -> set[str]:
    return {row[0] for row in held.execute(query, parameters).fetchall()}


def test_the_public_role_has_no_privilege_on_any_table_or_column(admin: psycopg.Connection) -> None:
    relations = "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'"
    tables = f"SELECT c.relname {relations} AND c.relkind IN ('r', 'v', 'm', 'p', 'f')"
    assert len(names(admin, tables)) > 30
    for privilege in PRIVILEGES:
        assert names(admin, f"{tables} AND has_table_privilege('jw_public', c.oid, '{privilege}')") == set()
    assert names(admin, f"{tables} AND has_any_column_privilege('jw_public', c.oid, 'SELECT, INSERT, UPDATE')") == set()
    sequences = (
        f"SELECT c.relname {relations}"
        " AND CASE c.relkind WHEN 'S' THEN has_sequence_privilege('jw_public', c.oid, 'USAGE, SELECT, UPDATE') END"
    )
    assert names(admin, sequences) == set()


def test_the_public_role_can_call_none_of_our_functions(admin: psycopg.Connection) -> None:
    ours = "SELECT p.proname FROM pg_proc p WHERE pg_get_userbyid(p.proowner) = 'jw_owner'"
    assert "jw_entity_search" in names(admin, ours)
    assert names(admin, f"{ours} AND has_function_privilege('jw_public', p.oid, 'EXECUTE')") == set()


def test_the_public_role_may_not_even_enter_the_schema(admin: psycopg.Connection) -> None:
    for right in ("USAGE", "CREATE"):
        assert admin.execute("SELECT has_schema_privilege('jw_public', 'public', %s)", [right]).fetchone() == (False,)


@pytest.mark.parametrize("table", ["accounts_user", "base_roster_entity", "core_journalentry", "places_place"])
def test_a_log_in_as_the_public_role_reads_nothing(table: str) -> None:
    server = settings.SERVER
    with (
        psycopg.connect(
            host=server.host, port=server.port or None, dbname=connection.settings_dict["NAME"], user="jw_public",
            password=settings.SECRETS["jw_public"],
        ) as held,
        pytest.raises(psycopg.Error),
    ):  # fmt: skip
        held.execute(f"SELECT 1 FROM public.{table}")


def test_the_roles_of_the_application_own_nothing(admin: psycopg.Connection) -> None:
    owned = """
    SELECT c.relname FROM pg_class c WHERE pg_get_userbyid(c.relowner) = ANY(%(roles)s)
    UNION ALL SELECT p.proname FROM pg_proc p WHERE pg_get_userbyid(p.proowner) = ANY(%(roles)s)
    UNION ALL SELECT n.nspname FROM pg_namespace n WHERE pg_get_userbyid(n.nspowner) = ANY(%(roles)s)
    UNION ALL SELECT d.datname FROM pg_database d WHERE pg_get_userbyid(d.datdba) = ANY(%(roles)s)
    """
    assert admin.execute(owned, {"roles": ["jw_staff", "jw_public"]}).fetchall() == []


def test_the_roles_of_the_application_have_no_power_over_the_server(admin: psycopg.Connection) -> None:
    powers = "rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication"
    assert names(admin, f"SELECT rolname FROM pg_roles WHERE rolname LIKE 'jw\\_%%' AND ({powers})") <= {"jw_superuser"}
    members = (
        "SELECT m.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member WHERE m.rolname LIKE 'jw\\_%%'"
    )
    assert names(admin, members) == set()


def test_every_table_with_a_column_of_scope_is_under_a_policy_or_listed_with_its_reason(
    admin: psycopg.Connection,
) -> None:
    scoped = names(
        admin,
        "SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = ANY(%s)",
        SCOPE_COLUMNS,
    )
    secured = names(
        admin,
        "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE c.relrowsecurity",
    )
    assert scoped - secured == set(OPEN_TABLES) & scoped
    assert set(OPEN_TABLES) <= scoped | {"base_roster_savedview"}


def store_one(city: SmallCity) -> None:
    """One entity and one batch in a town."""
    file = StoredFile.objects.create(sha256="0" * 64, name="市场监管.csv", size=1, received_at=NOW, received_by="x")
    Batch.objects.create(file=file, as_of=TODAY, place=city.town, created_at=NOW, created_by="x")
    Entity.objects.create(
        name="安澜某公司", roster="enterprise", legal_form="enterprise", ownership="unknown", state="active",
        screening="unknown", place=city.town, town=city.town, county=city.county, as_of=TODAY, rulebook_version="1",
        computed_at=NOW,
    )  # fmt: skip


def visible(actor: Actor) -> tuple[int, int]:
    with acting(actor):
        return Entity.objects.count(), Batch.objects.count()


def test_rows_are_visible_within_the_scope_and_nowhere_else(small_city: SmallCity) -> None:
    with acting(small_city.actor(Role.CLERK, place=small_city.city)):
        store_one(small_city)
    seen = {
        "city": visible(small_city.actor(Role.CLERK, place=small_city.city)),
        "county": visible(small_city.actor(Role.CLERK, place=small_city.county)),
        "town": visible(small_city.actor(Role.TOWN_ORGANIZER, place=small_city.town)),
        "other town": visible(small_city.actor(Role.TOWN_ORGANIZER, place=small_city.other_town)),
        "other county": visible(small_city.actor(Role.CLERK, place=small_city.other_county)),
        "committee": visible(small_city.actor(Role.INDUSTRY_OFFICER, body=small_city.industry)),
        "administrator": visible(small_city.actor(Role.ADMINISTRATOR, place=small_city.city)),
        "member": visible(small_city.actor(Role.MEMBER, place=small_city.city)),
        "nobody": visible(Actor(user_id=None, name="访客")),
    }
    assert {who for who, counts in seen.items() if counts == (1, 1)} == {"city", "county", "town"}
    assert {counts for who, counts in seen.items() if who not in ("city", "county", "town")} == {(0, 0)}


def test_an_unset_scope_shows_nothing_and_takes_nothing(small_city: SmallCity) -> None:
    with acting(small_city.actor(Role.CLERK, place=small_city.city)):
        store_one(small_city)
    with connection.cursor() as cursor:
        cursor.execute("RESET jw.everything; RESET jw.places; RESET jw.bodies")
    assert not Entity.objects.exists()
    assert not Batch.objects.exists()
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        store_one(small_city)
