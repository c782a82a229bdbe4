"""Statuses are read without seeing colours, and bars without inline style."""

import pytest

from jingwei.config.browser_files import ICONS
from jingwei.core.templatetags.jw import STATUS_ICONS, bar, page_numbers
from tests.ui.marks import Element, read, render


@pytest.mark.parametrize("kind", STATUS_ICONS)
@pytest.mark.parametrize("plain", [True, False])
def test_a_status_is_never_colour_alone(kind: str, plain: bool) -> None:
    tag = read(render("{% status_tag label kind plain=plain %}", label="存续", kind=kind, plain=plain)).all("span")[0]
    assert tag.text == "存续"
    assert tag.classes == {"state" if plain else "tag", kind}
    (image,) = tag.all("svg")
    assert image.attributes["aria-hidden"] == "true"
    assert image.all("use")[0].attributes["href"].endswith(f"#i-{STATUS_ICONS[kind]}")


def test_each_kind_of_status_has_a_shape_of_its_own() -> None:
    assert len(set(STATUS_ICONS.values())) == len(STATUS_ICONS)


def test_a_label_that_is_no_status_is_its_word_alone() -> None:
    tag = read(render('{% status_tag "非公" "info" "none" %}')).all("span")[0]
    assert (tag.text, tag.all("svg")) == ("非公", [])


def test_an_unknown_kind_still_has_an_icon_and_its_word() -> None:
    tag = read(render('{% status_tag "某状态" "something" %}')).all("span")[0]
    assert tag.text == "某状态"
    assert tag.all("use")[0].attributes["href"].endswith("#i-circle-minus")


def test_the_word_of_a_status_is_escaped() -> None:
    assert "<b>" not in render("{% status_tag label %}", label="<b>")


def test_an_icon_with_a_label_is_an_image_and_one_without_is_decoration() -> None:
    spoken = read(render('{% icon "check" "s" "已完成" %}')).all("svg")[0]
    assert (spoken.attributes["role"], spoken.attributes["aria-label"]) == ("img", "已完成")
    silent = read(render('{% icon "check" %}')).all("svg")[0]
    assert (silent.attributes.get("aria-label"), silent.attributes["aria-hidden"]) == (None, "true")


def test_the_icons_of_all_statuses_are_in_the_sprite() -> None:
    assert set(STATUS_ICONS.values()) <= set(ICONS)


def parts(html: str) -> list[tuple[str, float]]:
    return [
        ("hatched" if "fill" in shape.attributes else shape.attributes["class"], width(shape))
        for shape in read(html).all("rect")
    ]


def width(shape: Element) -> float:
    return float(shape.attributes["width"].rstrip("%"))


def test_a_bar_shows_what_is_known_what_is_unknown_and_the_target() -> None:
    assert parts(bar(30)) == [("fill", 30)]
    assert parts(bar(80, 90, 60)) == [("fill", 60), ("hatched", 20), ("tick", 2)]


@pytest.mark.parametrize("missing", ["", None])
def test_a_bar_without_figures_is_empty(missing: str | None) -> None:
    assert parts(bar(missing, missing, missing)) == [("fill", 0)]


def test_nothing_of_a_bar_falls_outside_it() -> None:
    assert parts(bar(250)) == [("fill", 100)]
    tick = read(bar(10, 100)).all("rect")[1]
    assert float(tick.attributes["x"].rstrip("%")) < 100


def test_a_bar_has_no_inline_style() -> None:
    assert "style" not in bar(80, 90, 60, "warn")


@pytest.mark.parametrize(
    ("number", "pages", "shown"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, 3, None, 9]),
        (5, 9, [1, None, 3, 4, 5, 6, 7, None, 9]),
        (9, 9, [1, None, 7, 8, 9]),
        (4, 7, [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_page_numbers_show_the_ends_and_the_neighbours(number: int, pages: int, shown: list[int | None]) -> None:
    assert page_numbers(number, pages) == shown
