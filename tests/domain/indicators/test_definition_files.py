"""A definition that is not well formed is refused with indicator, field and fault."""

import pytest

from jingwei.domain.indicators.definitions import DefinitionError, read

HEAD = "group: 组, zh: 名, meaning: 义, source: 源"


def test_a_share_keeps_its_parts_and_labels() -> None:
    text = f"""
    A-1: {{{HEAD}, unit: percent, numerator: staff > 3, denominator: operating, unknown: 职工数未知, beside: {{性质未知: ownership is unknown}}}}
    """
    item = read(text, "a.yaml")["A-1"]
    assert item.labels == ("职工数未知", "性质未知")
    assert item.is_counted
    assert not item.is_sum


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("unit: count", "指标 A-1：numerator、against、missing 应有且只有一项"),
        ("unit: count, numerator: operating, missing: 名单", "numerator、against、missing 应有且只有一项"),
        ("unit: percent, numerator: operating", "percent、ratio 应有 denominator，count、persons 不应有"),
        ("unit: count, numerator: operating, denominator: operating", "count、persons 不应有"),
        ("unit: count, numerator: staff > 3", "numerator 可能未知，应写 unknown"),
        ("unit: percent, numerator: operating, denominator: staff > 3", "分母可能未知，应写 undecided"),
        ("unit: persons, numerator: staff, unknown: 未知", "among 用于且必须用于求和"),
        ("unit: persons, numerator: operating", "count 数行，persons 求和"),
        (
            "unit: percent, numerator: staff, denominator: operating, among: operating, unknown: 未知",
            "应同为条件或同为数",
        ),
        ("unit: percent, of: B-1", "numerator、against、missing 应有且只有一项"),
        ("unit: count, of: A-1, against: {months: 12}", "比较的单位应为 percent 或 ratio"),
        ("unit: ratio, of: B-1, against: {months: 12}", "指标 A-1 的 of：没有可比较的指标 B-1"),
        ("unit: ratio, of: A-1, against: {years: 1}", "指标 A-1 的 against：应为 months: 月数 或 rule: 规则编号"),
        ("unit: share, numerator: operating", "指标 A-1 的 unit：应为 count、percent、ratio、persons 之一"),
        ("unit: count, numerator: operatin", "指标 A-1 的 numerator 第 1 个字符处：没有列“operatin”"),
        ("unit: count, numerator: operating, besides: {}", "指标 A-1：不认识的字段 besides"),
        ("unit: count, numerator: operating, beside: {甲: staff}", "beside 应为条件"),
        ("unit: count, numerator: roster", "numerator 应为条件或数"),
    ],
)
def test_a_fault_is_told(body: str, fault: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        read(f"A-1: {{{HEAD}, {body}}}", "a.yaml")
    assert fault in str(caught.value)


def test_a_text_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"口径文件 a\.yaml"):
        read("- A-1", "a.yaml")
    with pytest.raises(DefinitionError, match="指标 A-1：应为键值形式"):
        read("A-1: 5", "a.yaml")
    with pytest.raises(DefinitionError, match=r"口径文件 a\.yaml"):
        read("A-1: {", "a.yaml")
    with pytest.raises(DefinitionError, match="指标 A-1：缺 source"):
        read("A-1: {group: 组, zh: 名, meaning: 义, unit: count, numerator: operating}", "a.yaml")
