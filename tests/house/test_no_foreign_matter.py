"""Nothing in the tracked files names a package registry, a path of a machine, or somebody else's file."""

import re
import shutil
import subprocess
from pathlib import Path

from jingwei.core.instance import PROJECT_ROOT

REGISTRY = re.compile(
    r"(pypi\.org|pythonhosted|registry\.npmjs|npmmirror|tuna\.tsinghua|deb\.debian\.org|--(extra-)?index-url)"
)
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|root|home)/\w+")


BUILT = {".git", ".venv", "node_modules", "var", "vendor", "__pycache__", "htmlcov"}


def project_files() -> list[Path]:
    """Tracked files; where git is missing, everything that set-up and tests do not make."""
    if shutil.which("git") and (PROJECT_ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
        return [PROJECT_ROOT / name for name in filter(None, listed.stdout.split("\0"))]
    found = (path for path in PROJECT_ROOT.rglob("*") if not BUILT & set(path.relative_to(PROJECT_ROOT).parts))
    own = {".ci", ".gitignore", ".npmrc"}
    return [
        path
        for path in found
        if not any(part.startswith(".") and part not in own for part in path.relative_to(PROJECT_ROOT).parts)
    ]


def tracked_texts() -> list[tuple[str, str]]:
    here = Path(__file__).resolve()
    files = [
        path for path in project_files() if path.is_file() and path != here and path.suffix not in {".png", ".ico"}
    ]
    return [(str(path.relative_to(PROJECT_ROOT)), path.read_text(errors="replace")) for path in files]


def test_no_tracked_file_names_a_package_registry() -> None:
    assert [name for name, text in tracked_texts() if REGISTRY.search(text)] == []


def test_no_tracked_file_names_a_path_of_a_machine() -> None:
    assert [name for name, text in tracked_texts() if MACHINE_PATH.search(text)] == []


def test_the_browser_lock_file_holds_hashes_and_no_addresses() -> None:
    text = (PROJECT_ROOT / "package-lock.json").read_text()
    assert '"integrity": "sha512-' in text
    assert '"resolved"' not in text
