"""Groups of a cut."""

import pytest

from jingwei.domain.indicators import Cut
from jingwei.domain.indicators.cuts import belongs, key, size_bands, tags
from tests.domain.indicators.duck import RULES, firm, table


def members(cut: Cut, *rows: dict[str, object]) -> list[str]:
    own = key(cut, RULES)
    found = table(rows).execute(f"SELECT {own.for_duckdb} FROM rows", own.parameters).fetchall()
    return [row[0] for row in found]


def test_staff_falls_into_bands_and_unknown_staff_into_none() -> None:
    rows = [firm(staff=count) for count in (0, 9, 10, 49, 50, 100, 299, 300, 9999, None)]
    assert members(Cut.SIZE, *rows) == ["0", "0", "10", "10", "50", "100", "100", "300", "300", ""]
    assert list(size_bands(RULES)) == ["0", "10", "50", "100", "300"]


def test_places_not_known_have_no_member() -> None:
    assert members(Cut.AREA, firm(area_id=7), firm(area_id=None)) == ["7", ""]
    assert members(Cut.TOTAL, firm(area_id=7)) == [""]


@pytest.mark.parametrize(
    ("code", "tagged"),
    [
        ("I6513", {"软件和信息服务"}),
        ("6513", {"软件和信息服务"}),
        ("I64", {"软件和信息服务", "平台经济"}),
        ("C38", {"智能电网", "智能制造"}),
        ("C", set()),
        ("", set()),
        ("K7020", {"物业服务"}),
    ],
)
def test_an_industry_may_carry_several_tags_with_or_without_its_letter(code: str, tagged: set[str]) -> None:
    held = table([firm(industry_code=code)])
    found = {
        tag
        for tag in ["", *tags(RULES)]
        if held.execute(
            f"SELECT {(piece := belongs(Cut.TAG, tag, RULES)).for_duckdb} FROM rows", piece.parameters
        ).fetchone()
        == (True,)
    }
    assert found == (tagged or {""})


def test_a_row_has_several_tags_and_so_no_single_key() -> None:
    with pytest.raises(ValueError, match="several members"):
        key(Cut.TAG, RULES)
