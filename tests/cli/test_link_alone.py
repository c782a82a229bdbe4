"""`link` needs neither settings nor a database."""

import subprocess
import sys
from pathlib import Path

_SCRIPT = """
import sys
sys.modules["psycopg"] = None
from jingwei.cli.link import link_command
code = link_command(__import__("pathlib").Path(sys.argv[1]), out=__import__("pathlib").Path(sys.argv[2]))
assert "jingwei.config.settings" not in sys.modules
raise SystemExit(code)
"""


def test_link_runs_without_settings_and_without_a_database_driver(tmp_path: Path) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "民政.csv").write_text("社会组织名称,统一社会信用代码\n东湾区书法协会,\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(lists), str(tmp_path / "out")],
        cwd=Path(__file__).resolve().parents[2],
        env={"PATH": ""},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "out" / "links.csv").read_text(encoding="utf-8").splitlines()[1].startswith("民政.csv,1,E000001")
