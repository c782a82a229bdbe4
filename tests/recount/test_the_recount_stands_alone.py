"""The second count is worth something only while it shares no code with the first."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SCRIPT = ("recount", "reading", "classing", "covering", "placing", "figures")
FOREIGN = {"duckdb", "yaml", "python_calamine"}


def imported(source: str) -> set[str]:
    """Top-level names of everything a source imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0] if not node.level else ".")
    return found


@pytest.mark.parametrize("module", SCRIPT)
def test_it_imports_the_standard_library_three_packages_and_itself(module: str) -> None:
    allowed = set(sys.stdlib_module_names) | FOREIGN | set(SCRIPT)
    assert imported((HERE / f"{module}.py").read_text("utf-8")) <= allowed


def test_it_runs_where_the_product_cannot_be_found(tmp_path: Path) -> None:
    command = [sys.executable, "-I", str(HERE / "recount.py"), "--help"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "--as-of" in done.stdout
