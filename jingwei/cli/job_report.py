"""What a run of the main job found, how long each stage took and how much memory it needed."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from time import monotonic
from typing import Any

from rich.progress import Progress


@dataclass
class FileResult:
    """What became of one file."""

    file: str
    list_kind: str
    state: str
    rows: int = 0
    stored: int = 0
    rejected: int = 0
    message: str = ""


@dataclass(frozen=True)
class Stage:
    """One stage: wall-clock seconds, and the most memory (MB) this process or a child held until its end."""

    name: str
    seconds: float
    peak_mb: int


@dataclass
class JobReport:
    """Figures of one run of the main job. Counts are keyed by the values of the roster's columns."""

    day: str = ""
    files: list[FileResult] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    links: dict[str, dict[str, int]] = field(default_factory=dict)
    review: int = 0
    approved_by: str = ""
    entities: int = 0
    counts_in_base: int = 0
    roster: dict[str, int] = field(default_factory=dict)
    legal_form: dict[str, int] = field(default_factory=dict)
    ownership: dict[str, int] = field(default_factory=dict)
    state: dict[str, int] = field(default_factory=dict)
    screening: dict[str, int] = field(default_factory=dict)
    placement: dict[str, int] = field(default_factory=dict)
    organizations: dict[str, int] = field(default_factory=dict)
    covered_as: dict[str, int] = field(default_factory=dict)
    coverage_state: dict[str, int] = field(default_factory=dict)
    snapshot: str = ""
    compared: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether a file could not be taken in."""
        return any(item.state == "failed" for item in self.files)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, held: dict[str, Any]) -> "JobReport":
        """A report that was kept as JSON."""
        files = [FileResult(**item) for item in held["files"]]
        stages = [Stage(**item) for item in held["stages"]]
        return cls(**held | {"files": files, "stages": stages})


def peak_mb() -> int:
    """The most memory (MB) that this process or one of its finished children has held so far."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(one).ru_maxrss for one in who) // 1024


class Bar:
    """The bar of one stage; ``done`` is how many are done."""

    def __init__(self, progress: Progress, name: str, total: int | None) -> None:
        self._progress, self._name = progress, name
        self._task = progress.add_task(name, total=total)
        self.done = 0

    def say(self, text: str) -> None:
        """What the stage is doing now."""
        self._progress.update(self._task, description=f"{self._name}：{text}")

    def count(self, done: int) -> None:
        """How many are done; of how many need not be known."""
        self.done = done
        self._progress.update(self._task, completed=done)

    def finish(self, *, stays: bool) -> None:
        """Fill the bar, or take it away."""
        if not stays:
            self._progress.remove_task(self._task)
            return
        whole = max(1, self.done)
        self._progress.update(self._task, description=self._name, total=whole, completed=whole)


class Stages:
    """Shows each stage as a bar and notes its seconds and memory in the report."""

    def __init__(self, report: JobReport, progress: Progress, *, keeps_bars: bool = True) -> None:
        self.report, self._progress, self._keeps_bars = report, progress, keeps_bars

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Bar]:
        """Run a stage. An interrupted one leaves no entry."""
        bar = Bar(self._progress, name, total)
        started = monotonic()
        yield bar
        self.report.stages.append(Stage(name, round(monotonic() - started, 2), peak_mb()))
        bar.finish(stays=self._keeps_bars)
