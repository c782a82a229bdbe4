"""The command ``rebuild``: compute the kept columns of roster and coverage and the keys for matching anew, or only compare them."""

from django.utils import timezone

from jingwei.accounts.scope import acting
from jingwei.base_roster import services as roster
from jingwei.cli.installation import bring_up
from jingwei.cli.job_figures import say
from jingwei.cli.terminal import Exit, emit, progress_bar
from jingwei.core.permissions import local_operator
from jingwei.coverage import services as coverage
from jingwei.registrations import services as registrations

MOST_SHOWN = 20
Found = list[tuple[int, list[str]]]


def rebuild_columns(*, as_json: bool) -> int:
    """Compute roster, coverage and keys anew; says how many entities each computed."""
    bring_up()
    by, on = local_operator(), timezone.now()
    with progress_bar() as progress:
        bar = progress.add_task("重算名册", total=None)
        with acting(by):
            computed = roster.rebuild(by=by, on=on, progress=lambda done: progress.update(bar, completed=done))
        bar = progress.add_task("重算覆盖", total=None)
        with acting(by):
            decided = coverage.rebuild(by=by, on=on, progress=lambda done: progress.update(bar, completed=done))
        bar = progress.add_task("重建比对键", total=None)
        with acting(by):
            keyed = registrations.rebuild_keys(by=by, on=on, progress=lambda done: progress.update(bar, completed=done))
    if as_json:
        emit({"computed": computed, "decided": decided, "keyed": keyed})
    else:
        say(f" 已重算名册 {computed} 户，覆盖 {decided} 户，比对键 {keyed} 户")
    return Exit.OK


def check_columns(*, as_json: bool) -> int:
    """Compare roster, coverage and keys with their facts; the exit code is 1 where they differ."""
    bring_up()
    by, on = local_operator(), timezone.now()
    with progress_bar() as progress:
        bar = progress.add_task("核对名册", total=None)
        with acting(by):
            of_roster = roster.differences(on=on)
        progress.update(bar, description="核对覆盖")
        with acting(by):
            of_coverage = coverage.differences(on=on)
        progress.update(bar, description="核对比对键")
        with acting(by):
            of_keys = registrations.key_differences()
        progress.update(bar, total=1, completed=1)
    if as_json:
        emit({"roster": of_roster, "coverage": of_coverage, "keys": of_keys})
    else:
        print_differences("名册", of_roster)
        print_differences("覆盖", of_coverage)
        print_differences("比对键", of_keys)
    return Exit.FAILED if of_roster or of_coverage or of_keys else Exit.OK


def print_differences(what: str, found: Found) -> None:
    for pk, columns in found[:MOST_SHOWN]:
        say(f" {what}：主体 {pk}：{'、'.join(columns)}")
    many = "至少 " if len(found) >= 100 else ""
    say(f" {what}：{many}{len(found)} 处不一致" if found else f" {what}：与事实一致")
