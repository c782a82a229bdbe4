"""A script that shares nothing with the product counts the figures from the files; both have to agree."""

import json
import subprocess
import sys
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.domain.indicators import Cut, Unit
from jingwei.indicators.selectors import Reading, figures
from tests.recount.figures import UNKNOWN
from tests.recount.published import DAY, PublishedCity, publish_city

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]

SCRIPT = Path(__file__).with_name("recount.py")
GROUPED = {
    "roster": "roster",
    "form": "legal_form",
    "ownership": "ownership",
    "screening": "screening",
    "coverage_state": "coverage_state",
    "covered_as": "covered_as",
}


def recounted(city: PublishedCity, folder: Path) -> dict[str, Any]:
    """Run the script as anybody would, outside the project's own import path."""
    out = folder / "figures.json"
    arguments = [
        "--lists",
        city.lists,
        "--links",
        city.link(folder / "links"),
        "--places",
        city.places,
        "--bodies",
        city.bodies,
    ]
    command = [sys.executable, "-I", SCRIPT, *arguments, "--as-of", DAY.isoformat(), "--out", out]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return found


def test_every_figure_of_a_published_month_is_recounted_from_the_files(
    tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    city = publish_city(tmp_path / "city", registered=1500)
    told = recounted(city, tmp_path)
    roster_agrees(city, told)
    for cut, code_of in ((Cut.TOTAL, str), (Cut.COUNTY, city.code_of), (Cut.AREA, city.code_of), (Cut.ROSTER, str)):
        figures_agree(city, told["cuts"][cut], cut, code_of)
    organizations_agree(city, told["organizations"])


def roster_agrees(city: PublishedCity, told: dict[str, Any]) -> None:
    with acting(city.clerk):
        assert Entity.objects.count() == told["entities"]
        for group, column in GROUPED.items():
            counted = Entity.objects.values_list(column).annotate(entities=Count("pk"))
            assert dict(counted) == told["groups"][group], group


def figures_agree(
    city: PublishedCity, told: dict[str, dict[str, Any]], cut: Cut, code_of: Callable[[str], str]
) -> None:
    """Every figure that the script counts is the snapshot's, and the other way round."""
    with acting(city.clerk):
        readings = figures(snapshot=city.snapshot, cut=cut)
    by_member: dict[str, dict[str, Reading]] = {}
    for reading in readings:
        by_member.setdefault(code_of(reading.member), {})[reading.indicator] = reading
    differing = [
        f"{cut} {member} {name}: 重算 {figure}，系统 {by_member.get(member, {}).get(name)}"
        for member, figured in told.items()
        for name, figure in figured.items()
        if not is_same(figure, by_member.get(member, {}).get(name))
    ]
    assert differing == []
    known = set().union(*told.values())
    of_entities = {reading.indicator for reading in readings if not reading.missing and reading.numerator is not None}
    of_entities -= {"IND-06", "IND-07", "IND-08", "IND-09", "IND-13", "IND-14"}
    assert {name for name in of_entities if not name.startswith("ORG-")} <= known


def is_same(figure: dict[str, Any], reading: Reading | None) -> bool:
    """Equal parts, equal shares to two decimals, equal numbers beside; a group without rows may be left out."""
    if reading is None:
        return not figure["numerator"] and not figure["denominator"]
    return (
        figure["numerator"] == (reading.numerator or 0)
        and (figure["denominator"] or 0) == (reading.denominator or 0)
        and share(figure) == share_of(reading)
        and all(
            figure["beside"].get(label, figure["beside"][UNKNOWN]) == told for label, told in reading.beside.items()
        )
    )


def share(figure: dict[str, Any]) -> Decimal | None:
    return None if figure["value"] is None else Decimal(str(figure["value"]))


def share_of(reading: Reading) -> Decimal | None:
    if reading.value is None or reading.unit is not Unit.PERCENT:
        return reading.value
    return reading.value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def organizations_agree(city: PublishedCity, told: dict[str, Any]) -> None:
    with acting(city.clerk):
        readings = {reading.indicator: reading for reading in figures(snapshot=city.snapshot, ids=set(told))}
    assert [name for name, figure in told.items() if not is_same(figure, readings[name])] == []
