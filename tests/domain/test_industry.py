import pytest

from jingwei.domain.industry import SECTIONS, canonical, name_of, section_of


@pytest.mark.parametrize(
    ("code", "name"),
    [("C39", "计算机、通信和其他电子设备制造业"), ("I65", "软件和信息技术服务业"), ("G5910", "装卸搬运和仓储业"),
     ("L72", "商务服务业"), ("Q84", "卫生"), ("R88", "文化艺术业"), ("T97", "国际组织"), ("A01", "农业")],
)  # fmt: skip
def test_a_code_names_its_division(code: str, name: str) -> None:
    assert name_of(code) == name


def test_a_code_without_its_letter_gets_it() -> None:
    assert canonical("3911") == "C3911"
    assert canonical(" c39 ") == "C39"


def test_a_letter_alone_names_the_section() -> None:
    assert name_of("F") == "批发和零售业"


@pytest.mark.parametrize("text", ["", "制造业", "C65", "00", "98", "391111", "Z39"])
def test_what_is_no_code_has_no_name(text: str) -> None:
    assert canonical(text) == ""
    assert name_of(text) == ""


def test_every_division_lies_in_a_section_and_the_sections_ascend() -> None:
    letters = [section_of(division) for division in range(1, 98)]
    assert letters == sorted(letters)
    assert set(letters) == set(SECTIONS)
