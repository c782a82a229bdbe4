"""The embedded server listens on a private socket only and takes nobody in without the right password."""

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psycopg
import pytest

from jingwei.core.database import ROLES, DatabaseRefused, Server, prepare_database
from tests.core.own_server import embedded_of, own_server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with own_server() as server:
        embedded = embedded_of(server)
        embedded.ensure_running()
        prepare_database(embedded.instance, server)
        yield server


def as_role(server: Server, role: str) -> Server:
    return replace(server, admin=role, password=embedded_of(server).instance.secrets()[role])


@pytest.mark.parametrize("role", ROLES)
def test_each_role_logs_in_with_its_own_password(server: Server, role: str) -> None:
    with as_role(server, role).connect() as connection:
        assert connection.execute("SELECT current_user").fetchone() == (role,)


@pytest.mark.parametrize("role", ["jw_superuser", *ROLES])
@pytest.mark.parametrize("password", ["", "wrong"])
def test_a_wrong_password_is_refused(server: Server, role: str, password: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        replace(server, admin=role, password=password).connect()


def test_every_door_asks_for_scram_and_every_password_is_kept_that_way(server: Server) -> None:
    with server.connect() as connection:
        methods = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
        kept = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolcanlogin").fetchall()
    assert methods == [("scram-sha-256",)]
    assert len(kept) == len(ROLES) + 1
    assert all(password.startswith("SCRAM-SHA-256$") for (password,) in kept)


def test_nothing_listens_on_the_network_and_the_socket_folder_is_private(server: Server) -> None:
    with server.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    folder = embedded_of(server).socket_dir
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_first_password_is_left_in_no_file(server: Server) -> None:
    embedded = embedded_of(server)
    secret = embedded.instance.secrets()["superuser"].encode()
    files = [path for path in embedded.home.rglob("*") if path.is_file() and path != embedded.instance.secrets_file]
    assert len(files) > 100
    assert [path for path in files if secret in path.read_bytes()] == []


def test_only_the_roles_of_the_application_enter_its_database(server: Server) -> None:
    with server.connect() as connection:
        granted = connection.execute(
            "SELECT grantee::regrole::text, privilege_type FROM pg_database, aclexplode(datacl)"
            " WHERE datname = current_database() AND grantee <> datdba"
        ).fetchall()
    assert {role for role, _ in granted} == {"jw_staff", "jw_public"}
    assert {privilege for role, privilege in granted if role == "jw_public"} == {"CONNECT"}
    assert {privilege for _, privilege in granted} <= {"CONNECT", "TEMPORARY"}


def test_preparing_again_changes_nothing_and_keeps_the_data(server: Server) -> None:
    def described() -> list[tuple[object, ...]]:
        with server.connect() as connection:
            return [
                *connection.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles ORDER BY 1").fetchall(),
                *connection.execute("SELECT datname, datacl FROM pg_database ORDER BY 1").fetchall(),
                *connection.execute(
                    "SELECT defaclobjtype, defaclacl::text FROM pg_default_acl ORDER BY 1, 2"
                ).fetchall(),
                *connection.execute("SELECT extname FROM pg_extension ORDER BY 1").fetchall(),
                *connection.execute("SELECT nspname, nspacl FROM pg_namespace ORDER BY 1").fetchall(),
            ]

    with as_role(server, "jw_owner").connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    before = described()
    prepare_database(embedded_of(server).instance, server)
    assert described() == before
    with as_role(server, "jw_staff").connect() as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(1,)]


def test_preparing_many_times_at_once_is_as_good_as_once(server: Server) -> None:
    instance = embedded_of(server).instance
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(prepare_database, instance, server) for _ in range(12)]:
            assert done.result() is None


def test_an_account_that_is_no_superuser_is_refused_in_plain_words(server: Server) -> None:
    with pytest.raises(DatabaseRefused, match="超级用户"):
        prepare_database(embedded_of(server).instance, as_role(server, "jw_owner"))
