"""What desks and spreadsheets do to codes, names, addresses and dates: one small function per kind."""

from collections.abc import Callable

import numpy as np

from jingwei.demo.city import words
from jingwei.demo.city.calendar import day_of
from jingwei.demo.city.mess import Mess
from jingwei.demo.city.noise import Flags, Ints, Noise, Texts

Change = Callable[[str, int], str]
"""A text and a large random number, to the text after the damage."""

_LETTERS = "ABCDEFGHJKLMNPQRTUWXY"
_LOOK_ALIKES = {"0": "O", "1": "I", "5": "S", "2": "Z"}
_PLACEHOLDERS = ("无", "/", "0", "暂无")
_TO_FULL_BRACKETS = str.maketrans("()", "（）")
_REMARKS = ("（新）", "（个体）", "(分店)", "（总部）", "门店", "（停业）", "-1")
_BAD_DATES = ("2019-02-30", "1900-01-00", "长期", "2018-13-01", "0000-00-00", "不详", "20151032")
_NOT_COUNTS = ("约{}人", "{}余人", "—", "{}人左右", "未统计")


def changed(values: Texts, chosen: Flags, change: Change, salt: Ints) -> Texts:
    """The values, with `change` applied to the chosen ones."""
    rows = np.flatnonzero(chosen)
    if not len(rows):
        return values
    result = values.copy()
    for row in rows:
        result[row] = change(values[row], int(salt[row]))
    return result


def salt_of(noise: Noise, what: str, ids: Ints) -> Ints:
    """A large number per row for the changes to draw on."""
    return (noise.bits(f"{what} salt", ids) >> np.uint64(2)).astype(np.int64)


def damaged_codes(values: Texts, noise: Noise, mess: Mess, department: str, ids: Ints) -> Texts:
    """At most one kind of damage per code."""
    kinds: tuple[tuple[float, Change], ...] = (
        (mess.code_typo, mistyped),
        (mess.code_look_alike, mistaken),
        (mess.code_placeholder, lambda _, salt: _PLACEHOLDERS[salt % len(_PLACEHOLDERS)]),
        (mess.code_missing, lambda _, __: ""),
        (mess.code_dressed, dressed),
    )
    draw, salt = noise.uniform("code damage", ids), salt_of(noise, "code", ids)
    start = 0.0
    for rate, change in kinds:
        end = start + mess.scaled(department, rate)
        values = changed(values, (draw >= start) & (draw < end), change, salt)
        start = end
    return values


def damaged_names(values: Texts, noise: Noise, mess: Mess, department: str, ids: Ints) -> Texts:
    kinds: tuple[tuple[str, float, Change], ...] = (
        ("short", mess.name_short, shortened),
        ("suffix", mess.name_suffix, lambda name, salt: name + _REMARKS[salt % len(_REMARKS)]),
        ("typo", mess.name_typo, misspelt),
        ("traditional", mess.name_traditional, lambda name, _: name.translate(words.TRADITIONAL)),
        ("width", mess.name_width, stretched),
        ("truncated", mess.name_truncated, lambda name, salt: name[: max(6, len(name) - 2 - salt % 3)]),
    )
    for what, rate, change in kinds:
        chosen = noise.chance(f"name {what}", ids, mess.scaled(department, rate))
        values = changed(values, chosen, change, salt_of(noise, f"name {what}", ids))
    return values


def damaged_addresses(values: Texts, noise: Noise, mess: Mess, department: str, ids: Ints) -> Texts:
    wide = noise.chance("address width", ids, mess.scaled(department, mess.address_width))
    values = changed(values, wide, respelt, salt_of(noise, "address", ids))
    missing = noise.chance("address missing", ids, mess.scaled(department, mess.address_missing))
    return np.where(missing, "", values)


def dates(days: Ints, noise: Noise, mess: Mess, ids: Ints) -> Texts:
    """Dates, mostly as 2019-03-05."""
    values = np.array([day_of(day).isoformat() for day in days.tolist()], dtype=object)
    salt = salt_of(noise, "date", ids)
    values = changed(values, noise.chance("odd date", ids, mess.odd_date), rewritten, salt)
    bad = noise.chance("bad date", ids, mess.bad_date)
    return changed(values, bad, lambda _, salt: _BAD_DATES[salt % len(_BAD_DATES)], salt)


def counts(numbers: Ints, noise: Noise, mess: Mess, ids: Ints) -> Texts:
    """Head counts as text, a few of them no numbers."""
    values = np.array([str(number) for number in numbers.tolist()], dtype=object)
    salt = salt_of(noise, "count", ids)
    bad = noise.chance("not a count", ids, mess.not_a_count)
    return changed(values, bad, lambda text, salt: _NOT_COUNTS[salt % len(_NOT_COUNTS)].format(text), salt)


def estimated(numbers: Ints, noise: Noise, mess: Mess, ids: Ints) -> Ints:
    """Head counts as another department keeps them: some off by up to a fifth."""
    off = noise.chance("differs", ids, mess.staff_differs)
    factor = np.where(off, 0.8 + 0.4 * noise.uniform("by", ids), 1.0)
    return np.maximum(np.round(numbers * factor).astype(np.int64), np.minimum(numbers, 1))


def mistyped(code: str, salt: int) -> str:
    """One character replaced by another of its kind."""
    if not code:
        return code
    at, other = salt % len(code), salt // 64
    if code[at].isdigit():
        new = str((int(code[at]) + 1 + other % 9) % 10)
    else:
        rest = _LETTERS.replace(code[at], "")
        new = rest[other % len(rest)]
    return code[:at] + new + code[at + 1 :]


def mistaken(code: str, salt: int) -> str:
    """One digit written as the letter it looks like."""
    found = [at for at, character in enumerate(code) if character in _LOOK_ALIKES]
    if not found:
        return code
    at = found[salt % len(found)]
    return code[:at] + _LOOK_ALIKES[code[at]] + code[at + 1 :]


def dressed(code: str, salt: int) -> str:
    """The same code in another dress."""
    looks = (code.lower(), f"'{code}", f" {code}", f"{code[:8]} {code[8:]}", code.translate(words.FULL_WIDTH))
    return looks[salt % len(looks)]


def scientific(code: str, salt: int) -> str:
    """An all-digit code as a spreadsheet shows it, or with the digits it could not hold as zeros."""
    if not (code.isascii() and code.isdigit()):
        return code
    return f"{int(code):.5E}" if salt % 2 or len(code) < 16 else code[:15] + "0" * (len(code) - 15)


def shortened(name: str, salt: int) -> str:
    """Place prefix left out, or the legal ending cut down."""
    if salt % 3 == 0:
        for prefix in (words.PROVINCE, words.CITY, words.PROVINCE[:-1], words.CITY_SHORT):
            if name.startswith(prefix):
                return name.removeprefix(prefix)
    if salt % 3 == 1 and name.endswith("有限公司"):
        return name.removesuffix("有限公司").removesuffix("集团").removesuffix("股份") + "公司"
    return name.replace("有限责任公司", "").replace("股份有限公司", "").replace("有限公司", "")


def misspelt(name: str, salt: int) -> str:
    """A character mistaken for a similar one; dropped or doubled where none is similar."""
    similar = name.translate(words.CONFUSED)
    found = [at for at, character in enumerate(name) if similar[at] != character]
    at = salt // 8 % max(len(name), 1)
    if salt % 8 == 0:
        return name[:at] + name[at + 1 :]
    if salt % 8 == 1 or not found:
        return name[: at + 1] + name[at:]
    at = found[salt // 8 % len(found)]
    return name[:at] + similar[at] + name[at + 1 :]


def stretched(name: str, salt: int) -> str:
    """Brackets of the other width, or stray blanks."""
    looks = (name.translate(_TO_FULL_BRACKETS), f"{name} ", f" {name}", f"{name[:4]} {name[4:]}", name + "\u3000")
    return looks[0] if "(" in name else looks[1 + salt % 4]


def respelt(address: str, salt: int) -> str:
    """Full-width digits, # for 号, traditional characters, a blank before the number."""
    looks = (
        address.translate(words.FULL_WIDTH),
        address.replace("号", "#", 1),
        address.translate(words.TRADITIONAL),
        address.replace("市", "市 ", 1),
    )
    return looks[salt % len(looks)]


def rewritten(text: str, salt: int) -> str:
    """A date in another notation."""
    year, month, day = (int(part) for part in text.split("-"))
    looks = (
        f"{year}/{month}/{day}",
        f"{year}年{month}月{day}日",
        f"{year}{month:02}{day:02}",
        f"{year}.{month:02}.{day:02}",
        f"{text} 00:00:00",
    )
    return looks[salt % len(looks)]
