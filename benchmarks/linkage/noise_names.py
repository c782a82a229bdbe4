"""What happens to names of units and persons."""

from collections.abc import Mapping
from functools import lru_cache
from random import Random

from opencc import OpenCC

from benchmarks.linkage import words
from benchmarks.linkage.about import About, Damage

_REMARKS = ("（新）", "（已迁）", "-1", "（个体）", "（停业）", " 新", "（旧）", "（总部）", "*")
_BLANKS = (" ", " ", "\u3000", "\u200b", "\u00a0")
_TO_HALF = str.maketrans("（）", "()")
_LIMITED, _OLD_LIMITED = "有限公司", "有限责任公司"


def _confusions() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for group in words.CONFUSED:
        for letter in group:
            others = "".join(dict.fromkeys(found.get(letter, "") + group.replace(letter, "")))
            found[letter] = others
    return {letter: others for letter, others in found.items() if others}


_CONFUSED = _confusions()


@lru_cache(maxsize=1)
def _traditional() -> OpenCC:
    return OpenCC("s2t")


def slip(text: str, about: About, draw: Random, /) -> str | None:
    """One character for another of like sound or shape; where there is none, one doubled or left out."""
    places = [at for at, letter in enumerate(text) if letter in _CONFUSED]
    if places:
        at = draw.choice(places)
        return text[:at] + draw.choice(_CONFUSED[text[at]]) + text[at + 1 :]
    at = draw.randrange(len(text))
    return text[:at] + text[at] + text[at:] if draw.random() < 0.5 else text[:at] + text[at + 1 :]


def bracket(text: str, about: About, draw: Random, /) -> str | None:
    """Brackets left out, one of them lost, or of the other width."""
    if "（" not in text:
        return None
    kind = draw.random()
    if kind < 0.4:
        return text.translate(_TO_HALF)
    if kind < 0.7:
        return text.replace("（", "").replace("）", "")
    return text.replace(draw.choice("（）"), "", 1) if kind < 0.9 else text.replace("（", "﹙").replace("）", "﹚")


def width(text: str, about: About, draw: Random, /) -> str | None:
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter.isascii() and letter.isalnum() else letter for letter in text)
    if wide != text:
        return wide
    at = draw.randrange(1, len(text))
    return f"{text[:at]} {text[at:]}"


def place_dropped(text: str, about: About, draw: Random, /) -> str | None:
    place = about["place"]
    return text.removeprefix(place) if place and text.startswith(place) else None


def place_added(text: str, about: About, draw: Random, /) -> str | None:
    """The province or city in front, or the suffix behind a short place."""
    divisions, place = about.city.divisions, about["place"]
    if place == divisions.city[:-1] and text.startswith(place) and not text.startswith(divisions.city):
        return divisions.city + text.removeprefix(place)
    if place == divisions.city:
        return divisions.province + text
    return divisions.city + text if place and place != divisions.province and not about.city.outside[about.at] else None


def form_mixed(text: str, about: About, draw: Random, /) -> str | None:
    if _OLD_LIMITED in text:
        return text.replace(_OLD_LIMITED, _LIMITED)
    return text.replace(_LIMITED, _OLD_LIMITED) if about["form"] == _LIMITED and _LIMITED in text else None


def form_dropped(text: str, about: About, draw: Random, /) -> str | None:
    form = about["form"]
    if len(form) < 4 or not text.endswith(form):
        return None
    return text.removesuffix(form) + draw.choice(("", "", "公司"))


def short(text: str, about: About, draw: Random, /) -> str | None:
    """Brand and the beginning of the trade, as a unit is called in daily life."""
    if len(about["form"]) < 4 or about["branch"]:
        return None
    place = about["place"].rstrip("省市区县") if draw.random() < 0.6 else ""
    return place + about["brand"] + about["trade"][: draw.choice((2, 2, 4))]


def remark(text: str, about: About, draw: Random, /) -> str | None:
    return text + draw.choice(_REMARKS)


def gbk_loss(text: str, about: About, draw: Random, /) -> str | None:
    """What a GB2312 export leaves of characters it does not know."""
    put = draw.choice(("?", "?", "\ufffd", "", "*"))
    made = "".join(letter if _is_common(letter) else put for letter in text)
    return made if made != text else None


@lru_cache(maxsize=8192)
def _is_common(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def cut(text: str, about: About, draw: Random, /) -> str | None:
    """A field of 10 to 16 characters."""
    most = draw.choice((10, 12, 12, 14, 15, 16))
    return text[:most] if len(text) > most else None


def blanks(text: str, about: About, draw: Random, /) -> str | None:
    for _ in range(draw.choice((1, 1, 2))):
        at = draw.randrange(1, len(text) + 1)
        text = text[:at] + draw.choice(_BLANKS) + text[at:]
    return text


def line_break(text: str, about: About, draw: Random, /) -> str | None:
    at = draw.randrange(1, len(text)) if len(text) > 1 else 1
    return text[:at] + "\n" + text[at:]


def former(text: str, about: About, draw: Random, /) -> str | None:
    return about["former"] or None


def traditional(text: str, about: About, draw: Random, /) -> str | None:
    made = str(_traditional().convert(text))
    return made if made != text else None


def group(text: str, about: About, draw: Random, /) -> str | None:
    """A group by its short name: brand and 集团, or brand and trade as one says it."""
    if "集团" not in about["form"] or about["branch"]:
        return None
    brand, trade = about["brand"], about["trade"]
    place = about["place"].rstrip("省市区县")
    return draw.choice((f"{place}{brand}集团", f"{brand}集团", f"{brand}{trade}集团", f"{place}{brand}{trade}"))


def person_slip(text: str, about: About, draw: Random, /) -> str | None:
    at = draw.randrange(1, len(text)) if len(text) > 1 else 0
    others = _CONFUSED.get(text[at]) or "".join(words.GIVEN_CHARACTERS).replace(text[at], "")
    return text[:at] + draw.choice(others) + text[at + 1 :]


def person_missing(text: str, about: About, draw: Random, /) -> str | None:
    return draw.choice(("", "", "无", "/"))


def person_accountant(text: str, about: About, draw: Random, /) -> str | None:
    return draw.choice(about.city.accountants)


def person_agent(text: str, about: About, draw: Random, /) -> str | None:
    """A few agents sign for very many."""
    agents = about.city.accountants
    return agents[int(len(agents) * draw.random() ** 3)]


def person_changed(text: str, about: About, draw: Random, /) -> str | None:
    people = about.city["person"]
    return str(people[draw.randrange(len(people))])


NAME_DAMAGES: dict[str, Damage] = {
    "name_slip": slip,
    "name_bracket": bracket,
    "name_width": width,
    "place_dropped": place_dropped,
    "place_added": place_added,
    "form_mixed": form_mixed,
    "form_dropped": form_dropped,
    "name_short": short,
    "name_remark": remark,
    "name_gbk_loss": gbk_loss,
    "name_cut": cut,
    "name_blanks": blanks,
    "name_line_break": line_break,
    "name_former": former,
    "name_traditional": traditional,
    "name_group": group,
}
PERSON_DAMAGES: dict[str, Damage] = {
    "person_slip": person_slip,
    "person_missing": person_missing,
    "person_accountant": person_accountant,
    "person_agent": person_agent,
    "person_changed": person_changed,
}
