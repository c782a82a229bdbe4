"""Build ``static/vendor`` from the installed npm packages: htmx and one sprite of icons.

axe is a test tool, so it goes beside the other working files and is never served to users.
Needs nothing but the standard library; run it as ``python -m jingwei.config.browser_files``.
"""

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
SVG = "http://www.w3.org/2000/svg"
HTMX = Path("htmx.org/dist/htmx.min.js")
AXE = Path("axe-core/axe.min.js")
OUTLINE = Path("@tabler/icons/icons/outline")
LICENCES = {
    "htmx": Path("htmx.org/LICENSE"),
    "Tabler Icons": Path("@tabler/icons/LICENSE"),
}

ICONS = (
    "adjustments-horizontal", "alert-circle", "alert-triangle", "archive", "arrow-down", "arrow-down-right",
    "arrow-guide", "arrow-merge-right", "arrow-right", "arrow-up", "arrow-up-right", "arrows-exchange",
    "arrows-horizontal", "arrows-join-2", "arrows-vertical", "ban", "bike", "bookmark", "building", "building-bank",
    "building-community", "building-store", "calendar-event", "check", "chevron-down", "chevron-left",
    "chevron-right", "circle-check", "circle-dashed", "circle-minus", "circle-x", "clipboard-check",
    "clipboard-data", "clipboard-plus", "clock", "cloud-off", "copy", "database", "device-mobile", "dots",
    "download", "edit", "eye", "eye-off", "file-check", "file-spreadsheet", "filter-off", "filter-search",
    "flag", "heart-handshake", "help-circle", "hierarchy-2", "history", "hourglass", "inbox", "info-circle",
    "key", "layout-dashboard", "link", "lock", "lock-open", "logout", "map", "map-pin", "menu-2",
    "message-report", "minus", "plus", "presentation", "printer", "refresh", "road", "route-2", "search", "send", "settings",
    "shield-lock", "sitemap", "table", "tag", "target", "topology-star-3", "trash", "upload", "user",
    "user-check", "user-plus", "user-star", "users", "users-group", "x",
)  # fmt: skip


class BrowserFilesMissing(RuntimeError):
    """A file of an npm package is not there; the message names it and the way out, in Chinese."""


@dataclass(frozen=True)
class Folders:
    """Where the packages lie, what the browser gets, and what only the tests use."""

    packages: Path
    vendor: Path
    tests: Path


def project_folders() -> Folders:
    """The folders of this checkout; ``JW_VAR`` moves the working files as it does elsewhere."""
    var = Path(os.environ.get("JW_VAR") or ROOT / "var")
    return Folders(
        ROOT / "node_modules",
        ROOT / "jingwei" / "static" / "vendor",
        var / "browser-tests",
    )


def build(folders: Folders) -> tuple[Path, ...]:
    """Write every browser file anew and return their paths.

    Raises ``BrowserFilesMissing`` if a package lacks a file; then nothing has been written.
    """
    sprite = make_sprite(folders.packages / OUTLINE, ICONS)
    licences = licence_texts(folders.packages)
    htmx, axe = (existing(folders.packages / file) for file in (HTMX, AXE))
    folders.vendor.mkdir(parents=True, exist_ok=True)
    folders.tests.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # the instance keeps its secrets there
    folders.tests.mkdir(exist_ok=True)
    return (
        write(folders.vendor / "icons.svg", sprite),
        write(folders.vendor / "LICENSES.txt", licences),
        Path(shutil.copyfile(htmx, folders.vendor / HTMX.name)),
        Path(shutil.copyfile(axe, folders.tests / AXE.name)),
    )


def make_sprite(outline: Path, names: Iterable[str]) -> str:
    """Join outline icons into one SVG of symbols with the ids ``i-<name>``."""
    ElementTree.register_namespace("", SVG)
    sprite = ElementTree.Element(f"{{{SVG}}}svg")
    for name in sorted(names):
        sprite.append(symbol(name, existing(outline / f"{name}.svg")))
    return ElementTree.tostring(sprite, encoding="unicode")


def symbol(name: str, file: Path) -> ElementTree.Element:
    """One icon as a symbol. Stroke and size are left to the style sheet."""
    source = ElementTree.parse(file).getroot()  # noqa: S314 (the package is pinned by its hash)
    target = ElementTree.Element(
        f"{{{SVG}}}symbol",
        {"id": f"i-{name}", "viewBox": source.get("viewBox", "0 0 24 24")},
    )
    for shape in source:
        if shape.get("stroke") == "none" and shape.get("fill") == "none":
            continue  # the invisible square that Tabler draws as a bounding box
        shape.tail = None
        target.append(shape)
    return target


def licence_texts(packages: Path) -> str:
    """The licence texts that have to travel with the copies."""
    parts = [f"{title}\n\n{existing(packages / file).read_text(encoding='utf-8')}" for title, file in LICENCES.items()]
    return "\n\n".join(parts)


def existing(file: Path) -> Path:
    if not file.is_file():
        raise BrowserFilesMissing(f"缺少浏览器文件 {file}：请运行 ./jw，它会重新取得（npm ci）。")
    return file


def write(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def main() -> int:
    try:
        files = build(project_folders())
    except BrowserFilesMissing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    for file in files:
        sys.stdout.write(f"{file.name}：{file.stat().st_size:,} 字节\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
