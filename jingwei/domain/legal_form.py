"""Legal form of an entity (R-FORM-01), the parent a branch office hangs on, and its roster.

The first two characters of a valid code give the form; inside the enterprises the name, the registered
capital and the company type tell branch offices and forms without a company apart.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from jingwei.domain.evidence import Evidence
from jingwei.domain.glossary import Labelled
from jingwei.domain.rulebook import Rules
from jingwei.domain.rulebook.words import first_contained, first_ending, fold


class LegalForm(Labelled):
    """What an entity is in law."""

    COMPANY = "company"
    NON_COMPANY_ENTERPRISE = "non_company_enterprise"
    INDIVIDUAL_PROPRIETORSHIP = "individual_proprietorship"
    PARTNERSHIP = "partnership"
    BRANCH_OFFICE = "branch_office"
    REPRESENTATIVE_OFFICE = "representative_office"
    COOPERATIVE = "cooperative"
    SOLE_TRADER = "sole_trader"
    SOCIAL_ASSOCIATION = "social_association"
    PRIVATE_NON_ENTERPRISE = "private_non_enterprise"
    FOUNDATION = "foundation"
    LAW_FIRM = "law_firm"
    LEGAL_SERVICE_OFFICE = "legal_service_office"
    JUSTICE_BODY = "justice_body"
    RELIGIOUS_BODY = "religious_body"
    TRADE_UNION = "trade_union"
    COLLECTIVE_ECONOMIC_ORGANIZATION = "collective_economic_organization"
    STATE_ORGAN = "state_organ"
    PUBLIC_INSTITUTION = "public_institution"
    MASS_ORGANIZATION = "mass_organization"
    UNKNOWN = "unknown"


class Roster(Labelled):
    """The list a form is kept in; branch offices hang on their parent and stand in none of the three."""

    ENTERPRISE = "enterprise"
    SOCIAL = "social"
    SMALL = "small"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FormFacts:
    """Facts about one entity. `uscc` is a valid 18-character code or empty.

    `capital` is the text of the column, "" where the cell is empty, None where no list has the column.
    """

    name: str = ""
    uscc: str = ""
    company_type: str = ""
    capital: str | None = None
    organization_type: str = ""


@dataclass(frozen=True, slots=True)
class FormVerdict:
    """The form, the rule that gave it, Chinese reasons, and for a branch office its possible parents."""

    value: LegalForm
    rule: str
    reasons: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    parent_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Words:
    """The word lists of one day and place, ready for use."""

    by_code: Mapping[str, str]
    by_type: Mapping[str, str]
    by_organization: Mapping[str, str]
    by_ending: Mapping[str, str]
    branch_endings: tuple[str, ...]
    company_endings: tuple[str, ...]
    company_inside: re.Pattern[str]
    parent_inside: re.Pattern[str]
    branch_inside: re.Pattern[str]


_Sign = tuple[LegalForm, str, str]

_OFFICES = frozenset({LegalForm.BRANCH_OFFICE, LegalForm.REPRESENTATIVE_OFFICE})
_ENTERPRISES = frozenset({"91", "93"})
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_ONLY_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")


def decide(facts: FormFacts, rules: Rules) -> FormVerdict:
    """The legal form of an entity from its code, capital, type and name; never raises."""
    words = _words(rules)
    name = fold(facts.name)
    form, rule, reason = _sign(facts, name, words)
    parents = parent_names_of(name, rules) if form is LegalForm.BRANCH_OFFICE else ()
    return FormVerdict(form, rule, (reason,), _evidence(facts), parents)


def parent_names_of(name: str, rules: Rules) -> tuple[str, ...]:
    """Possible parents of a branch office by its name, folded: the legal person first, then offices between.

    Empty when the name does not begin with the name of another body.
    """
    words = _words(rules)
    name = fold(name)
    found = _parent_end(name, words)
    if found is None:
        return ()
    between = [match.end() for match in words.branch_inside.finditer(name, found) if match.end() < len(name)]
    return tuple(dict.fromkeys(name[:end] for end in [found, *between]))


def roster_of(form: LegalForm, rules: Rules, name: str = "") -> Roster:
    """The list an entity of this form is kept in; some agencies registered as firms count as social."""
    roster = Roster(rules.table("form.rosters")[form])
    if roster is Roster.ENTERPRISE and name:
        folded = fold(name)
        if any(word in folded for word in rules.words("form.social_name_words")):
            return Roster.SOCIAL
    return roster


@lru_cache(maxsize=32)
def _words(rules: Rules) -> _Words:
    branch = rules.words("form.branch_endings")
    company = rules.words("form.company_endings")
    parent = rules.words("form.parent_endings")
    return _Words(
        by_code=rules.table("form.by_code"),
        by_type=rules.table("form.by_company_type"),
        by_organization=rules.table("form.by_organization_type"),
        by_ending=rules.table("form.by_name_ending"),
        branch_endings=branch,
        company_endings=company,
        company_inside=_alternation(company),
        # 分公司, 支公司 and 子公司 are no parents' endings, 分厂 is none either.
        parent_inside=re.compile(f"(?<![分支子])(?:{_alternation(parent).pattern})"),
        branch_inside=_alternation(branch),
    )


def _alternation(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def _sign(facts: FormFacts, name: str, words: _Words) -> _Sign:
    prefix = facts.uscc[:2].upper()
    coded = words.by_code.get(prefix)
    if coded and prefix not in _ENTERPRISES:
        form = LegalForm(coded)
        return form, "form.by_code", f"代码前两位 {prefix} 为{form.zh}"
    if not coded and (sign := _by_organization_type(facts, words)):
        return sign
    kind = fold(facts.company_type)
    typed = first_contained(kind, words.by_type) if kind else None
    if sign := _branch_sign(facts, name, typed, words):
        return sign
    if coded == LegalForm.COOPERATIVE:
        return LegalForm.COOPERATIVE, "form.by_code", "代码前两位 93 为农民专业合作社"
    return _enterprise_or_unknown(name, kind, typed, bool(coded), words)


def _by_organization_type(facts: FormFacts, words: _Words) -> _Sign | None:
    found = first_contained(fold(facts.organization_type), words.by_organization)
    if found is None:
        return None
    return LegalForm(found[1]), "form.by_organization_type", f"名单所列类型为“{facts.organization_type}”"


def _branch_sign(facts: FormFacts, name: str, typed: tuple[str, str] | None, words: _Words) -> _Sign | None:
    if typed and typed[1] in _OFFICES:
        return LegalForm(typed[1]), "form.by_company_type", f"企业类型含“{typed[0]}”"
    if name.endswith(words.company_endings):
        return None
    branch = LegalForm.BRANCH_OFFICE
    if end := _text_after(words.company_inside, name):
        return branch, "form.company_endings", f"名称在公司全称之后还有“{name[end:]}”"
    no_capital = facts.capital is not None and _is_empty_or_zero(facts.capital)
    parent = _parent_end(name, words)
    if name.endswith(words.branch_endings) and (parent or no_capital):
        return branch, "form.branch_endings", "名称以分支机构字样结尾"
    if parent and no_capital:
        return branch, "form.parent_endings", f"注册资本为空或为零，名称以上级单位“{name[:parent]}”开头"
    return None


def _enterprise_or_unknown(name: str, kind: str, typed: tuple[str, str] | None, coded: bool, words: _Words) -> _Sign:
    # A code 91 excludes the sole trader and the cooperative, whatever the type column says.
    excluded = {LegalForm.SOLE_TRADER, LegalForm.COOPERATIVE} if coded else set()
    if typed and LegalForm(typed[1]) not in excluded:
        return LegalForm(typed[1]), "form.by_company_type", f"企业类型为“{kind}”"
    ending = first_ending(name, words.by_ending)
    if ending and not (coded and ending[1] not in {LegalForm.COMPANY, LegalForm.PARTNERSHIP}):
        return LegalForm(ending[1]), "form.by_name_ending", f"名称以“{ending[0]}”结尾"
    if coded and "公司" in name:
        return LegalForm.COMPANY, "form.by_code", "代码前两位 91 为企业，名称为公司"
    if coded:
        return LegalForm.NON_COMPANY_ENTERPRISE, "form.by_code", "代码前两位 91 为企业，名称不是公司"
    return LegalForm.UNKNOWN, "form.by_code", "没有有效代码，企业类型和名称也看不出法律形式"


def _text_after(pattern: re.Pattern[str], name: str) -> int | None:
    """End of the first match that more text follows; a place in brackets is part of the name."""
    match = pattern.search(name)
    if match is None or match.end() == len(name) or _ONLY_BRACKETS.fullmatch(name, match.end()):
        return None
    return match.end()


def _parent_end(name: str, words: _Words) -> int | None:
    end = _text_after(words.company_inside, name)
    if end or words.company_inside.search(name):
        return end
    end = _text_after(words.parent_inside, name)
    # 厂 is common inside names (机械厂路…): it ends a parent's name only before a branch ending.
    if end and name[end - 1] == "厂" and not name.endswith(words.branch_endings):
        return None
    return end


def _is_empty_or_zero(capital: str) -> bool:
    text = fold(capital)
    number = _NUMBER.search(text)
    return not text or (number is not None and float(number.group().replace(",", "")) == 0)


def _evidence(facts: FormFacts) -> tuple[Evidence, ...]:
    given = (
        ("uscc", facts.uscc),
        ("company_type", facts.company_type),
        ("capital", facts.capital),
        ("organization_type", facts.organization_type),
        ("name", facts.name),
    )
    return tuple(Evidence(field, text) for field, text in given if text is not None and text != "")
