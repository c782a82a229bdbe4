"""Names, addresses, persons and phones brought to the forms in which they are compared.

Whole columns at a time: distinct texts are joined, evened out in one pass and cut apart again, so
that a million rows take seconds.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from opencc import OpenCC

from jingwei.domain.intake import is_placeholder
from jingwei.domain.linkage.fold_numerals import numerals

# Forms that only one registered organization of that full name can carry in its area. A 分公司 that
# stands alone is a branch whose parent's form was left out.
_STRONG_FORM = re.compile(
    r"(?:(?:集团|控股)?(?:股份)?有限公司|(?:集团|总)公司|(?<![分支])公司|集团|(?:农民)?(?:专业)?合作社(?:联合社)?"
    r"|合伙企业|事务所|法律服务所|基金会|协会|商会|学会|研究会|促进会|联合会|联谊会|志愿者协会|研究院|研究所|幼儿园|小学|中学|大学"
    r"|学校|学院|医院|养老院|敬老院|服务中心|信用社|联社|银行|交易所)$"
)
_TAIL = re.compile(r"(?:个体工商户|特殊普通合伙|普通合伙|有限合伙|个人独资)$")
_BRANCH_WORD = (
    r"(?:[分支]公司|分[店行所社厂部院校局园]|支行|分中心|分理处|营业[部厅所室]|经营部|经销部|办事处|代表处|联络处|门市部?"
    r"|门店|专卖店|连锁店|服务[部站]|项目部|工程[部处]|销售[部处]|网点|加油站|储蓄所|仓库|店|厂)"
)
# What follows 公司 is a branch whatever it is called; after other forms only the usual words are.
_BRANCH = re.compile(
    r"(?P<head>.*公司)(?P<branch>.{2,})"
    r"|(?P<head2>.*(?:集团|合作社|事务所|服务所|银行|信用社|联社|企业|医院|学校))"
    rf"(?P<branch2>.{{0,24}}?{_BRANCH_WORD})"
)
# A branch with a place of its own, as 青柳路店; a bare 门店 may be a remark.
_NAMED_BRANCH = re.compile(rf"(?=.{{4}}).*{_BRANCH_WORD}")
_NAME_END = re.compile(rf"{_STRONG_FORM.pattern}|{_BRANCH_WORD}$")
# A remark behind a name, as （新）, （已迁出） or -1; a branch in brackets behind a company is none.
_REMARK = re.compile(
    r"(?m)(?:(?<=公司)|(?<=合作社)|(?<=事务所))\([^()\n店部分厂站合]{1,10}\)$"
    r"|\((?:个体|新|旧|总部|筹|停业|歇业|已?注销|已?吊销|已?迁出|已?搬迁)\)$"
    r"|(?<=[店部厅所厂行])\((?:分店|门店|分部)\)$"
    r"|(?<=\w)-\d$"
)
# A place in brackets, as in 腾飞（南昌）科技.
_BRACKETS = re.compile(r"\(([^()]{2,12})\)")

_ADDRESS = re.compile(
    r"(?:中国)?(?P<province>[^省市区县]{2,6}?(?:省|自治区))?"
    r"(?P<city>[^省市区县路街镇乡村]{2,6}?(?:市(?!场)|自治州|地区|盟))?"
    r"(?P<district>[^省市区县路街镇乡村]{1,10}?(?:(?<![小社校厂片宅街库])(?<![业技创态流]园)区|县|市(?!场)|旗))?"
)
_NAME_PLACE = re.compile(
    r"(?P<province>[^省市区县]{2,3}省|[^省市区县]{2,4}自治区)?(?P<city>[^省市区县超门集菜城]{2,3}市(?!场|政|民|区))?"
)
_ROAD = re.compile(r"(?P<road>[^\d号省市区县]{1,14}?(?:大道|大街|路|街|巷|弄|道|里|胡同))(?P<number>\d+(?:-\d+)?)")
_BEFORE_ROAD = re.compile(r"^.*(?:街道办事处|街道|社区|居委会|村委会|[镇乡村园]|大厦|广场|中心|大楼|市场)")
_DISTRICT_LAST = re.compile(r"(?m)^(.*)\(([^()\n]{1,8}[区县市])\)$")
_PLACE_SUFFIX = re.compile(r"(?:自治区|自治州|地区|省|市|区|县|旗|盟)$")
_NOT_TEXT = re.compile(r"[^\w\n]|_")
_NOT_ADDRESS = re.compile(r"[^\w\n\-]|_")
_NOT_DIGIT = re.compile(r"\D+")
_LONG_FORM = "有限责任公司"
SHORTEST_REST = 4
LONGEST_PLACE = 12
_LEAST_PLACE_ROWS = 5
_LEAST_PLACE_SHARE = 0.0003


class NameParts(NamedTuple):
    """A name taken apart. `key` is the whole name evened out; `core` is it without leading places
    and legal form, branch part included; `head` ends where the branch part begins; `numerals` are
    the numbers of the core, which tell sisters apart; `strong` tells whether the legal form makes the
    full name unlikely to occur twice; `placed` whether it names a known place. `form` is the legal
    form the core lacks and `place` the known places it names, '' where there are none.
    """

    key: str
    head: str
    branch: str
    core: str
    numerals: str
    strong: bool
    placed: bool
    form: str
    place: str


class Span(NamedTuple):
    """Where in an evened-out name the characters stand that were in brackets."""

    start: int
    end: int


class FoldedName(NamedTuple):
    """An evened-out name and what of it stood in brackets, nothing of which a remark."""

    text: str
    brackets: tuple[Span, ...]


class AddressParts(NamedTuple):
    """The places an address begins with ('' if it names none) and its site: road and house number,
    or what is left of an address that has no number, where `road` and `house` are ''.
    """

    province: str
    city: str
    district: str
    site: str
    road: str
    house: str


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


def fold_texts(texts: Sequence[str]) -> list[str]:
    """Half width, simplified characters, upper case, without blanks, brackets and punctuation."""
    return _NOT_TEXT.sub("", _even_out(texts)).split("\n") if texts else []


def fold_names(texts: Sequence[str]) -> list[str]:
    """As `fold_texts`, without remarks behind a name."""
    return _NOT_TEXT.sub("", _REMARK.sub("", _even_out(texts))).split("\n") if texts else []


def fold_bracketed_names(texts: Sequence[str]) -> list[FoldedName]:
    """As `fold_names`, with the places where brackets stood."""
    lines = _REMARK.sub("", _even_out(texts)).split("\n") if texts else []
    return [FoldedName(_NOT_TEXT.sub("", line), _brackets(line)) for line in lines]


def _brackets(line: str) -> tuple[Span, ...]:
    if "(" not in line:
        return ()
    starts = [(found, len(_NOT_TEXT.sub("", line[: found.start()]))) for found in _BRACKETS.finditer(line)]
    return tuple(Span(start, start + len(_NOT_TEXT.sub("", found[1]))) for found, start in starts)


def fold_addresses(texts: Sequence[str]) -> list[str]:
    """As `fold_texts`, but 12-3 stays apart from 123, and a district in brackets comes first."""
    ordered = _DISTRICT_LAST.sub(r"\2\1", _even_out(texts))
    return _NOT_ADDRESS.sub("", ordered).split("\n") if texts else []


def _even_out(texts: Sequence[str]) -> str:
    """One text a line."""
    joined = "\n".join(" ".join(text.split()) for text in texts)
    simplified: str = _converter().convert(unicodedata.normalize("NFKC", joined))
    return simplified.upper()


def learn_places(counts: Mapping[str, int], texts: int) -> frozenset[str]:
    """Place names, full and without their suffix, that enough of the addresses or names begin with."""
    least = max(_LEAST_PLACE_ROWS, texts * _LEAST_PLACE_SHARE)
    places = {place for place, count in counts.items() if count >= least}
    short = {_PLACE_SUFFIX.sub("", place) for place in places}
    return frozenset(places | {place for place in short if len(place) >= 2})


def split_name(folded: str, places: frozenset[str], brackets: Sequence[Span] = ()) -> NameParts:
    """Take an evened-out name apart; see `NameParts`.

    A place is left out of the core where the name begins with it or, given the `brackets` of
    `FoldedName`, where it stands in brackets behind the brand.
    """
    key = _TAIL.sub("", folded.replace(_LONG_FORM, "有限公司")) or folded
    length = head_length(key)
    head, branch = key[:length], key[length:]
    begin = len(head) - len(_after_places(head, places))
    form = _STRONG_FORM.search(head[begin:])
    end = begin + form.start() if form else len(head)
    bracket = _bracketed_place(folded, places, brackets, begin, end)
    core = head[begin : bracket.start] + head[bracket.end : end]
    is_bare = len(core) < 2
    if is_bare:
        core = head
    return NameParts(
        key=key,
        head=head,
        branch=branch,
        core=core + branch,
        numerals=numerals(core + branch),
        strong=form is not None,
        placed=begin > 0 or bracket.end > bracket.start,
        form="" if is_bare else head[end:],
        place=head[:begin] + head[bracket.start : bracket.end],
    )


def head_length(key: str) -> int:
    """Where the branch part of an evened-out name begins, its length if it has none."""
    found = _BRANCH.fullmatch(key)
    return len(key) if found is None else len(found["head"] or found["head2"])


def _bracketed_place(folded: str, places: frozenset[str], brackets: Sequence[Span], begin: int, end: int) -> Span:
    """The first place in brackets between a brand of two characters and the legal form; else no span."""
    long_form = folded.find(_LONG_FORM)
    last = end if long_form < 0 else min(end, long_form)
    for span in brackets:
        if begin + 2 <= span.start and span.end <= last and folded[span.start : span.end] in places:
            return span
    return Span(end, end)


def leading_places(folded: str) -> tuple[str, str]:
    """The province and the city a name seems to begin with, '' where it names none."""
    found = _NAME_PLACE.match(folded)
    return (found["province"] or "", found["city"] or "") if found else ("", "")


def split_address(folded: str) -> AddressParts:
    """Take an evened-out address apart; see `AddressParts`."""
    found = _ADDRESS.match(folded)
    province, city, district = (group or "" for group in found.groups()) if found else ("", "", "")
    rest = folded[found.end() :] if found else folded
    road, house = _road(rest)
    site = road + house if road else rest if len(rest) >= SHORTEST_REST else ""
    return AddressParts(province, city, district, site, road, house)


def fold_person(folded: str) -> str | None:
    """A person's name fit to be compared, or None: one character or a placeholder proves nothing."""
    return folded if len(folded) >= 2 and not is_placeholder(folded) else None


def fold_phone(raw: str) -> str | None:
    """The digits that identify a phone: a whole mobile number, or the last seven of a landline."""
    digits = _NOT_DIGIT.sub("", unicodedata.normalize("NFKC", raw))
    if digits.startswith("86") and len(digits) == 13:
        digits = digits[2:]
    if len(digits) < 7 or len(set(digits[-7:])) == 1:
        return None
    return digits if len(digits) == 11 and digits.startswith("1") else digits[-7:]


def _road(rest: str) -> tuple[str, str]:
    found = _ROAD.search(rest)
    if found is None:
        return "", ""
    return _BEFORE_ROAD.sub("", found["road"]) or found["road"], found["number"]


def _after_places(name: str, places: frozenset[str]) -> str:
    rest = name
    for _ in range(4):
        for length in range(min(LONGEST_PLACE, len(rest) - 2), 1, -1):
            if rest[:length] in places:
                rest = rest[length:]
                break
        else:
            break
    return rest


def is_whole(key: str) -> bool:
    """Whether an evened-out name ends as names do, so that nothing is missing at its end."""
    return _NAME_END.search(key) is not None


def is_named_branch(text: str) -> bool:
    """Whether what stands behind a parent's name is a branch with a place of its own."""
    return _NAMED_BRANCH.fullmatch(text) is not None
