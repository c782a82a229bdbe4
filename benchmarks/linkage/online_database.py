"""A scratch database with a register of invented entities, their keys made by the product, and a system's token."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from psycopg import sql

from benchmarks.linkage.online_city import Register
from benchmarks.web import city_id
from benchmarks.web_city import COLUMNS, add_body, add_place, drop_indexes
from jingwei.accounts.models import Grant, User
from jingwei.accounts.scope import acting
from jingwei.core.database import create_database, grant_defaults
from jingwei.core.permissions import Role, local_operator
from jingwei.domain.intake import check_row
from jingwei.domain.linkage.single_keys import Learned, Learning
from jingwei.domain.lists import ListKind
from jingwei.registrations import keying
from jingwei.registrations.founding import Founding
from jingwei.registrations.services import issue_token, keep_basis

DATABASE = "jw_bench_online"
AT_ONCE = 5000
_MANY = 100_000_000


def use_database() -> None:
    """Let this process work on the scratch database."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = DATABASE


def fill(register: Register) -> str:
    """Make the database anew with the register's entities and keys; returns the text of a token."""
    drop()
    with settings.SERVER.connect("postgres") as admin:
        create_database(admin, DATABASE)
    with settings.SERVER.connect(DATABASE) as inside:
        grant_defaults(inside)
    use_database()
    call_command("migrate", database="owner", verbosity=0)
    with connections["owner"].cursor() as cursor:
        place, body = _frame(cursor, register)
        learned = _learn(register)
        _copy_keys(cursor, _entities_copied(cursor, register, place, body), learned)
        cursor.execute("VACUUM ANALYZE")
    with acting(local_operator()):
        keep_basis(learned, on=timezone.now())
        return _token()


def drop() -> None:
    """Give the disk back."""
    for alias in ("default", "owner"):
        connections[alias].close()
    with settings.SERVER.connect("postgres") as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))


def _frame(cursor: Any, register: Register) -> tuple[int, int]:
    with transaction.atomic(using="owner"):
        city = add_place(cursor, None, "city", register.city_name, 0)
        counties = [add_place(cursor, city, "county", name, at) for at, name in enumerate(register.counties)]
        return counties[0], add_body(cursor, "social_work_department", "社会工作部", city, [])


def _learn(register: Register) -> Learned:
    learning, rows = Learning(), register.rows()
    while part := list(islice(rows, AT_ONCE)):
        checked = [check_row(ListKind.MARKET, values) for _, values in part]
        learning.add([(row.name, row.values.get("address"), row.uscc) for row in checked])
    return learning.learned((register.city_name, *register.counties))


def _entities_copied(cursor: Any, register: Register, place: int, body: int) -> Iterator[list[Founding]]:
    """Copy entities, one for each entity of the register, and hand on their founding rows."""
    now, seen, rows = timezone.now(), set[int](), register.rows()
    copy = sql.SQL("COPY base_roster_entity (id, {}) FROM STDIN").format(
        sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
    )
    indexes = drop_indexes(cursor)
    while part := list(islice(rows, AT_ONCE)):
        fresh = [(entity, values) for entity, values in part if not (entity in seen or seen.add(entity))]
        checked = [check_row(ListKind.MARKET, values) for _, values in fresh]
        with cursor.copy(copy) as target:
            for (entity, _), row in zip(fresh, checked, strict=True):
                target.write_row(_entity(entity + 1, row.name or "", row.uscc or "", place, body, now))
        yield [
            Founding(entity + 1, ListKind.MARKET, row, now)
            for (entity, _), row in zip(fresh, checked, strict=True)
            if row.rejected is None
        ]
    for definition in indexes:
        cursor.execute(definition)


def _entity(pk: int, name: str, code: str, place: int, body: int, now: datetime) -> tuple[Any, ...]:
    said = {
        "name": name, "uscc": code, "roster": "enterprise", "legal_form": "company", "ownership": "unknown",
        "state": "existing", "operating": True, "screening": "unknown", "counts_in_base": False, "place_id": place,
        "county_id": place, "body_id": body, "industry_code": "", "sources": 1, "parent_name": "", "road": "",
        "search_name": name, "bigrams": [], "pinyin": "", "initials": "", "as_of": now.date(),
        "rulebook_version": "bench", "computed_at": now,
    }  # fmt: skip
    return (pk, *(said.get(column) for column in COLUMNS))


def _copy_keys(cursor: Any, parts: Iterator[list[Founding]], learned: Learned) -> None:
    """As `services.store_rows`, but into empty tables without an index and past the policies."""
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'registrations_anchorkey'::regclass AND contype = 'p'"
    )
    (primary,) = cursor.fetchone()
    cursor.execute(sql.SQL("ALTER TABLE registrations_anchorkey DROP CONSTRAINT {}").format(sql.Identifier(primary)))
    names = sql.SQL(", ").join(map(sql.Identifier, keying.COLUMNS))
    keys_at = keying.COLUMNS.index("keys")
    for part in parts:
        rows = keying.stored_rows(part, learned)
        with cursor.copy(sql.SQL("COPY registrations_anchor ({}) FROM STDIN").format(names)) as target:
            for row in rows:
                target.write_row(row)
        with cursor.copy("COPY registrations_anchorkey (hash, anchor_id) FROM STDIN") as target:
            for row in rows:
                for key in row[keys_at]:  # type: ignore[attr-defined]
                    target.write_row((key, row[0]))
    cursor.execute("ALTER TABLE registrations_anchorkey ADD PRIMARY KEY (hash, anchor_id)")


def _token() -> str:
    now = timezone.now()
    user = User.objects.create(username="system", name="登记系统", created_at=now)
    Grant.objects.create(
        user=user, role=Role.CLERK, place_id=city_id(), valid=DateRange(timezone.localdate(), None),
        granted_by="bench", granted_at=now,
    )  # fmt: skip
    return issue_token(name="市监登记系统", user=user, by=local_operator(), on=now, per_minute=_MANY)[1]
