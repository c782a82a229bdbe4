"""What an entity is: legal form, roster, ownership, state, the three haves, and whether it counts in the base.

Written from the rule catalogue, with the numbers and word lists of the rulebook; no code of the product.
"""

import re
from dataclasses import dataclass
from typing import Any

from reading import CIVIL, COUNTS, JUSTICE, MARKET, REGISTERS, SOCIAL, TAX, Unit, fold, number_in, sound_code

YES, NO, UNKNOWN = "yes", "no", "unknown"


@dataclass
class Standing:
    """What was decided about one entity; None is unknown, never zero."""

    key: str
    name: str
    code: str
    form: str
    roster: str
    ownership: str
    operating: bool
    screening: str
    counts: bool
    staff: int | None
    full: int | None
    probationary: int | None
    parent: str


def standings(units: list[Unit], rules: dict[str, Any]) -> list[Standing]:
    """Everything about every entity; branch offices take the ownership of their parent."""
    found = [_standing(unit, rules) for unit in units]
    # Of several of one name the living one is the parent.
    owners = {
        fold(item.name): item.ownership
        for item in sorted(found, key=lambda item: item.operating)
        if item.form != "branch_office"
    }
    for item in found:
        above = owners.get(item.parent, UNKNOWN) if item.form == "branch_office" else UNKNOWN
        item.ownership = above if above != UNKNOWN else item.ownership
        item.counts = _counts(item, rules)
    return found


def _standing(unit: Unit, rules: dict[str, Any]) -> Standing:
    name = unit.first("name")
    code = next((sound_code(row.get("code")) for row in unit.rows if sound_code(row.get("code"))), "")
    form, parent = form_of(unit, fold(name), code, rules)
    roster = rules["form.rosters"][form]
    if roster == "enterprise" and any(word in fold(name) for word in rules["form.social_name_words"]):
        roster = "social"
    operating = operating_from(unit.first("state", *REGISTERS), rules)
    haves = (
        _premises(unit),
        _staffed(unit, roster, code, rules),
        _active(unit, operating),
    )
    screening = "out" if NO in haves else "unknown" if UNKNOWN in haves else "in"
    counted = unit.of(COUNTS)[:1]
    return Standing(
        key=unit.key,
        name=name,
        code=code,
        form=form,
        roster=roster,
        ownership=_ownership(unit, form, rules),
        operating=operating is not False,
        screening=screening,
        counts=False,
        staff=_shown_staff(unit),
        full=number_in(counted[0].get("full")) if counted else None,
        probationary=number_in(counted[0].get("probationary")) if counted else None,
        parent=parent,
    )


def _counts(item: Standing, rules: dict[str, Any]) -> bool:
    return item.form in rules["screening.counted_forms"] and item.screening == "in" and item.ownership != "public"


def form_of(unit: Unit, name: str, code: str, rules: dict[str, Any]) -> tuple[str, str]:
    """The legal form, and for a branch office the folded name of its parent where the name tells it."""
    by_code = rules["form.by_code"].get(code[:2], "")
    if by_code and code[:2] not in {"91", "93"}:
        return by_code, ""
    kind = unit.first("kind", CIVIL)
    typed = _first(fold(unit.first("type", *REGISTERS)), rules["form.by_company_type"])
    organized = "" if by_code else _first(fold(kind), rules["form.by_organization_type"])
    if organized:
        return organized, ""
    if typed in {"branch_office", "representative_office"}:
        return typed, _parent(name, rules)
    if _is_branch(unit, name, rules):
        return "branch_office", _parent(name, rules)
    if by_code == "cooperative":
        return by_code, ""
    return _firm(name, typed, bool(by_code), rules), ""


def _firm(name: str, typed: str, is_firm: bool, rules: dict[str, Any]) -> str:
    if typed and not (is_firm and typed in {"sole_trader", "cooperative"}):
        return typed
    ended = next((form for end, form in rules["form.by_name_ending"].items() if name.rstrip(")").endswith(end)), "")
    if ended and (not is_firm or ended in {"company", "partnership"}):
        return ended
    if is_firm:
        return "company" if "公司" in name else "non_company_enterprise"
    return UNKNOWN


def _is_branch(unit: Unit, name: str, rules: dict[str, Any]) -> bool:
    if name.endswith(tuple(rules["form.company_endings"])):
        return False
    if _after_company(name, rules):
        return True
    market = unit.of(MARKET)[:1]
    asked = bool(market) and "capital" in market[0].values
    amount = re.search(r"[0-9][0-9,]*(?:\.[0-9]+)?", market[0].get("capital")) if asked else None
    penniless = asked and (not market[0].get("capital") or bool(amount and float(amount[0].replace(",", "")) == 0))
    has_parent = bool(_parent(name, rules))
    if name.endswith(tuple(rules["form.branch_endings"])):
        return has_parent or penniless
    return has_parent and penniless


def _after_company(name: str, rules: dict[str, Any]) -> str:
    """The name up to a company's legal ending, where more than a remark in brackets follows."""
    ends = [name.find(word) + len(word) for word in rules["form.company_endings"] if word in name]
    # Every 股份有限公司 ends in 有限公司: the longer word ends at the same character.
    end = min(ends, default=0)
    return name[:end] if end and re.sub(r"[(\[][^()\[\]]*[)\]]$", "", name[end:]) else ""


def _parent(name: str, rules: dict[str, Any]) -> str:
    if any(word in name for word in rules["form.company_endings"]):
        return _after_company(name, rules)
    words = "|".join(sorted(map(re.escape, rules["form.parent_endings"]), key=len, reverse=True))
    found = re.search(f"(?<![分支子])(?:{words})", name)
    if found is None or not re.sub(r"[(\[][^()\[\]]*[)\]]$", "", name[found.end() :]):
        return ""
    is_works = name[found.end() - 1] == "厂" and not name.endswith(tuple(rules["form.branch_endings"]))
    return "" if is_works else name[: found.end()]


def _first(text: str, table: dict[str, str]) -> str:
    return next((meaning for word, meaning in table.items() if text and word in text), "")


def operating_from(text: str, rules: dict[str, Any]) -> bool | None:
    """Whether the registration stands; None where nobody says so."""
    state = _first(re.sub(r"[()，,、。;；:：/·—_\-]", "", fold(text)), rules["registration.state_words"])
    return None if state in {"", UNKNOWN} else state in rules["registration.operating_states"]


def _ownership(unit: Unit, form: str, rules: dict[str, Any]) -> str:
    """Tax registration type, then company type, then the legal form; the name tells nothing."""
    for text in (unit.first("type", TAX), unit.first("type", *REGISTERS)):
        said = rules["ownership.tax_codes"].get(fold(text)) or _sided(fold(text), rules["ownership.words"])
        if said:
            return said
    return rules["ownership.by_form"].get(form, UNKNOWN)


def _sided(text: str, words: dict[str, str]) -> str:
    """What a wording says, longer words first; nothing where it says both."""
    sides = set()
    for word in sorted(words, key=len, reverse=True):
        if word in text:
            sides.add(words[word])
            text = text.replace(word, "#")
    sides.discard("undecided")
    return sides.pop() if len(sides) == 1 else ""


def _premises(unit: Unit) -> str:
    return YES if any(row.get("address") for row in unit.of(TAX, SOCIAL)) else UNKNOWN


def _active(unit: Unit, operating: bool | None) -> str:
    if operating is False:
        return NO
    return YES if unit.of(TAX, SOCIAL) else UNKNOWN


def _staffed(unit: Unit, roster: str, code: str, rules: dict[str, Any]) -> str:
    """The tax office counts everybody; the insured and the lawyers are a part, which can prove enough only."""
    least = rules.get(f"screening.min_staff.{roster}")
    if least is None:
        return UNKNOWN
    if roster == "social" and code[4:8] == "0000":
        return YES
    whole = next((count for row in unit.of(TAX) if (count := number_in(row.get("people")))), None)
    part = max((number_in(row.get("people")) or 0 for row in unit.of(SOCIAL, JUSTICE)), default=0)
    if max(whole or 0, part) >= least:
        return YES
    return NO if whole else UNKNOWN


def _shown_staff(unit: Unit) -> int | None:
    for kind in (SOCIAL, TAX, JUSTICE, MARKET):
        counts = [number_in(row.get("people")) for row in unit.of(kind)[:1]]
        if counts and counts[0] is not None:
            return counts[0]
    return None
