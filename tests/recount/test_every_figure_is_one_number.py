"""A figure is one number: on its page, as the sum of its rows, counted again from the export, in the bulletin.

The rows are exported and counted in DuckDB by readings of the indicators that share nothing with the formulas of the
product. What pages show, what their rows add up to, and what the Word file of a bulletin prints must be that number.
"""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from django.test import Client

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.bulletins import services as bulletins
from jingwei.bulletins.models import Paper
from jingwei.domain import rulebook
from jingwei.domain.indicators import Cut, Definition, Population, Unit, definitions
from jingwei.domain.indicators.cuts import CUTS
from jingwei.domain.papers.content import Part, Source
from jingwei.indicators import selectors
from jingwei.places.models import Place
from tests.accounts.browser import signed_in
from tests.recount.exported import Recounted, recount
from tests.recount.pages import Shown, drilled, number_in, shown_on
from tests.recount.printed import printed
from tests.recount.published import DAY, NOON, PublishedCity, publish_city

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]

COUNTED = [item for item in definitions().values() if item.is_counted]


def test_every_figure_is_one_number(tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    city = publish_city(tmp_path / "city", registered=300)
    recounted = recounted_of(city, tmp_path)
    client = signed_in(User.objects.get(username="clerk"))
    for definition in COUNTED:
        pages_agree(client, definition, city, recounted)
    others_claim_nothing(city)
    live_is_published(city)
    assert bulletins_agree(city, recounted) > 40


def recounted_of(city: PublishedCity, folder: Path) -> Recounted:
    """Count from the export, and see that nothing that the product counts is left out."""
    rules = rulebook.at(DAY, "990100")
    values = {name: rules[name].value for name in rulebook.entries()}
    with acting(city.clerk):
        found = recount(city.snapshot, values, folder)
    wanted = {item.id for item in COUNTED if item.population is not Population.LETTER}
    assert wanted <= found.indicators
    return found


def pages_agree(client: Client, definition: Definition, city: PublishedCity, recounted: Recounted) -> None:
    """Every figure on the pages of an indicator is the recount, and opens to rows that add up to it."""
    shown: set[Shown] = set()
    for cut in CUTS[definition.population]:
        if cut is not Cut.TOTAL:
            shown |= shown_on(client, definition.id, cut, city.snapshot)
    opened = {(figure.cut, figure.member) for figure in shown}
    assert {(cut, member) for name, cut, member in recounted.counting(definition.id)} <= opened
    for figure in shown:
        expected = recounted.number(definition.id, figure.cut, figure.member, figure.part)
        if definition.unit is Unit.PERCENT and not figure.is_piece:
            below = recounted.number(definition.id, figure.cut, figure.member, "denominator")
            assert figure.text == rate(expected, below), figure
            continue
        assert number_in(figure.number) == expected, figure
        if expected and figure.cut is Cut.TOTAL:
            assert drilled(client, figure.address) == (expected, expected), figure
        elif expected:
            assert rows_of(figure, definition, city) == expected, figure


def rows_of(figure: Shown, definition: Definition, city: PublishedCity) -> int:
    """The sum of a figure's rows over all pages, without the pages' look."""
    added, page = Decimal(0), 1
    with acting(city.clerk):
        while True:
            found = selectors.drill(
                actor=city.clerk, snapshot=city.snapshot, indicator=definition.id, part=figure.part, on=DAY,
                cut=figure.cut, member=figure.member, page=page,
            )  # fmt: skip
            added += sum(row.amount for row in found.rows)
            if page >= found.pages:
                assert found.total == added
                return int(added)
            page += 1


def others_claim_nothing(city: PublishedCity) -> None:
    """What lacks a fact, or the earlier month it is compared with, gives no number and says what it lacks."""
    with acting(city.clerk):
        readings = {reading.indicator: reading for reading in selectors.figures(snapshot=city.snapshot)}
    others = [readings[name] for name in definitions().keys() - {item.id for item in COUNTED}]
    assert [item.indicator for item in others if item.value is not None or not item.missing] == []


def live_is_published(city: PublishedCity) -> None:
    """Nothing has changed since the snapshot was taken: what is live is what was published."""
    with acting(city.clerk):
        for cut in Cut:
            live = {(item.indicator, item.member): item for item in selectors.live(actor=city.clerk, on=DAY, cut=cut)}
            for item in selectors.figures(snapshot=city.snapshot, cut=cut):
                now = live.get((item.indicator, item.member))
                found = (now.numerator, now.denominator, now.text, now.beside) if now else None
                assert found == (item.numerator, item.denominator, item.text, item.beside), (cut, item)


def bulletins_agree(city: PublishedCity, recounted: Recounted) -> int:
    """The bulletin of the city and that of each county; returns how many figures they print."""
    compared = 0
    with acting(city.clerk):
        for place in Place.objects.filter(kind__in=[Place.Kind.CITY, Place.Kind.COUNTY]):
            paper = bulletins.make(
                kind=Paper.Kind.BULLETIN, snapshot=city.snapshot, place=place, by=city.clerk, on=NOON
            )
            for source, text in printed(paper):
                # The text writes 6.69%, the table 6.69 under a head that says %.
                assert text.strip().removesuffix("%") == expected_text(source, recounted), (place.name, source, text)
                compared += 1
    return compared


def expected_text(source: Source, recounted: Recounted) -> str:
    """The number that a source stands for, as official prose writes it."""
    cut = Cut(source.cut)
    above, below = (
        recounted.number(source.indicator, cut, source.member, part) for part in ("numerator", "denominator")
    )
    if source.part is Part.PERCENT:
        return rate(above, below).removesuffix("%")
    numbers = {
        Part.NUMERATOR: above,
        Part.DENOMINATOR: below,
        Part.GAP: below - above,
        Part.BESIDE: recounted.number(source.indicator, cut, source.member, source.label) if source.label else 0,
    }
    return f"{numbers[source.part]:,}"


def rate(above: int, below: int) -> str:
    """Per cent with two decimals, halves upwards; a dash where nothing is to be divided by."""
    if not below:
        return "—"
    return f"{(Decimal(above) * 100 / below).quantize(Decimal('0.01'), ROUND_HALF_UP):,}%"
