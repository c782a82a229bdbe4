"""How right Jingwei and its rivals are, profile by profile and seed by seed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from statistics import mean
from typing import Final

from benchmarks.linkage import contest
from benchmarks.linkage.contest import Effort
from benchmarks.linkage.reach import Check, at_least
from benchmarks.linkage.sweep import best

TUNING: Final = "desk"
JINGWEI, EFFECTIVE, CODE, CODE_OR_NAME = "经纬", "经纬 直接生效", "代码相等", "代码或名称"
# The last one is told besides that the market list holds no unit twice.
SPLINK_BEST, SPLINK_COMPONENTS, SPLINK_TOLD = "Splink 单链", "Splink 分量", "Splink 单链*"
SPLINKS: Final = (SPLINK_BEST, SPLINK_COMPONENTS)
_MODES: Final = {SPLINK_BEST: "best", SPLINK_COMPONENTS: "components", SPLINK_TOLD: "register"}
SPLINK_USUAL = "Splink 分量 0.9"
# Reported profiles use seeds the tuning profile never sees.
_OTHER_SEEDS = 100

# What linkage measurements on easy data of the same kind gave; a rival half a point below was set up badly.
_KNOWN: Final = {CODE: 0.716, SPLINK_BEST: 0.991, SPLINK_USUAL: 0.938}
_TOLERATED = 0.005


@dataclass(frozen=True, slots=True)
class Outcome:
    """Figures of one contestant on one folder of lists; `effort` is None where it was not timed."""

    contestant: str
    profile: str
    seed: int
    figures: Mapping[str, float]
    effort: Effort | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: rows of the market list, seeds, real market lists, and where to work."""

    rows: int
    seeds: tuple[int, ...]
    real: tuple[Path, ...]
    work: Path
    tell: Callable[[str], None]


def measure(plan: Plan) -> tuple[list[Outcome], dict[str, float]]:
    """All contestants on all profiles, and Splink's cut-offs, chosen on the first seed of the tuning profile."""
    found: list[Outcome] = []
    cuts: dict[str, float] = {}
    for profile, seed, make in _folders(plan):
        plan.tell(f"{profile}，种子 {seed}")
        folder = plan.work / "lists"
        make(folder)
        made = _contest(folder, plan.work, profile, seed, cuts)
        plan.tell("，".join(f"{item.contestant} {item.figures['f1']:.4f}" for item in made))
        found += made
        rmtree(folder)
    return found, cuts


def _folders(plan: Plan) -> Iterable[tuple[str, int, Callable[[Path], object]]]:
    """Profile, seed and what makes the lists; the tuning profile comes first."""
    log = plan.work / "log"
    for profile in (TUNING, "export", "business"):
        for given in plan.seeds:
            seed = given if profile == TUNING else given + _OTHER_SEEDS
            yield (
                profile,
                seed,
                lambda folder, profile=profile, seed=seed: contest.generate(
                    folder, profile=profile, rows=plan.rows, seed=seed, log=log
                ),
            )
    for market in plan.real:
        for profile in ("export", "business"):
            for given in plan.seeds:
                seed = given + _OTHER_SEEDS
                yield (
                    f"{market.name.split('.')[0]}/{profile}",
                    seed,
                    lambda folder, market=market, profile=profile, seed=seed: contest.generate_real(
                        market, folder, profile=profile, seed=seed, log=log
                    ),
                )


def _truth(folder: Path) -> str:
    return str(folder / "truth" / "truth.parquet")


def _tune(folder: Path, work: Path) -> dict[str, float]:
    """Splink's best cut-offs on these lists."""
    tried = contest.ask(["-m", "benchmarks.linkage.sweep", str(work / "splink"), _truth(folder)], log=work / "log")
    return {name: best(tried, mode) for name, mode in _MODES.items()}


def _contest(folder: Path, work: Path, profile: str, seed: int, cuts: dict[str, float]) -> list[Outcome]:
    """Everyone on one folder; the first folder of all settles the cut-offs."""
    log, truth = work / "log", _truth(folder)
    effort = contest.jingwei(folder, work / "jingwei", log=log)
    links = work / "jingwei" / "links.csv"
    found = [
        _outcome(JINGWEI, profile, seed, links, truth, effort, log),
        _outcome(EFFECTIVE, profile, seed, links, truth, None, log, "--effective"),
    ]
    contest.rival("plain", folder, work / "plain", log=log)
    for name, file in ((CODE, "code"), (CODE_OR_NAME, "code_or_name")):
        found.append(_outcome(name, profile, seed, work / "plain" / f"{file}.parquet", truth, None, log))
    effort = contest.rival("splink", folder, work / "splink", log=log)
    if not cuts:
        cuts.update(_tune(folder, work))
    ways = {name: f"{mode}:{cuts[name]}" for name, mode in _MODES.items()}
    if profile == TUNING:
        ways[SPLINK_USUAL] = "components:0.9"
    asked = ["-m", "benchmarks.linkage.sweep", str(work / "splink"), truth, "--only", *ways.values()]
    for name, figures in zip(ways, contest.ask(asked, log=log), strict=True):
        found.append(Outcome(name, profile, seed, figures, effort if name == SPLINK_BEST else None))
    return found


def _outcome(
    name: str, profile: str, seed: int, result: Path, truth: str, effort: Effort | None, log: Path, *options: str
) -> Outcome:
    figures = contest.ask(["-m", "benchmarks.linkage.score", str(result), truth, *options], log=log)
    return Outcome(name, profile, seed, figures, effort)


def average(outcomes: Sequence[Outcome], contestant: str, profile: str, figure: str) -> float:
    """Mean over the seeds."""
    return mean(item.figures[figure] for item in outcomes if (item.contestant, item.profile) == (contestant, profile))


def spread(outcomes: Sequence[Outcome], contestant: str, profile: str, figure: str) -> float:
    """Largest less smallest over the seeds."""
    values = [item.figures[figure] for item in outcomes if (item.contestant, item.profile) == (contestant, profile)]
    return max(values) - min(values)


def profiles(outcomes: Sequence[Outcome]) -> list[str]:
    """The profiles in the order they were run."""
    return list(dict.fromkeys(item.profile for item in outcomes))


def checks(outcomes: Sequence[Outcome]) -> list[Check]:
    """The reach of every profile."""
    found = []
    for profile in profiles(outcomes):
        f1, hard = (average(outcomes, JINGWEI, profile, figure) for figure in ("f1", "hard_f1"))
        rival = max(average(outcomes, name, profile, "f1") for name in SPLINKS)
        hard_rival = max(average(outcomes, name, profile, "hard_f1") for name in SPLINKS)
        if profile == TUNING:
            found.append(at_least(f"{profile}：F1 不低于 Splink 最佳 0.1 个百分点以上", f1, rival - 0.001))
            continue
        found += [
            at_least(f"{profile}：F1", f1, 0.985),
            at_least(f"{profile}：难对 F1", hard, 0.97),
            at_least(f"{profile}：精确率", average(outcomes, JINGWEI, profile, "precision"), 0.995),
            at_least(f"{profile}：F1 高于 Splink", f1, rival),
            at_least(f"{profile}：难对 F1 高于 Splink 2 个百分点", hard, hard_rival + 0.02),
        ]
    return found


def faults(outcomes: Sequence[Outcome]) -> list[str]:
    """Rivals that came out worse on the tuning profile than they are known to be: the run is not valid."""
    found = []
    for name, known in _KNOWN.items():
        value = average(outcomes, name, TUNING, "f1")
        if value < known - _TOLERATED:
            found.append(f"{name} 的 F1 为 {value:.3f}，已知同类数据上为 {known:.3f}")
    return found
