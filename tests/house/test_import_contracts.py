"""Each import contract holds, and breaks when its violation is planted."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from jingwei.core.instance import PROJECT_ROOT

LINTER = Path(sys.executable).with_name("lint-imports")
ORDER = [
    "core", "places", "bodies", "accounts", "rosters", "linkage", "base_roster", "registrations", "branches", "coverage", "indicators", "bulletins", "workbench", "demo",
]  # fmt: skip
VIOLATIONS = {
    "a lower layer imports a higher one": ("core/planted.py", "import jingwei.rosters.models\n", "layers"),
    "a selector imports a service": ("rosters/selectors.py", "\nimport jingwei.rosters.services\n", "inside"),
    "the domain imports Django": ("domain/planted.py", "import django\n", "pure"),
    "the domain imports the driver": ("domain/planted.py", "import psycopg\n", "pure"),
    "somebody else imports views": ("workbench/planted.py", "import jingwei.rosters.views\n", "views"),
    "a folder appears outside the order": ("planted/__init__.py", "", "layers"),
}


def lint(root: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    selection = ["--contract", contract] if contract else []
    command = [str(LINTER), "--no-cache", *selection]
    environment = {"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copied_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("house")
    shutil.copy(PROJECT_ROOT / "pyproject.toml", root)
    ignored = shutil.ignore_patterns("static", "templates", "__pycache__")
    shutil.copytree(PROJECT_ROOT / "jingwei", root / "jingwei", ignore=ignored)
    return root


def test_the_house_as_it_stands_keeps_every_contract(copied_house: Path) -> None:
    result = lint(copied_house)
    assert result.returncode == 0, result.stdout


@pytest.mark.slow
@pytest.mark.parametrize("case", VIOLATIONS, ids=str)
def test_a_planted_violation_breaks_its_contract(copied_house: Path, case: str) -> None:
    name, text, contract = VIOLATIONS[case]
    target = copied_house / "jingwei" / name
    before = target.read_text() if target.exists() else None
    target.parent.mkdir(exist_ok=True)
    target.write_text((before or "") + text)
    try:
        result = lint(copied_house, contract)
    finally:
        target.write_text(before) if before is not None else target.unlink()
        if target.parent.name == "planted":
            shutil.rmtree(target.parent)
    assert result.returncode != 0, result.stdout
    assert "BROKEN" in result.stdout or "not listed" in result.stdout + result.stderr, result.stdout + result.stderr


def test_installed_apps_stand_in_the_order_of_the_contract() -> None:
    ours = [name.split(".")[1] for name in settings.INSTALLED_APPS if name.startswith("jingwei.")]
    assert ours == ORDER


def test_every_foreign_key_points_upstream() -> None:
    for model in apps.get_models():
        if not model.__module__.startswith("jingwei."):
            continue
        for field in model._meta.get_fields():
            related = getattr(field, "related_model", None)
            if (
                not getattr(field, "concrete", False)
                or related is None
                or not related.__module__.startswith("jingwei.")
            ):
                continue
            here, there = ORDER.index(model._meta.app_label), ORDER.index(related._meta.app_label)
            assert there <= here, f"{model.__name__}.{field.name} points downstream"


@pytest.mark.slow
def test_the_domain_imports_where_django_is_absent(tmp_path: Path) -> None:
    blocker = tmp_path / "django"
    blocker.mkdir()
    (blocker / "__init__.py").write_text("raise ImportError('the domain must not need this')\n")
    shutil.copytree(blocker, tmp_path / "psycopg")
    code = (
        "import importlib, pkgutil, jingwei.domain as d\n"
        "names = [m.name for m in pkgutil.walk_packages(d.__path__, 'jingwei.domain.')]\n"
        "[importlib.import_module(n) for n in names]\n"
        "print(len(names))"
    )
    environment = {"PYTHONPATH": f"{tmp_path}:{PROJECT_ROOT}", "PATH": "/usr/bin:/bin"}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) > 10
