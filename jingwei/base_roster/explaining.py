"""Why an entity is listed as it is: every verdict with its rule, source, reasons and what would change it.

Decided anew at the moment of reading from the very statements that the list columns are computed from,
so that an explanation never differs from the list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jingwei.base_roster.derivation import EVIDENCE_ORDER, Account, Statement, Verdicts, decide
from jingwei.base_roster.models import Entity, Fact
from jingwei.base_roster.reading import corrections_of, standing_corrections, statements_by_entity, whole_roster
from jingwei.base_roster.surroundings import context_of
from jingwei.domain.legal_form import LegalForm
from jingwei.domain.ownership import Ownership, OwnershipVerdict
from jingwei.domain.rulebook import RuleNotInForce, Rules, UnknownRule
from jingwei.domain.screening import Answer, Screening


@dataclass(frozen=True)
class RuleView:
    """A rule as a page shows it: id, its Chinese title, where it stands, whether it is still unconfirmed."""

    id: str
    zh: str
    source: str
    unconfirmed: bool


@dataclass(frozen=True)
class VerdictView:
    """One verdict. ``kind`` is ok, late, warn or unknown; ``change`` names the smallest change, if any."""

    title: str
    kind: str
    result: str
    reasons: tuple[str, ...]
    rule: RuleView | None
    change: str = ""


@dataclass(frozen=True)
class Explained:
    """The verdicts on one entity, the rules they were made by and what they were made from."""

    verdicts: Verdicts
    rules: Rules
    account: Account

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What the lists say, whose word goes first in front."""
        return self.account.ordered


def explain(entity: Entity, *, on: date, facts: Iterable[Fact] | None = None) -> Explained:
    """Decide the entity anew under the rules of the day; four to seven queries, whatever the roster's size.

    ``facts`` are all that are stored about it, where the caller has read them already.
    Needs an open transaction. Whoever may see the entity may know why it stands where it does, even
    where the lists that say so lie outside his scope; he gets sentences, never the lists' rows.
    """
    with whole_roster():
        said = [item for _, items in statements_by_entity([entity.pk]) for item in items]
        known = corrections_of([entity.pk]).get(entity.pk, []) if facts is None else standing_corrections(facts)
        account = Account.of(said, known)
        context = context_of(on, (entity.name, entity.parent_name))
        return Explained(decide(account, context, parent_ownership(entity)), context.rules, account)


def parent_ownership(entity: Entity) -> OwnershipVerdict | None:
    """What a branch office shares with its parent; None for anybody else."""
    if entity.legal_form != LegalForm.BRANCH_OFFICE or entity.parent_id is None:
        return None
    name, value = Entity.objects.values_list("name", "ownership").get(pk=entity.parent_id)
    owned = Ownership(value)
    return OwnershipVerdict(owned, EVIDENCE_ORDER, (f"上级单位“{name}”为{owned.zh}",), ())


def rule_view(rule: str, rules: Rules) -> RuleView | None:
    """A rule of the rulebook, or None for an id that stands in the catalogue of choices alone."""
    try:
        value = rules[rule]
    except (UnknownRule, RuleNotInForce):
        return RuleView(rule, "", "", unconfirmed=False)
    source = value.source
    text = f"《{source.title}》{source.article or ''}，{value.since.isoformat()} 起"
    return RuleView(rule, value.zh, text, value.unconfirmed)


def form_view(verdicts: Verdicts, rules: Rules) -> VerdictView:
    known = verdicts.form.value is not LegalForm.UNKNOWN
    change = "" if known else "补登统一社会信用代码或企业类型即可判定"
    return VerdictView(
        "法律形式", "ok" if known else "unknown", verdicts.form.value.zh, verdicts.form.reasons,
        rule_view(verdicts.form.rule, rules), change,
    )  # fmt: skip


def state_view(verdicts: Verdicts, rules: Rules) -> VerdictView:
    state = verdicts.state
    kind = {True: "ok", False: "late", None: "unknown"}[state.operating]
    change = "市场监管、民政或司法名单带上登记状态即可判定" if state.operating is None else ""
    return VerdictView("登记状态", kind, state.value.zh, state.reasons, rule_view(state.rule, rules), change)


def ownership_view(verdicts: Verdicts, rules: Rules) -> VerdictView:
    owned = verdicts.ownership
    known = owned.value is not Ownership.UNKNOWN
    change = "" if known else "税务登记注册类型、股东或国资名单能定；也可由经办人认定一次，分支机构随之确定"
    reasons = owned.reasons + tuple(f"提示（不作依据）：{hint}" for hint in owned.hints)
    return VerdictView(
        "所有制", "ok" if known else "unknown", owned.value.zh, reasons, rule_view(owned.rule, rules), change
    )


def screening_view(verdicts: Verdicts, rules: Rules) -> VerdictView:
    screened = verdicts.screening
    kind = {Screening.IN: "ok", Screening.OUT: "late", Screening.UNKNOWN: "unknown"}[screened.value]
    parts = (("固定场所", screened.premises), ("职工人数", screened.staff), ("生产经营", screened.activity))
    missing = [title for title, part in parts if part.value is Answer.UNKNOWN]
    change = f"还缺：{'、'.join(missing)}的依据" if missing and kind == "unknown" else ""
    return VerdictView("三有初筛", kind, screened.value.zh, screened.reasons, rule_view(screened.rule, rules), change)


def counting_view(verdicts: Verdicts, rules: Rules) -> VerdictView:
    counted = verdicts.counting
    kind = {"counted": "ok", "pending": "unknown", "excluded": "warn"}[counted.value.value]
    return VerdictView("是否计入底数", kind, counted.value.zh, counted.reasons, rule_view(counted.rule, rules))
