"""A real PostgreSQL for every test: one migrated template, one copy per worker, the staff role inside."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from jingwei.core.database import create_database, grant_defaults, prepare_database

pytest_plugins = ["tests.fixtures"]

PACKAGE = Path(settings.PACKAGE)
TEMPLATE_LOCK = 7_310_002


def pytest_configure() -> None:
    # whitenoise warns where the folder is missing, and warnings are errors here.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


def schema_key() -> str:
    """Changes whenever a migration or the grants change, so that a stale template is never used."""
    digest = hashlib.sha256()
    sources = [*sorted(PACKAGE.glob("*/migrations/*.py")), PACKAGE / "core/database.py", PACKAGE / "core/rls.py"]
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:10]


def use_database(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def make_template(admin: psycopg.Connection[Any], name: str) -> None:
    """Migrate a database to copy from, unless there is one; the caller holds the lock."""
    finished = admin.execute("SELECT datistemplate FROM pg_database WHERE datname = %s", [name]).fetchone()
    if finished and finished[0]:
        return
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    create_database(admin, name)
    with settings.SERVER.connect(name) as inside:
        grant_defaults(inside)
    use_database(name)
    call_command("migrate", database="owner", verbosity=0)
    connections["owner"].close()
    with settings.SERVER.connect(name) as inside:
        # Django empties tables between tests that commit; the product itself never may.
        inside.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO jw_staff")
    admin.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(name)))
    drop_older_templates(admin, name)


def drop_older_templates(admin: psycopg.Connection[Any], name: str) -> None:
    """A new template stands for another schema: those before it are of no use to anybody."""
    found = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'jw\\_template\\_%'").fetchall()
    for (older,) in found:
        if older != name:
            admin.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE false").format(sql.Identifier(older)))
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(older)))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest, worker_id: str) -> Iterator[None]:
    server = settings.SERVER
    if server.embedded:
        server.embedded.ensure_running()
    prepare_database(settings.INSTANCE, server)
    template, name = f"jw_template_{schema_key()}", f"jw_test_{os.environ.get('JW_TEST_DB', '')}{worker_id}"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with server.connect("postgres") as admin:
            # One lock over both steps, or a session of another schema drops the template in between.
            admin.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
            make_template(admin, template)
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            create_database(admin, name, template)
        with server.connect(name) as inside:
            inside.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO jw_owner, jw_staff, jw_public").format(sql.Identifier(name))
            )
        use_database(name)
        yield
        use_database(server.database)
        with server.connect("postgres") as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(autouse=True)
def plain_settings(settings: pytest.FixtureRequest) -> None:
    settings.STORAGES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def no_job_outlives_its_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that commits leaves its jobs behind: Django does not empty tables that it does not manage."""
    yield
    marker = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(request.fixturenames)
    if commits or (marker is not None and marker.kwargs.get("transaction")):
        forget_jobs()


@pytest.fixture(scope="module", autouse=True)
def no_job_outlives_its_file() -> Iterator[None]:
    """The same for cities that a whole file shares."""
    yield
    if connections["default"].settings_dict["NAME"].startswith("jw_test_"):
        forget_jobs()


def forget_jobs() -> None:
    with settings.SERVER.connect(connections["default"].settings_dict["NAME"]) as admin:
        admin.execute("DELETE FROM procrastinate_jobs")
