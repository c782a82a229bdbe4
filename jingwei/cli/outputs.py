"""The files a run leaves for people: roster, tables, bulletin, what is undecided, and a summary for programs."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.cli.job_report import JobReport, Stages
from jingwei.cli.publishing import write_papers
from jingwei.cli.roster_file import write_roster
from jingwei.cli.undecided import undecided, write_undecided
from jingwei.core.permissions import Actor
from jingwei.places.selectors import root


def write_outputs(report: JobReport, folder: Path, *, by: Actor, on: datetime, stages: Stages) -> None:
    """roster.xlsx, the papers of the snapshot, undecided.xlsx and summary.json; each appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    with acting(by):
        city, has_roster = root(), Entity.objects.exists()
    if has_roster:
        with stages.stage("写出基础名册"):
            report.outputs["基础名册"] = str(write_roster(folder, by=by, on=on))
    if report.snapshot:
        with stages.stage("写出统计表与通报"):
            report.outputs |= write_papers(report.snapshot, folder, by=by)
    with stages.stage("写出待定事项"):
        lines = undecided(by=by)
        path = write_undecided(folder, lines, city=city.name if city else "", day=report.day)
    report.outputs["待定事项"] = str(path)
    summary = folder / "summary.json"
    report.outputs["汇总"] = str(summary)
    write_whole(summary, report.to_json() | {"undecided": [asdict(line) for line in lines]})


def write_whole(path: Path, content: dict[str, Any]) -> None:
    draft = path.with_name(f"{path.name}.part")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    draft.replace(path)
