"""Make papers from snapshots, and change the words of a bulletin that is not signed yet."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from jingwei.bulletins import wishes as kept_wishes
from jingwei.bulletins.bulletin_making import make_bulletin
from jingwei.bulletins.form_making import make_form
from jingwei.bulletins.frozen_rows import ground_of
from jingwei.bulletins.models import Paper
from jingwei.bulletins.monthly_making import make_monthly
from jingwei.bulletins.orders import COMPARING, Draft, Order, Wishes, checks_data
from jingwei.bulletins.selectors import last_bulletin, last_numbers
from jingwei.bulletins.services.storing import store_files
from jingwei.bulletins.unit_making import make_ledger, make_sheets, make_should_have
from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission, require_scope
from jingwei.core.refusal import Refused
from jingwei.domain.papers.content import Edition, bulletin_of
from jingwei.domain.papers.own_words import strange_figures
from jingwei.indicators.models import Snapshot
from jingwei.places.models import Place

_MAKERS: dict[str, Callable[[Order], Draft]] = {
    Paper.Kind.BULLETIN: lambda order: make_bulletin(order, last_bulletin(order.place, before=order.snapshot)),
    Paper.Kind.MONTHLY: make_monthly,
    Paper.Kind.SHOULD_HAVE: make_should_have,
    Paper.Kind.FORM_A: lambda order: make_form(order, "form_a"),
    Paper.Kind.FORM_B: lambda order: make_form(order, "form_b"),
    Paper.Kind.LEDGER_C: lambda order: make_ledger(order, "ledger_c"),
    Paper.Kind.FORM_D: lambda order: make_sheets(order, "form_d"),
}


@transaction.atomic
def make(
    *,
    kind: str,
    snapshot: Snapshot,
    compared: Snapshot | None = None,
    place: Place,
    by: Actor,
    on: datetime,
    wishes: Wishes | None = None,
) -> Paper:
    """Make a paper with its files. Made again from the same snapshot it replaces the one before.

    Without ``compared`` a bulletin is compared with the end of the quarter before, a monthly table with the month
    before, if there is a snapshot of it. Raises Refused for a signed paper, a place the kind is not made for, or a
    public edition of a list of units; LayoutError and FontsMissing where the installation lacks something.
    """
    require_scope(by, Permission.BULLETIN_MAKE, place_id=place.pk, owner=place.name)
    wishes = wishes or Wishes()
    _refuse_unfit(kind, place, wishes, snapshot, compared)
    held = _standing(kind, snapshot, place, wishes)
    if kind in COMPARING and compared is None:
        compared = earlier_snapshot(kind, snapshot)
    order = _numbered(Order(kind, ground_of(snapshot, place), compared, by, on, wishes), held)
    return _store(order, _MAKERS[kind](order), held)


def remake(*, paper: Paper, by: Actor, on: datetime) -> Paper:
    """Make a paper again as it was asked for, for instance with a new template. Raises Refused once it is signed."""
    return make(
        kind=paper.kind, snapshot=paper.snapshot, compared=paper.compared, place=paper.place, by=by, on=on,
        wishes=kept_wishes.held_by(paper),
    )  # fmt: skip


@transaction.atomic
def revise(*, paper: Paper, wishes: Wishes, by: Actor, on: datetime) -> Paper:
    """Put other words, numbers of issue or addressees into a bulletin; its figures stay as they are.

    Raises Refused for a signed paper, for other kinds, and for a figure in the new text that the paper does not hold.
    """
    require_scope(by, Permission.BULLETIN_MAKE, place_id=paper.place_id, owner=paper.place.name)
    if paper.kind != Paper.Kind.BULLETIN:
        raise Refused("只有通报的文字可以修改。")
    _refuse_strange_figures(paper, wishes)
    return make(
        kind=paper.kind, snapshot=paper.snapshot, compared=paper.compared, place=paper.place, by=by, on=on,
        wishes=replace(wishes, edition=Edition(paper.content["edition"])),
    )  # fmt: skip


def _refuse_strange_figures(paper: Paper, wishes: Wishes) -> None:
    strange = strange_figures(wishes.next_steps or (), bulletin_of(paper.content["bulletin"]))
    if strange:
        raise Refused(f"文字中的 {'、'.join(strange)} 不在本期数据中。数字以快照为准，请改用表中的数。")


def earlier_snapshot(kind: str, snapshot: Snapshot) -> Snapshot | None:
    """The last revision of the month that a paper of this kind is compared with."""
    month = snapshot.month
    back = (month.month - 1) % 3 + 1 if kind == Paper.Kind.BULLETIN else 1
    index = month.year * 12 + month.month - 1 - back
    wanted = date(index // 12, index % 12 + 1, 1)
    return Snapshot.objects.filter(month=wanted).order_by("-revision").first()


def _refuse_unfit(kind: str, place: Place, wishes: Wishes, snapshot: Snapshot, compared: Snapshot | None) -> None:
    if kind in COMPARING and place.kind not in (Place.Kind.CITY, Place.Kind.COUNTY):
        raise Refused("通报和月度统计表按市或区县生成。")
    if wishes.edition is Edition.PUBLIC and kind not in COMPARING:
        raise Refused("列到单位的名单和年报表没有对外版。")
    if compared is not None and compared.as_of >= snapshot.as_of:
        raise Refused("对比快照应早于本期快照。")


def _standing(kind: str, snapshot: Snapshot, place: Place, wishes: Wishes) -> Paper | None:
    """The paper of the same kind, snapshot, place and edition; Refused once it is signed.

    A form with a sheet a unit is another paper for other units.
    """
    held = Paper.objects.select_for_update().filter(kind=kind, snapshot=snapshot, place=place)
    held = held.filter(content__edition=wishes.edition.value)
    if kind == Paper.Kind.FORM_D:
        held = held.filter(content__wishes__units=list(wishes.units))
    found = held.first()
    if found is not None and found.signed_at is not None:
        raise Refused(f"“{found.title}”已由{found.signed_by}于 {found.signed_at:%Y-%m-%d} 签发，不能重新生成。")
    return found


def _numbered(order: Order, held: Paper | None) -> Order:
    """The order of a bulletin with its numbers of issue: those of the paper it replaces, else the next ones."""
    if order.kind != Paper.Kind.BULLETIN:
        return order
    wishes = kept_wishes.over(kept_wishes.held_by(held), order.wishes) if held else order.wishes
    year = (wishes.issued_on or order.day).year
    issue, total = last_numbers(order.place, year=year, besides=order.snapshot)
    numbered = replace(
        wishes,
        issue=wishes.issue if wishes.issue is not None else issue + 1,
        total_issue=wishes.total_issue if wishes.total_issue is not None else total + 1,
    )
    return replace(order, wishes=numbered)


def _store(order: Order, draft: Draft, held: Paper | None) -> Paper:
    paper = held or Paper(kind=order.kind, snapshot=order.snapshot, place=order.place)
    facts: dict[str, Any] = {
        "title": draft.title[:120],
        "compared": order.compared,
        "issue": draft.issue,
        "content": {**draft.content, "wishes": kept_wishes.as_data(order.wishes)},
        "checks": checks_data(draft.checks),
        "made_at": order.on,
        "made_by": order.by.name,
    }
    for name, value in facts.items():
        setattr(paper, name, value)
    paper.save()
    store_files(paper, draft.files, by=order.by, on=order.on)
    journal.record(
        verb="paper.make", subject_type="paper", subject_id=paper.pk, by=order.by, on=order.on,
        detail={"kind": order.kind, "snapshot": order.snapshot.number, "edition": paper.content["edition"]},
        place_id=order.place.pk,
    )  # fmt: skip
    return paper
