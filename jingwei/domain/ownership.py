"""非公 / 公有 / 未知 (R-OWN-01): the first source that tells decides, a name is a hint only.

公有 leaves the denominator with its reason; 未知 stays in and is counted beside every rate.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from jingwei.domain.evidence import Evidence
from jingwei.domain.glossary import Labelled
from jingwei.domain.legal_form import LegalForm
from jingwei.domain.rulebook import Rules
from jingwei.domain.rulebook.words import fold


class Ownership(Labelled):
    """Who holds an entity."""

    NON_PUBLIC = "non_public"
    PUBLIC = "public"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Shareholder:
    """One shareholder: what it is (自然人, 国有法人 …) and its share of the capital from 0 to 1, if known."""

    kind: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class OwnershipFacts:
    """Facts about one entity; an empty text or tuple means that no list gave any.

    `on_state_assets_list` is None while the state-assets list was not delivered. `parent_name` is the
    legal person above a branch office, `parent` the verdict on it where there is one.
    """

    name: str
    form: LegalForm
    tax_registration_type: str = ""
    shareholders: tuple[Shareholder, ...] = ()
    on_state_assets_list: bool | None = None
    statistics_control: str = ""
    company_type: str = ""
    parent_name: str = ""
    parent: "OwnershipVerdict | None" = None


@dataclass(frozen=True, slots=True)
class OwnershipVerdict:
    """The verdict. `hints` never decided anything.

    `question_key` groups what is still unknown: a parent and all its branch offices share one key, so
    that one answer settles them together. It is None where nothing is to be asked.
    """

    value: Ownership
    rule: str
    reasons: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    hints: tuple[str, ...] = ()
    question_key: str | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    order: tuple[str, ...]
    classes: Mapping[str, str]
    pattern: re.Pattern[str]
    tax_codes: Mapping[str, str]
    control_codes: Mapping[str, str]
    control_share: float
    by_form: Mapping[str, str]
    hints: re.Pattern[str]


_Finding = tuple[Ownership, str, str, Evidence]

_ORDER, _WORDS, _SHARE, _FORM = (
    "ownership.evidence_order",
    "ownership.words",
    "ownership.control_share",
    "ownership.by_form",
)


def decide(facts: OwnershipFacts, rules: Rules) -> OwnershipVerdict:
    """Ownership by the first source in the order of the rulebook that tells; never raises.

    A branch office has the ownership of its parent; its own sources count only while the parent's is
    unknown. Later sources that disagree are named among the reasons.
    """
    words = _words(rules)
    hints = tuple(dict.fromkeys(words.hints.findall(fold(facts.name))))
    parent = facts.parent if facts.form is LegalForm.BRANCH_OFFICE else None
    if parent is not None and parent.value is not Ownership.UNKNOWN:
        return _inherited(facts, parent, hints)
    findings = [found for step in words.order if (found := _finding(step, facts, words))]
    if not findings:
        return _unknown(facts, hints)
    value, rule, reason, _ = findings[0]
    against = tuple(f"{item[2]}，与此不一致" for item in findings[1:] if item[0] is not value)
    evidence = tuple(item[3] for item in findings)
    return OwnershipVerdict(value, rule, (reason, *against), evidence, hints)


def question_key(name: str) -> str:
    """The key under which one question about the ownership of a body is asked: its folded name."""
    return fold(name)


@lru_cache(maxsize=32)
def _words(rules: Rules) -> _Words:
    classes = rules.table(_WORDS)
    return _Words(
        order=rules.words(_ORDER),
        classes=classes,
        pattern=_alternation(tuple(classes)),
        tax_codes=rules.table("ownership.tax_codes"),
        control_codes=rules.table("ownership.control_codes"),
        control_share=rules.number(_SHARE),
        by_form=rules.table(_FORM),
        hints=_alternation(rules.words("ownership.name_hints")),
    )


def _alternation(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def _inherited(facts: OwnershipFacts, parent: OwnershipVerdict, hints: tuple[str, ...]) -> OwnershipVerdict:
    reason = f"分支机构随上级“{facts.parent_name}”：{parent.value.zh}"
    evidence = (Evidence("parent", facts.parent_name), *parent.evidence)
    return OwnershipVerdict(parent.value, parent.rule, (reason, *parent.reasons), evidence, hints)


def _unknown(facts: OwnershipFacts, hints: tuple[str, ...]) -> OwnershipVerdict:
    asked = facts.parent_name if facts.form is LegalForm.BRANCH_OFFICE else facts.name
    reasons = ["税务、股东、国资、统计和企业类型都没有给出所有制"]
    if hints:
        reasons.append(f"名称含“{'、'.join(hints)}”，只作提示")
    return OwnershipVerdict(
        Ownership.UNKNOWN,
        _ORDER,
        tuple(reasons),
        (),
        hints,
        question_key(asked or facts.name),
    )


def _finding(step: str, facts: OwnershipFacts, words: _Words) -> _Finding | None:
    if step == "shareholders":
        return _by_shareholders(facts.shareholders, words)
    if step == "state_assets_list":
        return _by_state_assets(facts)
    if step == "legal_form":
        return _by_form(facts.form, words)
    text, rule, codes, zh = _texts(facts, words)[step]
    folded = fold(text)
    if folded in codes:
        value: Ownership | None = Ownership(codes[folded])
    else:
        value, rule = _of_wording(folded, words), _WORDS
    if value is None:
        return None
    return value, rule, f"{zh}“{text}”：{value.zh}", Evidence(step, text)


def _texts(facts: OwnershipFacts, words: _Words) -> dict[str, tuple[str, str, Mapping[str, str], str]]:
    tax, control = words.tax_codes, words.control_codes
    return {
        "tax_registration_type": (
            facts.tax_registration_type,
            "ownership.tax_codes",
            tax,
            "税务登记注册类型",
        ),
        "statistics_control": (
            facts.statistics_control,
            "ownership.control_codes",
            control,
            "统计控股情况",
        ),
        "company_type": (facts.company_type, _WORDS, {}, "企业类型"),
    }


def _of_wording(folded: str, words: _Words) -> Ownership | None:
    """What a wording says; None when it says nothing or both."""
    classes = {words.classes[word] for word in words.pattern.findall(folded)} - {"undecided"}
    return Ownership(classes.pop()) if len(classes) == 1 else None


def _by_shareholders(shareholders: tuple[Shareholder, ...], words: _Words) -> _Finding | None:
    if not shareholders:
        return None
    sides = [_of_wording(fold(holder.kind), words) for holder in shareholders]
    text = "、".join(_holder_text(holder) for holder in shareholders)
    value = _controlling(shareholders, sides, words.control_share)
    if value is None:
        return None
    return value, _SHARE, f"股东为{text}：{value.zh}", Evidence("shareholders", text)


def _controlling(
    shareholders: tuple[Shareholder, ...], sides: list[Ownership | None], control: float
) -> Ownership | None:
    if None not in sides and len(set(sides)) == 1:
        return sides[0]
    # Whole hundredths of a per cent, so that 0.1 + 0.2 + 0.2 is one half.
    held = {
        side: round(sum(h.share or 0 for h, s in zip(shareholders, sides, strict=True) if s is side), 4)
        for side in Ownership
    }
    if held[Ownership.PUBLIC] >= control:
        return Ownership.PUBLIC
    return Ownership.NON_PUBLIC if held[Ownership.NON_PUBLIC] > control else None


def _holder_text(holder: Shareholder) -> str:
    return holder.kind if holder.share is None else f"{holder.kind} {holder.share:.2%}"


def _by_state_assets(facts: OwnershipFacts) -> _Finding | None:
    # Not being on the list proves nothing: it holds the firms of one owner.
    if not facts.on_state_assets_list:
        return None
    evidence = Evidence("state_assets_list", facts.name)
    return Ownership.PUBLIC, _ORDER, "列入国资监管企业名单：公有", evidence


def _by_form(form: LegalForm, words: _Words) -> _Finding | None:
    if form not in words.by_form:
        return None
    value = Ownership(words.by_form[form])
    reason = f"法律形式为{form.zh}，按{value.zh}计"
    return value, _FORM, reason, Evidence("legal_form", form.value)
