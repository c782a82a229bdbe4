"""A clerk's desk for tests: invented firms, files made of them, and the way through the intake."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from jingwei.accounts.scope import acting
from jingwei.bodies.models import Body
from jingwei.core.permissions import Actor
from jingwei.domain.lists import ListKind
from jingwei.places.models import Place
from jingwei.rosters import services
from jingwei.rosters.models import Batch, RejectedRow, SourceRecord, SourceUnit
from tests.city import NOW, SmallCity
from tests.domain.uscc.strategies import code_of

SEPTEMBER, OCTOBER = date(2026, 9, 30), date(2026, 10, 30)
HEADER = ("企业名称", "统一社会信用代码", "法定代表人", "住所", "联系电话", "登记状态")


def code(number: int) -> str:
    """A valid code that belongs to nobody."""
    return code_of("91", "990102", f"MA{number:06d}")


def firm(number: int, *, name: str | None = None, uscc: str | None = None, state: str = "存续") -> list[str]:
    return [
        f"安澜市第{number}号机械有限公司" if name is None else name,
        code(number) if uscc is None else uscc,
        f"张甲{number}",
        f"安澜市青岚区书院街道文昌路{number}号",
        f"1390000{number:04d}",
        state,
    ]


def csv_of(rows: Iterable[Sequence[str]], *, header: Sequence[str] = HEADER, encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode(encoding)


@dataclass(frozen=True)
class Desk:
    """Runs the steps as one actor, for one place and body, each in a transaction of its own."""

    city: SmallCity
    actor: Actor
    place: Place | None
    body: Body | None

    def send(
        self,
        content: bytes,
        name: str = "市场监管.csv",
        *,
        as_of: date = OCTOBER,
        kind: ListKind | None = None,
    ) -> Batch:
        with acting(self.actor):
            return services.receive_file(
                source=[content], name=name, list_kind=kind, as_of=as_of, place=self.place, body=self.body,
                by=self.actor, on=NOW,
            )  # fmt: skip

    def check(self, content: bytes, name: str = "市场监管.csv", *, as_of: date = OCTOBER) -> Batch:
        batch = self.send(content, name, as_of=as_of)
        with acting(self.actor):
            services.read(batch=batch, by=self.actor)
            return services.check(batch=batch, by=self.actor)

    def commit(self, batch: Batch) -> Batch:
        with acting(self.actor):
            return services.commit(batch=batch, by=self.actor, on=NOW)

    def bring_in(self, content: bytes, name: str = "市场监管.csv", *, as_of: date = OCTOBER) -> Batch:
        return self.commit(self.check(content, name, as_of=as_of))

    def again(self, batch: Batch) -> Batch:
        with acting(self.actor):
            return Batch.objects.get(pk=batch.pk)


def stored_rows(batch: Batch) -> tuple[list[int], list[int]]:
    """Row numbers of the records and of the refused rows of a batch."""
    records = SourceRecord.objects.filter(batch=batch).order_by("row").values_list("row", flat=True)
    refused = RejectedRow.objects.filter(batch=batch).order_by("row").values_list("row", flat=True)
    return list(records), list(refused)


def units() -> list[tuple[str, int, str, date]]:
    """All source units with name and day of their latest record."""
    found = SourceUnit.objects.order_by("source_key", "number")
    return list(found.values_list("source_key", "number", "last_record__name", "last_as_of"))


def whole_text_of(table: str) -> str:
    """Everything a table holds, as one text."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(string_agg({table}::text, E'\\n'), '') FROM {table}")
        return str(cursor.fetchone()[0])
