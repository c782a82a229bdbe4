"""Every template compiles, holds nothing inline, asks nothing of other hosts and names only what exists."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template

from jingwei.config.browser_files import ICONS
from jingwei.core.instance import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "jingwei" / "templates"
STATIC = PROJECT_ROOT / "jingwei" / "static"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
OWN_STATIC = sorted(path for kind in ("css", "js") for path in (STATIC / kind).rglob(f"*.{kind}"))

COMMENTS = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}|<!--.*?-->", re.DOTALL)
INLINE = {
    "a script with text": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"\son[a-z]+\s*=", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "script of htmx": re.compile(r"\shx-(on|vars)|\bjs:", re.IGNORECASE),
}
EXTERNAL = re.compile(
    r"""(?:(?:src|href|action)\s*=\s*["']|url\(\s*["']?|@import\s+["'])\s*(?:https?:)?//|https?://(?!www\.w3\.org/)"""
)
ICON = re.compile(r"""{% icon "([^"]+)"|icon_name="([^"]+)\"""")
STATIC_NAME = re.compile(r"""{% static ["']([^"']+)["'] %}""")


def source(name: str) -> str:
    return COMMENTS.sub("", (FOLDER / name).read_text())


def test_there_are_templates_and_files_to_look_at() -> None:
    assert len(TEMPLATES) > 40
    assert len(OWN_STATIC) > 4


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles(name: str) -> None:
    assert get_template(name).origin.name == str(FOLDER / name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_holds_nothing_inline(name: str) -> None:
    text = source(name)
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_asks_nothing_of_other_hosts(name: str) -> None:
    assert EXTERNAL.findall(source(name)) == []


@pytest.mark.parametrize("path", OWN_STATIC, ids=lambda path: path.name)
def test_styles_and_scripts_ask_nothing_of_other_hosts(path: Path) -> None:
    assert EXTERNAL.findall(path.read_text()) == []


@pytest.mark.parametrize("path", OWN_STATIC, ids=lambda path: path.name)
def test_scripts_make_no_code_from_text(path: Path) -> None:
    assert re.findall(r"\beval\(|new Function|innerHTML|document\.write", path.read_text()) == []


def test_every_icon_a_page_asks_for_is_in_the_sprite() -> None:
    asked = {(name, first or second) for name in TEMPLATES for first, second in ICON.findall(source(name))}
    assert len(asked) > 40
    assert {(name, icon) for name, icon in asked if icon not in ICONS} == set()


def test_every_static_file_a_page_asks_for_exists() -> None:
    asked = {found for name in TEMPLATES for found in STATIC_NAME.findall(source(name))}
    built = {"vendor/htmx.min.js", "vendor/icons.svg"}
    assert len(asked) > 2
    assert {name for name in asked - built if finders.find(name) is None} == set()


@pytest.mark.parametrize(
    "planted",
    [
        "<script>alert(1)</script>",
        '<p style="color:red">',
        '<p onclick="go()">',
        "<style>",
        '<a href="javascript:go()">',
    ],
)
def test_what_is_looked_for_would_be_found(planted: str) -> None:
    assert any(pattern.search(planted) for pattern in INLINE.values())


@pytest.mark.parametrize("planted", ['src="//cdn.example/x.js"', 'href="https://a.example"', "url(//a.example/f.woff)"])
def test_other_hosts_would_be_found(planted: str) -> None:
    assert EXTERNAL.search(planted)
