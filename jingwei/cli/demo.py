"""The command ``demo``: set up, invent the city, bring it through its months, say what was found, serve."""

import json
import os
import secrets
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from rich.progress import Progress

from jingwei.accounts import services as accounts
from jingwei.accounts.scope import acting
from jingwei.cli.installation import bring_up, start_database, stop_database
from jingwei.cli.job_figures import count_city, print_report, print_stages, say
from jingwei.cli.job_report import JobReport, Stages
from jingwei.cli.main_job import analyze, take_in
from jingwei.cli.outputs import write_outputs
from jingwei.cli.persons import somebody
from jingwei.cli.publishing import publish
from jingwei.cli.serving import port_is_free, serve
from jingwei.cli.terminal import Exit, emit, err, out, progress_bar
from jingwei.core import journal
from jingwei.core.permissions import Actor, local_operator
from jingwei.demo.city import SCALES, generate
from jingwei.demo.city.calendar import Month
from jingwei.demo.city.deliveries import quarterly
from jingwei.demo.cycle import Cycle, months_until
from jingwei.demo.loading import load_geography
from jingwei.demo.people import ACCOUNTS, create_accounts
from jingwei.demo.replay import replay

LAST = Month(2026, 10)
MONTHS = {"demo": 13, "city": 1, "large": 1}
"""How much past a scale has unless asked otherwise: thirteen months of a large city take hours."""


def state_file() -> Path:
    return Path(settings.INSTANCE.var) / "demo.json"


def read_state() -> dict[str, Any]:
    return json.loads(state_file().read_text()) if state_file().exists() else {}


def write_state(state: dict[str, Any]) -> None:
    draft = state_file().with_suffix(".tmp")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(state, ensure_ascii=False, indent=1))
    draft.replace(state_file())


def run_demo(*, once: bool, scale: str, months: int, seed: int, port: int, as_json: bool) -> int:
    """Everything, or only what is missing: a second run finds its state and starts in seconds."""
    if scale not in SCALES:
        err.print(f"没有“{scale}”这个规模，可选：{'、'.join(SCALES)}。")
        return Exit.USAGE
    os.environ["JW_DEMO"] = "1"
    settings.DEMO = True
    started = bring_up()
    wanted = {"scale": scale, "seed": seed, "months": months or MONTHS[scale]}
    state = read_state()
    if state and any(state[name] != value for name, value in wanted.items()):
        err.print(
            f"这里已有规模 {state['scale']}、种子 {state['seed']}、{state['months']} 个月的演示城市，沿用它；"
            "要换，请设 JW_VAR 指向另一个目录。"
        )
    if not state.get("finished"):
        state = build_city(state or wanted | {"password": new_password(), "done": {}, "finished": False})
    emit(state) if as_json else show(state, port)
    if not once:
        return serve_demo(port, started)
    if started:
        stop_database()
    return Exit.OK


def new_password() -> str:
    return f"anlan-{secrets.token_hex(4)}"


def build_city(state: dict[str, Any]) -> dict[str, Any]:
    """Generate, load, create the accounts, replay the months that are not done yet, write the files."""
    write_state(state)
    months = months_until(LAST, state["months"])
    folder = Path(settings.INSTANCE.var) / "demo" / f"{state['scale']}-{state['seed']}-{state['months']}"
    with progress_bar() as progress:
        found_city(folder, state, months, progress)
        bring_through(folder, state, months, progress)
    report = JobReport.from_json(state["done"][str(months[-1])])
    finish(report, Cycle(months[-1]))
    analyze()
    state |= {"finished": not report.failed, "report": report.to_json()}
    write_state(state)
    return state


def found_city(folder: Path, state: dict[str, Any], months: list[Month], progress: Progress) -> None:
    """Files, divisions, bodies and accounts, on the day before the first lists come."""
    bar = progress.add_task("生成安澜市", total=None)
    if not folder.exists():
        generate(
            folder, seed=state["seed"], registered=SCALES[state["scale"]], month=str(months[0]), months=len(months),
            deliveries=quarterly(months[0], months[-1]),
            progress=lambda text, done, steps: progress.update(bar, description=f"生成{text}", completed=done, total=steps),
        )  # fmt: skip
    # Where the machine's clock stands before the city's first day, its people can log in all the same.
    on = min(Cycle(months[0]).at(0, hour=9), timezone.now())
    operator = local_operator()
    with acting(operator):
        load_geography(folder, by=operator, on=on, stage=lambda text: progress.update(bar, description=f"导入{text}"))
        create_accounts(password=state["password"], by=operator, on=on)
    progress.update(bar, description="安澜市：名单、区划与机构", total=1, completed=1)


def bring_through(folder: Path, state: dict[str, Any], months: list[Month], progress: Progress) -> None:
    """Replay the months; after each its report is kept, so that an interrupted replay goes on with the next."""
    bar = progress.add_task("逐月演进", total=len(months), completed=len(state["done"]))
    reports: list[JobReport] = []

    def stages() -> Stages:
        return Stages(reports[-1], progress, keeps_bars=False)

    def deliver(lists: Path, day: date, on: datetime, clerk: Actor) -> None:
        progress.update(bar, description=f"逐月演进：{day.year}年{day.month}月")
        reports.append(JobReport(day=day.isoformat()))
        take_in(lists, day=day, on=on, approver=clerk, stages=stages())

    steps = replay(
        folder, months=months, done=set(state["done"]), deliver=deliver, stage=lambda name: stages().stage(name)
    )
    for month in steps:
        while journal.seal():
            pass
        state["done"][month] = reports[-1].to_json()
        write_state(state)
        progress.advance(bar)


def finish(report: JobReport, cycle: Cycle) -> None:
    """Count the city as it stands and write its files to demo/out."""
    on = cycle.at(9, hour=11)
    clerk = somebody("clerk", on)
    with progress_bar() as progress:
        count_city(report, by=clerk)
        stages = Stages(report, progress)
        publish(day=cycle.as_of, by=clerk, on=on, reason="", changed=False, stages=stages)
        write_outputs(report, Path(settings.INSTANCE.var) / "demo" / "out", by=clerk, on=on, stages=stages)


def show(state: dict[str, Any], port: int) -> None:
    say(f"\n安澜市（虚构）· 规模 {state['scale']} · 种子 {state['seed']} · {state['months']} 个月，最近一月的名单：")
    report = JobReport.from_json(state["report"])
    print_report(report)
    print_stages(report)
    say(f"\n地址：http://127.0.0.1:{port}/   所有演示账号的密码：{state['password']}")
    for account in ACCOUNTS:
        say(f"   {account.username:<9}{account.name}　{account.title}　{account.place or account.body}")
    say("动态口令：./jw otp 登录名")


def serve_demo(port: int, started: bool) -> int:
    if not port_is_free(port):
        err.print(f"端口 {port} 已被占用，请用 --port 换一个，或先停掉占用它的程序。")
        return Exit.USAGE
    out.print("\n正在服务，按 Ctrl-C 停止。")
    serve(port)
    if started:
        stop_database()
    return Exit.OK


def print_otp(name: str, *, as_json: bool) -> int:
    """The command ``otp``: the current code of a demo account."""
    if not settings.DEMO:
        err.print("只有演示账号能这样取动态口令；这里不是演示环境。")
        return Exit.USAGE
    start_database()
    try:
        code = accounts.demo_code(username=name)
    except LookupError:
        err.print(f"没有登录名为“{name}”的演示账号。")
        return Exit.USAGE
    emit({"username": name, "code": code}) if as_json else out.print(code, highlight=False, soft_wrap=True)
    return Exit.OK
