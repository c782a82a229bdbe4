"""Rows as an office would send them."""

from collections.abc import Sequence

DIVISION_COLUMNS = ("代码", "名称", "上级代码", "级别", "启用日期", "停用日期")
HISTORY_COLUMNS = ("旧代码", "旧名称", "新代码", "起", "止", "说明")
OVERLAY_COLUMNS = ("名称", "类型", "所在区划代码", "承担管理责任")
ROAD_COLUMNS = ("区县代码", "道路", "起号", "止号", "单双", "所属代码")


def table(columns: Sequence[str], *rows: Sequence[str]) -> list[dict[str, str]]:
    return [dict(zip(columns, (*row, *[""] * (len(columns) - len(row))), strict=True)) for row in rows]


def divisions(*rows: Sequence[str]) -> list[dict[str, str]]:
    return table(DIVISION_COLUMNS, *rows)


CITY = ("990100", "安澜市", "", "市")
COUNTY = ("990102", "青岚区", "990100", "区县")
OTHER_COUNTY = ("990121", "白鹭县", "990100", "区县")
TOWN = ("990102001", "书院街道", "990102", "镇街")
COMMUNITY = ("990102001001", "竹园社区", "990102001", "村（社区）")
SMALL_TREE = divisions(CITY, COUNTY, OTHER_COUNTY, TOWN, COMMUNITY)
