"""Browser files are built from the installed packages: all of them, or nothing and a Chinese sentence."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from jingwei.config import browser_files
from jingwei.config.browser_files import AXE, HTMX, ICONS, LICENCES, OUTLINE, SVG, BrowserFilesMissing, Folders, build

ICON = """<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor">
  <path stroke="none" d="M0 0h24v24H0z" fill="none" />
  <path d="M18 6l-12 12" />
</svg>
"""


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Packages as small as they can be."""
    packages = tmp_path / "node_modules"
    files = {HTMX: "htmx", AXE: "axe", **{path: f"licence of {title}" for title, path in LICENCES.items()}}
    files |= {OUTLINE / f"{name}.svg": ICON for name in ICONS}
    for path, text in files.items():
        (packages / path).parent.mkdir(parents=True, exist_ok=True)
        (packages / path).write_text(text)
    return Folders(packages, tmp_path / "static" / "vendor", tmp_path / "var" / "browser-tests")


def written(folders: Folders) -> set[str]:
    return {path.name for folder in (folders.vendor, folders.tests) if folder.exists() for path in folder.iterdir()}


def test_everything_the_browser_needs_is_written(folders: Folders) -> None:
    made = build(folders)
    assert (
        {path.name for path in made} == written(folders) == {"icons.svg", "LICENSES.txt", "htmx.min.js", "axe.min.js"}
    )
    assert (folders.vendor / "htmx.min.js").read_text() == "htmx"


def test_the_test_tool_is_not_among_the_served_files(folders: Folders) -> None:
    build(folders)
    assert not (folders.vendor / "axe.min.js").exists()
    assert (folders.tests / "axe.min.js").read_text() == "axe"


def test_the_sprite_holds_each_icon_once_without_its_frame(folders: Folders) -> None:
    build(folders)
    sprite = ElementTree.parse(folders.vendor / "icons.svg").getroot()
    symbols = sprite.findall(f"{{{SVG}}}symbol")
    assert [symbol.get("id") for symbol in symbols] == [f"i-{name}" for name in sorted(ICONS)]
    assert {symbol.get("viewBox") for symbol in symbols} == {"0 0 24 24"}
    assert {len(symbol) for symbol in symbols} == {1}, "the bounding box is left out"


def test_the_licences_travel_with_the_copies(folders: Folders) -> None:
    build(folders)
    text = (folders.vendor / "LICENSES.txt").read_text()
    assert all(title in text and f"licence of {title}" in text for title in LICENCES)


def test_building_again_gives_the_same_bytes(folders: Folders) -> None:
    first = {path: path.read_bytes() for path in build(folders)}
    assert {path: path.read_bytes() for path in build(folders)} == first


@pytest.mark.parametrize(
    "missing", [HTMX, AXE, OUTLINE / f"{ICONS[-1]}.svg", *LICENCES.values()], ids=lambda path: path.name
)
def test_a_missing_file_is_named_in_chinese_and_nothing_is_written(folders: Folders, missing: Path) -> None:
    (folders.packages / missing).unlink()
    with pytest.raises(BrowserFilesMissing, match=r"缺少浏览器文件 .*\./jw") as refused:
        build(folders)
    assert str(missing) in str(refused.value)
    assert written(folders) == set()


def test_a_missing_file_leaves_an_earlier_build_as_it_was(folders: Folders) -> None:
    before = {path: path.read_bytes() for path in build(folders)}
    (folders.packages / HTMX).write_text("newer")
    (folders.packages / AXE).unlink()
    with pytest.raises(BrowserFilesMissing):
        build(folders)
    assert {path: path.read_bytes() for path in before} == before


def test_a_broken_icon_leaves_nothing_half_written(folders: Folders) -> None:
    (folders.packages / OUTLINE / f"{ICONS[0]}.svg").write_text("<svg")
    with pytest.raises(ElementTree.ParseError):
        build(folders)
    assert written(folders) == set()


def test_the_command_ends_with_1_and_the_sentence(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(browser_files, "project_folders", lambda: folders)
    assert browser_files.main() == 0
    assert "icons.svg" in capsys.readouterr().out
    (folders.packages / HTMX).unlink()
    assert browser_files.main() == 1
    assert "缺少浏览器文件" in capsys.readouterr().err
