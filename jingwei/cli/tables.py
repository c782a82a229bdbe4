"""The command ``tables``: an office's own small tables — divisions, roads, bodies, holidays — from a file."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import RosterBasis
from jingwei.bodies import services as bodies
from jingwei.cli.installation import bring_up
from jingwei.cli.terminal import Exit, emit, err, out
from jingwei.core import calendar
from jingwei.core.permissions import Actor, local_operator
from jingwei.core.reference_tables import ImportCounts, TableRefused, read_reference_table
from jingwei.core.refusal import Refused
from jingwei.places import services as places

Importer = Callable[[Path, Actor, datetime], ImportCounts]
PROBLEMS_PRINTED = 200
# After these the worker places a roster that stands already anew.
PLACING = frozenset({"divisions", "history", "overlays", "roads", "boundaries"})
KINDS: dict[str, tuple[str, Importer]] = {
    "divisions": ("区划", lambda path, by, on: places.import_divisions(rows=read_reference_table(path), by=by, on=on)),
    "history": ("区划沿革", lambda path, by, on: places.import_history(rows=read_reference_table(path), by=by, on=on)),
    "overlays": (
        "园区楼宇",
        lambda path, by, on: places.import_overlays(rows=read_reference_table(path), by=by, on=on),
    ),
    "roads": ("路段门牌", lambda path, by, on: places.import_roads(rows=read_reference_table(path), by=by, on=on)),
    "boundaries": (
        "边界",
        lambda path, by, on: places.import_boundaries(collection=places.read_geojson(path), by=by, on=on),
    ),
    "bodies": ("机构", lambda path, by, on: bodies.import_bodies(rows=read_reference_table(path), by=by, on=on)),
    "holidays": (
        "节假日",
        lambda path, by, on: calendar.import_holidays(rows=read_reference_table(path), by=by, on=on),
    ),
}
NAMES = {zh: kind for kind, (zh, _) in KINDS.items()}


def import_table(kind: str, path: Path, *, as_json: bool) -> int:
    """Import one table whole, or refuse it whole with every wrong row named; a second import changes nothing.

    ``kind`` is one of ``KINDS`` or its Chinese name.
    """
    kind = NAMES.get(kind, kind)
    if kind not in KINDS:
        choices = "、".join(f"{name}（{zh}）" for name, (zh, _) in KINDS.items())
        err.print(f"没有“{kind}”这种表，可选：{choices}。", markup=False, soft_wrap=True)
        return Exit.USAGE
    if not path.is_file():
        err.print(f"没有文件 {path}。", markup=False, soft_wrap=True)
        return Exit.USAGE
    bring_up()
    by = local_operator()
    try:
        with acting(by):
            counts = KINDS[kind][1](path, by, timezone.now())
            waits = kind in PLACING and bool(counts.created or counts.changed) and RosterBasis.objects.exists()
    except Refused as refused:
        tell_refusal(path, refused, as_json=as_json)
        return Exit.FAILED
    if as_json:
        emit({"kind": kind, **asdict(counts)})
        return Exit.OK
    text = f" {KINDS[kind][0]}：新增 {counts.created}，变更 {counts.changed}，未变 {counts.unchanged}"
    out.print(text, highlight=False, soft_wrap=True)
    if waits:
        out.print(
            " 名册由后台按新的区划重算，一般几分钟内完成；服务没有启动时，请运行 ./jw rebuild。",
            highlight=False,
            soft_wrap=True,
        )
    return Exit.OK


def tell_refusal(path: Path, refused: Refused, *, as_json: bool) -> None:
    """Why nothing was imported, row by row."""
    problems = refused.problems if isinstance(refused, TableRefused) else ()
    if as_json:
        emit({"message": str(refused), "problems": [asdict(problem) for problem in problems]})
        return
    if not problems:
        err.print(f"{path.name}：{refused}", markup=False, highlight=False, soft_wrap=True)
        return
    err.print(f"{path.name}：有 {len(problems)} 处问题，未导入任何一行", markup=False, highlight=False, soft_wrap=True)
    for problem in problems[:PROBLEMS_PRINTED]:
        err.print(f" {problem}", markup=False, highlight=False, soft_wrap=True)
    if len(problems) > PROBLEMS_PRINTED:
        err.print(f" 另有 {len(problems) - PROBLEMS_PRINTED} 处", highlight=False)
