"""Every rate of the generator in one place: what a city is like, and how often each damage happens.

Fixed before any tuning. The shares of missing and wrong codes are set so that a join on the raw
code finds a little over half of the true pairs; the rest are what practice makes plausible.
A share counts rows to which the damage can happen at all: a name without brackets keeps them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

Shares = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a city is like, as shares of its entities (or of the rows of a list)."""

    sole_trader: float = 0.30  # fewer than in life: they are easy to tell and would hide the firms
    cooperative: float = 0.02  # about one in fifty registrations
    branch: float = 0.07  # a tenth of the firms of a real city list
    sister: float = 0.01  # same owner, same brand with 一/二/三 or 甲/乙
    again: float = 0.004  # de-registered and registered again under the same name
    namesake: float = 0.004  # sole traders who took the name of another one of their town
    clustered: float = 0.02  # firms at shared registered addresses
    agent_phone: float = 0.05  # firms that give their bookkeeping agent's phone
    former: float = 0.04  # firms that changed their name
    former_told: float = 0.0  # share of those whose former name the market list tells
    group: float = 0.01  # firms called a group
    rare: float = 0.03  # brands and persons with a character outside GB2312
    same_owner: float = 0.10  # entities whose person also stands for another entity
    twice: float = 0.005  # rows of a list that stand in it a second time, written anew
    elsewhere: float = 0.02  # rows of tax and insurance whose entity is registered in another city


@dataclass(frozen=True, slots=True)
class Sheets:
    """What the files of a profile are like beyond their cells."""

    encodings: Mapping[str, str] = field(default_factory=dict)
    titles: bool = False  # title row above the header, total row at the end
    repeat_header_every: int = 0  # rows of a page whose header was kept; 0 never
    xlsx: str = ""  # list delivered as xlsx if it is small enough


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of noise: shape of the city, shares of damage by list and group of damage."""

    name: str
    zh: str
    divisions: int
    shape: Shape
    damage: Mapping[str, Mapping[str, Shares]]
    sheets: Sheets


# Shares for the column of codes. The tax list is the best kept after the market list; the insurance
# list is typed by employers and often has no code.
_TAX_CODE: Shares = {
    "code_missing": 0.09,  # temporary tax registrations
    "code_placeholder": 0.05,  # 无, /, 0, 暂无
    "code_slip": 0.05,  # one wrong character, I/O/S/Z for 1/0/5/2 among them
    "code_swap": 0.02,  # two neighbours swapped
    "code_tax15": 0.30,  # of firms before October 2015 whose old tax number was never replaced
    "code_registration": 0.12,  # of firms before October 2015: 注册号 in the column of codes
    "code_case": 0.04,  # lower case, blanks, full width
}
_INSURANCE_CODE: Shares = {
    "code_missing": 0.28,  # the insurance list often identifies by a number of its own
    "code_placeholder": 0.10,  # the same, filled with something
    "code_slip": 0.05,  # as above
    "code_swap": 0.02,  # as above
    "code_tax15": 0.20,  # as above
    "code_registration": 0.08,  # as above
    "code_case": 0.04,  # as above
}
_REGISTER_CODE: Shares = {
    "code_missing": 0.004,  # registers issue the codes and hardly lack them
    "code_slip": 0.002,  # re-typed paper files
    "code_registration": 0.01,  # never converted
    "code_case": 0.003,  # exports of old systems
}
_NAME: Shares = {
    "name_slip": 0.045,  # one character for another of like sound or shape
    "name_bracket": 0.25,  # of names with brackets: left out, one of them lost, half or full width
    "name_width": 0.02,  # blanks and full-width digits
    "place_dropped": 0.05,  # clerks leave out what all their rows begin with
    "place_added": 0.03,  # 省, 市 or 区 in front or behind its short form
    "form_mixed": 0.10,  # of names with one of them: 有限责任公司 and 有限公司
    "form_dropped": 0.03,  # 有限公司 left out
    "name_short": 0.015,  # only brand and first word of the trade
    "name_remark": 0.015,  # （新）, -1, （已迁）, （个体）
}
_PERSON: Shares = {
    "person_missing": 0.06,  # not asked for
    "person_accountant": 0.04,  # who comes to the counter
    "person_slip": 0.02,  # as in names
    "person_changed": 0.03,  # a change that only one office was told of
}
_ADDRESS: Shares = {
    "address_missing": 0.05,  # not asked for
    "address_short": 0.30,  # province, city or district left out
    "address_road": 0.06,  # 路 or 大道 left out, 号 written as #
    "address_order": 0.12,  # 3栋502室 as 3-502, district last in brackets
    "address_other": 0.06,  # where the firm works, not where it is registered
    "address_remark": 0.03,  # （经营场所）, 电话联系
}


def _scaled(shares: Shares, factor: float) -> Shares:
    return {name: share * factor for name, share in shares.items()}


def _damage(name: float, rest: float) -> dict[str, dict[str, Shares]]:
    """The ordinary mess of the lists: `name` and `rest` scale names and everything but codes."""
    lists = {
        "market": {"code": _REGISTER_CODE, "name": _scaled(_NAME, 0.05), "address": _scaled(_ADDRESS, 0.2)},
        "civil": {"code": _REGISTER_CODE, "name": _scaled(_NAME, 0.1), "address": _scaled(_ADDRESS, 0.2)},
        "justice": {"code": _REGISTER_CODE, "name": _scaled(_NAME, 0.1), "address": _scaled(_ADDRESS, 0.2)},
        "tax": {
            "code": _TAX_CODE,
            "name": _scaled(_NAME, 0.8 * name),
            "person": _scaled(_PERSON, rest),
            "address": _scaled(_ADDRESS, rest),
        },
        "insurance": {"code": _INSURANCE_CODE, "name": _scaled(_NAME, name), "address": _scaled(_ADDRESS, rest)},
    }
    return {name: dict(groups) for name, groups in lists.items()}


# What exports break, on top of an ordinary mess of a little over half the desk's.
_EXPORT_CODE: Shares = {
    "code_scientific": 0.25,  # of codes without letters: a spreadsheet took them for numbers
    "code_digits_lost": 0.15,  # of codes without letters: 15 digits kept, zeros behind
    "code_apostrophe": 0.06,  # the spreadsheet's mark for text came along
    "code_blanks": 0.05,  # blanks, tabs and invisible characters inside
}
_EXPORT_NAME: Shares = {
    "name_gbk_loss": 0.6,  # of names with a character outside GB2312
    "name_cut": 0.05,  # fields of 10 to 16 characters
    "name_blanks": 0.04,  # blanks, also wide and invisible ones, inside
    "name_line_break": 0.015,  # Alt+Enter in a cell
}
_EXPORT_CELLS: Shares = {
    "cells_shifted": 0.004,  # one column too far from some cell on
    "cells_merged": 0.006,  # name and code in one cell
    "address_line_break": 0.015,  # Alt+Enter in a cell
}
_BUSINESS_CODE: Shares = {"code_of_parent": 0.35}  # of branches and shops: taxed and insured by the parent
_BUSINESS_NAME: Shares = {
    "name_former": 0.45,  # of firms that changed their name: the office still has the old one
    "name_traditional": 0.02,  # owners from Hong Kong, Macao and Taiwan; old signboards
    "name_group": 0.3,  # of groups: brand + 集团, or brand and trade without 集团股份
}
_BUSINESS_PERSON: Shares = {"person_agent": 0.05}  # the bookkeeping agent signs


def _with(base: dict[str, dict[str, Shares]], more: Mapping[str, Mapping[str, Shares]]) -> dict[str, dict[str, Shares]]:
    """The same lists with further shares; what is added comes first in its group."""
    made = {name: dict(groups) for name, groups in base.items()}
    for name, groups in more.items():
        for group, shares in groups.items():
            made[name][group] = {**shares, **made[name].get(group, {})}
    return made


_BROKEN = {"code": _EXPORT_CODE, "name": _EXPORT_NAME, "cells": _EXPORT_CELLS}
_LIGHT = {group: _scaled(shares, 0.1) for group, shares in _BROKEN.items()}
_PRACTICE = {"code": _BUSINESS_CODE, "name": _BUSINESS_NAME, "person": _BUSINESS_PERSON}

DESK = Profile(
    "desk",
    "案头习惯",
    1,
    Shape(),
    _damage(1.0, 1.0),
    Sheets({"market": "utf-8", "tax": "gb18030", "insurance": "utf-8-sig"}),
)
EXPORT = Profile(
    "export",
    "导出损坏",
    2,
    Shape(rare=0.05),
    _with(_damage(0.6, 0.6), {"tax": _BROKEN, "insurance": _BROKEN, "market": _LIGHT}),
    Sheets(
        {"market": "gb18030", "tax": "utf-8-sig", "insurance": "utf-16", "civil": "gb18030", "justice": "utf-8"},
        titles=True,
        repeat_header_every=4000,
        xlsx="insurance",
    ),
)
BUSINESS = Profile(
    "business",
    "经营实情",
    2,
    replace(
        Shape(),
        branch=0.12,
        sister=0.03,
        again=0.02,
        namesake=0.02,
        clustered=0.12,
        agent_phone=0.3,
        former=0.08,
        former_told=0.6,
        group=0.03,
        twice=0.03,
        elsewhere=0.07,
    ),
    _with(_damage(0.6, 0.6), {"tax": _PRACTICE, "insurance": {**_PRACTICE, "person": {}}}),
    Sheets({"market": "utf-8-sig", "tax": "utf-8", "insurance": "gb18030"}),
)
PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in (DESK, EXPORT, BUSINESS)}

# Sizes of the lists, as shares of the market rows.
TAX_ROWS, INSURANCE_ROWS, CIVIL_ROWS, JUSTICE_ROWS = 0.45, 0.25, 0.03, 0.002
SECOND_SLIP = 0.12  # a row with one slip in a group of columns has another one this much as often
MOST_XLSX_ROWS = 30_000  # above, the list is delivered as CSV: workbooks of that size are not opened by hand
