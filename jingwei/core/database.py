"""Database roles and grants: owner, staff, public. None of the application's roles owns a table.

``jw_owner`` owns the schema and runs migrations, ``jw_staff`` serves the staff pages under
row-level security, ``jw_public`` is for outer processes and is given nothing by default.
"""

import os
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from jingwei.core.instance import Instance
from jingwei.core.postgres import EmbeddedPostgres

DATABASE = "jingwei"
ROLES = ("jw_owner", "jw_staff", "jw_public")
EXTENSIONS = ("ltree", "pg_trgm", "btree_gist", "btree_gin")
MINIMUM_VERSION = 160000
BUILTIN_LOCALE_VERSION = 170000
PREPARE_LOCK = 7_310_004


class DatabaseRefused(RuntimeError):
    """The configured server does not fit; the message says in Chinese why."""


@dataclass(frozen=True)
class Server:
    """Address of a PostgreSQL server and the account that may create roles on it."""

    host: str
    port: str
    database: str
    admin: str
    password: str
    embedded: EmbeddedPostgres | None = None

    def connect(self, database: str = "") -> psycopg.Connection:
        """Open an autocommit connection as the administrating account."""
        return psycopg.connect(
            host=self.host, port=self.port or None, dbname=database or self.database, user=self.admin,
            password=self.password, autocommit=True, connect_timeout=10,
        )  # fmt: skip


def current_server(instance: Instance) -> Server:
    """Return the server named by ``DATABASE_URL``, else the installation's embedded one."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        embedded = EmbeddedPostgres(instance)
        secret = instance.secrets()["superuser"]
        return Server(str(embedded.socket_dir), "", DATABASE, "jw_superuser", secret, embedded)
    parts = urlsplit(url)
    return Server(
        parts.hostname or "127.0.0.1", str(parts.port or ""), parts.path.lstrip("/") or DATABASE,
        unquote(parts.username or ""), unquote(parts.password or ""),
    )  # fmt: skip


def prepare_database(instance: Instance, server: Server) -> None:
    """Create roles, database, extensions and default grants; safe to repeat."""
    maintenance = "postgres" if server.embedded else server.database
    with server.connect(maintenance) as connection:
        refuse_unfit_server(connection)
        refuse_unfit_account(connection)
        # Two commands at once would alter the same roles, which PostgreSQL refuses. The lock ends with the connection.
        connection.execute("SELECT pg_advisory_lock(%s)", [PREPARE_LOCK])
        create_roles(connection, instance.secrets())
        create_database(connection, server.database)
        with server.connect() as inside:
            refuse_unfit_locale(inside)
            grant_defaults(inside)


def refuse_unfit_server(connection: psycopg.Connection) -> None:
    """Refuse servers before 16, which lack what the schema uses."""
    if connection.info.server_version < MINIMUM_VERSION:
        found = connection.info.parameter_status("server_version")
        raise DatabaseRefused(f"数据库版本 {found} 过旧：需要 17 以上（内置 C.UTF-8），或 16（libc C.UTF-8）。")


def refuse_unfit_account(connection: psycopg.Connection) -> None:
    """Refuse accounts that cannot create roles and set what the roles are granted by default."""
    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if row != (True,):
        raise DatabaseRefused("DATABASE_URL 里的账号须是超级用户：要建立角色、扩展和默认权限。运行时不用它。")


def refuse_unfit_locale(connection: psycopg.Connection) -> None:
    """Refuse locales in which trigram search silently finds nothing in Chinese."""
    row = connection.execute(
        "SELECT pg_encoding_to_char(encoding), datlocprovider, datctype, to_jsonb(d) ->> 'datlocale'"
        " FROM pg_database d WHERE datname = current_database()"
    ).fetchone()
    encoding, provider, ctype, locale = row or ("", "", "", "")
    builtin = provider == "b" and locale == "C.UTF-8"
    libc = provider == "c" and ctype.upper().replace("-", "") == "C.UTF8"
    modern = connection.info.server_version >= BUILTIN_LOCALE_VERSION
    if encoding != "UTF8" or not (builtin if modern else libc):
        wanted = "内置（builtin）C.UTF-8" if modern else "libc C.UTF-8"
        raise DatabaseRefused(
            f"数据库的区域设置为 {ctype or locale}（{encoding}），中文检索会失效；请用 {wanted} 新建数据库。"
        )


def create_roles(connection: psycopg.Connection, secrets: dict[str, str]) -> None:
    """Create the three log-in roles, or give existing ones this installation's passwords."""
    for role in ROLES:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = sql.SQL("ALTER" if known else "CREATE")
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}").format(
                verb, sql.Identifier(role), sql.Literal(secrets[role])
            )
        )


def create_database(connection: psycopg.Connection, name: str, template: str = "template0") -> None:
    """Create a database owned by ``jw_owner`` unless it exists."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER jw_owner TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    )


def grant_defaults(connection: psycopg.Connection) -> None:
    """Let staff use what the owner creates; give the public role and everybody else nothing."""
    for extension in EXTENSIONS:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    name = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO jw_owner, jw_staff, jw_public").format(name))
    # COPY does not go into tables under row-level security: imports go through temporary ones.
    connection.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO jw_staff").format(name))
    for statement in DEFAULT_GRANTS:
        connection.execute(statement)


DEFAULT_GRANTS = (
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT ALL ON SCHEMA public TO jw_owner",
    "GRANT USAGE ON SCHEMA public TO jw_staff",
    "ALTER DEFAULT PRIVILEGES FOR ROLE jw_owner IN SCHEMA public"
    " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO jw_staff",
    "ALTER DEFAULT PRIVILEGES FOR ROLE jw_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO jw_staff",
    # A new function is executable by everybody unless the default is taken away.
    "ALTER DEFAULT PRIVILEGES FOR ROLE jw_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    "ALTER DEFAULT PRIVILEGES FOR ROLE jw_owner IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO jw_staff",
)
