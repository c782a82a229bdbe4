"""What a clerk reads on the pages of indicators: every figure with the address of its rows."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from jingwei.domain.indicators import Cut
from jingwei.indicators.models import Snapshot

_LINK = re.compile(r'<a[^>]* href="(/indicators/[^"/]+/rows/\?[^"]*)"[^>]*>([^<]*)</a>')
_ROW = re.compile(r'<td class="identity"><a class="main-link"')
_AMOUNT = re.compile(r'data-label="计入">([^<]*)</td>')
_TOLD = re.compile(r"<b>([0-9,]+)</b>[^<]*明细共 ([0-9,]+) 行")
_PAGE_SIZE = 50


@dataclass(frozen=True)
class Shown:
    """A figure on a page: what it is a part of, what it says, and where its rows are.

    A figure stands for itself (6.69%, 1,248) or as a piece behind the name of its part (三有组织 1,906).
    """

    cut: Cut
    member: str
    part: str
    text: str
    address: str

    @property
    def is_piece(self) -> bool:
        return " " in self.text

    @property
    def number(self) -> str:
        return self.text.rsplit(" ", 1)[-1]


def shown_on(client: Client, indicator: str, cut: Cut, snapshot: Snapshot) -> set[Shown]:
    """Every figure on the page of an indicator: the total and the groups of the cut."""
    answer = client.get(f"/indicators/{indicator}/", {"snapshot": snapshot.number, "cut": cut.value})
    assert answer.status_code == 200
    found = set()
    for link, text in _LINK.findall(answer.content.decode()):
        address = unescape(link)
        asked = parse_qs(urlsplit(address).query)
        member = asked.get("member", [""])[0]
        found.add(Shown(Cut(asked.get("cut", ["total"])[0]), member, asked["part"][0], unescape(text).strip(), address))
    return found


def drilled(client: Client, address: str) -> tuple[int, int]:
    """(the number that the page of rows repeats, the sum over the rows of all its pages)."""
    first = _opened(client, address)
    total, count = (number_in(text) for text in _TOLD.findall(first)[0])
    others = (_opened(client, f"{address}&page={page}") for page in range(2, -(-count // _PAGE_SIZE) + 1))
    return total, sum(map(_added, (first, *others)))


def number_in(text: str) -> int:
    return int(text.replace(",", ""))


def _opened(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def _added(page: str) -> int:
    """What the rows of one page add up to: persons where each row says how many, else one each."""
    amounts = [number_in(text) for text in _AMOUNT.findall(page)]
    return sum(amounts) if amounts else len(_ROW.findall(page))
