"""What is not in order with a Party organization (C-056): each finding with its rule and the next step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from jingwei.domain.coverage.organization_kind import OrganizationForm, OrganizationLevel
from jingwei.domain.coverage.parameters import article
from jingwei.domain.glossary import Labelled
from jingwei.domain.rulebook import Rules

_SHARED = (OrganizationForm.JOINT, OrganizationForm.ATTACHED)


class OrganizationFinding(Labelled):
    """The kinds of findings, in the order in which they are shown."""

    NO_SUPERIOR = "no_superior"
    FORM_UNKNOWN = "form_unknown"
    FORM_CONFLICT = "form_conflict"
    TOO_MANY_UNITS = "too_many_units"
    TOO_FEW_MEMBERS = "too_few_members"
    UNIT_CLOSED = "unit_closed"
    NAME_UNMATCHED = "name_unmatched"
    TERM_UNKNOWN = "term_unknown"


@dataclass(frozen=True, slots=True)
class CoveredFacts:
    """A unit that the list names. Counts of None are unknown; ``settled`` says that nobody has to look any more
    which entity is meant, or whether the roster holds it at all.
    """

    name: str
    settled: bool
    full_members: int | None = None
    probationary_members: int | None = None
    operating: bool | None = None

    @property
    def members(self) -> int | None:
        """Full and probationary members; None while the full ones are unknown."""
        return None if self.full_members is None else self.full_members + (self.probationary_members or 0)


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """One organization on one day. ``superior_text`` is what the list writes, resolved to a body or not."""

    name: str
    form: OrganizationForm
    level: OrganizationLevel
    superior_known: bool
    superior_text: str = ""
    form_text: str = ""
    founded_on: date | None = None
    units: tuple[CoveredFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what was found and what to do next, in Chinese; ``rule`` is "" where no number decides.

    ``serious`` findings ask for work on the organization, the others for better data.
    """

    kind: OrganizationFinding
    text: str
    advice: str
    rule: str = ""
    article: str = ""
    serious: bool = True


def findings_of(facts: OrganizationFacts, rules: Rules) -> tuple[Finding, ...]:
    """Everything found with an organization under the rules of the day, in the order of the kinds.

    What is not known is no finding about members: only a known count can be too small.
    """
    found = [finding for check in _CHECKS for finding in check(facts, rules)]
    order = list(OrganizationFinding)
    return tuple(sorted(found, key=lambda finding: order.index(finding.kind)))


def _superior(facts: OrganizationFacts, _: Rules) -> Iterator[Finding]:
    if facts.superior_known:
        return
    if facts.superior_text:
        text = f"名册所写上级“{facts.superior_text}”在机构中没有找到，或不止一个"
        advice = "核对上级党组织名称；机构已更名或新设的，先在“机构”中登记"
    else:
        text, advice = "没有写明上级党组织", "请报送单位补填上级党组织"
    yield Finding(OrganizationFinding.NO_SUPERIOR, text, advice)


def _form(facts: OrganizationFacts, rules: Rules) -> Iterator[Finding]:
    if facts.form is OrganizationForm.UNKNOWN:
        said = f"所写组建方式“{facts.form_text}”无法识别" if facts.form_text else "没有写明组建方式"
        yield Finding(
            OrganizationFinding.FORM_UNKNOWN, said, "请报送单位按单独、联合、挂靠、功能型等写明", serious=False
        )
    number = len(facts.units)
    if facts.form is OrganizationForm.INDEPENDENT and number > 1:
        yield Finding(
            OrganizationFinding.FORM_CONFLICT,
            f"组建方式为单独组建，却覆盖 {number} 个单位",
            "核对覆盖单位；确为几个单位共建的，改为联合组建",
        )
    if facts.form is OrganizationForm.JOINT and number == 1:
        yield Finding(
            OrganizationFinding.FORM_CONFLICT,
            "组建方式为联合组建，只列了 1 个覆盖单位",
            "补填其余覆盖单位；只有一个单位的，改为单独组建",
        )
    yield from _borrowed(facts, rules)


def _borrowed(facts: OrganizationFacts, rules: Rules) -> Iterator[Finding]:
    """Forms that are not made for what they are used for."""
    if facts.form is OrganizationForm.FUNCTIONAL:
        least = rules["branch.min_full_members"]
        for unit in facts.units:
            if unit.full_members is not None and unit.full_members >= rules.number(least.id):
                yield Finding(
                    OrganizationFinding.FORM_CONFLICT,
                    f"功能型党支部只计工作覆盖，“{unit.name}”有正式党员 {unit.full_members} 名，应当单独成立党支部",
                    "指导该单位成立党支部；功能型党支部不转接组织关系，不能代替",
                    least.id,
                    article(least.id, rules),
                )
    if facts.form is OrganizationForm.TEMPORARY and "流动" in facts.name:
        barred = rules["branch.temporary_may_not"]
        yield Finding(
            OrganizationFinding.FORM_CONFLICT,
            f"流动党员建成临时党支部；临时党支部一般不办理{'、'.join(rules.words(barred.id))}",
            "流动党员较多、相对固定的，改建流动党员党支部",
            barred.id,
            article(barred.id, rules),
        )


def _size(facts: OrganizationFacts, rules: Rules) -> Iterator[Finding]:
    most = rules["branch.joint_max_units"]
    number = len(facts.units)
    if facts.form is OrganizationForm.JOINT and number > rules.number(most.id):
        yield Finding(
            OrganizationFinding.TOO_MANY_UNITS,
            f"联合党支部覆盖 {number} 个单位，一般不超过 {most.value} 个",
            "按地域相邻、行业相近的原则拆分，或逐个单独组建",
            most.id,
            article(most.id, rules),
        )


def _members(facts: OrganizationFacts, rules: Rules) -> Iterator[Finding]:
    if facts.form is not OrganizationForm.INDEPENDENT or len(facts.units) != 1:
        return
    unit = facts.units[0]
    least = rules["branch.min_full_members"]
    if unit.full_members is not None and unit.full_members < rules.number(least.id):
        yield Finding(
            OrganizationFinding.TOO_FEW_MEMBERS,
            f"单独组建，但“{unit.name}”只有正式党员 {unit.full_members} 名，不足 {least.value} 名",
            "核对党员数；确实不足的，与相邻单位联合组建",
            least.id,
            article(least.id, rules),
        )
        return
    rule_id = _LEAST_OF_LEVEL.get(facts.level)
    if rule_id and unit.members is not None and unit.members < rules.number(rule_id):
        bound = rules[rule_id]
        yield Finding(
            OrganizationFinding.TOO_FEW_MEMBERS,
            f"设为{facts.level.zh}，但“{unit.name}”只有党员 {unit.members} 名，不足 {bound.value} 名",
            "核对党员数，或补附上级同意设立的批复",
            rule_id,
            article(bound.id, rules),
            serious=False,
        )


_LEAST_OF_LEVEL = {
    OrganizationLevel.GENERAL_BRANCH: "branch.general_min",
    OrganizationLevel.COMMITTEE: "branch.committee_min",
}


def _units(facts: OrganizationFacts, _: Rules) -> Iterator[Finding]:
    closed = [unit.name for unit in facts.units if unit.operating is False]
    if closed:
        yield Finding(
            OrganizationFinding.UNIT_CLOSED,
            f"所覆盖的{_some(closed)}已不在营",
            "核实后撤销党组织，或从覆盖单位中去掉，并转接党员组织关系",
        )
    unmatched = [unit.name for unit in facts.units if not unit.settled]
    if unmatched:
        yield Finding(
            OrganizationFinding.NAME_UNMATCHED,
            f"{_some(unmatched)}在名册中还没有对上",
            "到“待确定名称”中选定是哪一家；确定之前不计覆盖",
            serious=False,
        )
    if not facts.units:
        yield Finding(OrganizationFinding.NAME_UNMATCHED, "没有列出覆盖单位", "请报送单位补填覆盖单位", serious=False)


def _term(facts: OrganizationFacts, rules: Rules) -> Iterator[Finding]:
    if facts.founded_on is None:
        yield Finding(
            OrganizationFinding.TERM_UNKNOWN, "成立日期不详，无法推算届期", "请报送单位补填成立日期和最近一次换届日期",
            "organization.term_years", serious=False,
        )  # fmt: skip
        return
    years = rules.table("organization.term_years").get(facts.level)
    if years and _anniversary(facts.founded_on, int(years)) <= rules.on:
        yield Finding(
            OrganizationFinding.TERM_UNKNOWN,
            f"成立已满一届（{years} 年），名册没有换届日期，届期不详",
            "请报送单位补报最近一次换届日期",
            "organization.term_years",
            serious=False,
        )


def _some(names: list[str]) -> str:
    """Up to two names, and how many there are."""
    shown = "、".join(f"“{name}”" for name in names[:2])
    return shown if len(names) <= 2 else f"{shown}等 {len(names)} 个单位"


def _anniversary(day: date, years: int) -> date:
    """The same day some years on; the 29th of February falls on the 1st of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


_CHECKS: tuple[Callable[[OrganizationFacts, Rules], Iterator[Finding]], ...] = (
    _superior, _form, _size, _members, _units, _term,
)  # fmt: skip
