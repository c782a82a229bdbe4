"""The command ``demo``: set up, invent the city, run the main job, say what was found, serve."""

import json
import os
import secrets
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from jingwei.accounts import services as accounts
from jingwei.accounts.scope import acting
from jingwei.cli.installation import bring_up, start_database, stop_database
from jingwei.cli.main_job import FileResult, JobReport, named_actor, print_report, run_job
from jingwei.cli.serving import port_is_free, serve
from jingwei.cli.terminal import Exit, emit, err, out, progress_bar
from jingwei.core import journal
from jingwei.core.permissions import local_operator
from jingwei.demo.city import SCALES, generate
from jingwei.demo.loading import load_geography
from jingwei.demo.people import ACCOUNTS, create_accounts

MONTH = "2026-10"
AS_OF = date(2026, 10, 31)


def state_file() -> Path:
    return Path(settings.INSTANCE.var) / "demo.json"


def read_state() -> dict[str, Any]:
    return json.loads(state_file().read_text()) if state_file().exists() else {}


def write_state(state: dict[str, Any]) -> None:
    draft = state_file().with_suffix(".tmp")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(state, ensure_ascii=False, indent=1))
    draft.replace(state_file())


def run_demo(*, once: bool, scale: str, seed: int, port: int, as_json: bool) -> int:
    """Everything, or only what is missing: a second run finds its state and starts in seconds."""
    if scale not in SCALES:
        err.print(f"没有“{scale}”这个规模，可选：{'、'.join(SCALES)}。")
        return Exit.USAGE
    os.environ["JW_DEMO"] = "1"
    settings.DEMO = True
    started = bring_up()
    state = read_state()
    if state and (state["scale"], state["seed"]) != (scale, seed) and state.get("finished"):
        err.print(
            f"这里已有规模 {state['scale']}、种子 {state['seed']} 的演示城市，沿用它；要换，请设 JW_VAR 指向另一个目录。"
        )
    if not state.get("finished"):
        state = build_city(scale=scale, seed=seed, password=state.get("password") or new_password())
    emit(state) if as_json else show(state, port)
    if not once:
        return serve_demo(port, started)
    if started:
        stop_database()
    return Exit.OK


def new_password() -> str:
    return f"anlan-{secrets.token_hex(4)}"


def build_city(*, scale: str, seed: int, password: str) -> dict[str, Any]:
    """Generate, load, create the accounts and run the main job as the demo clerk."""
    state: dict[str, Any] = {"scale": scale, "seed": seed, "password": password, "finished": False}
    write_state(state)
    folder = Path(settings.INSTANCE.var) / "demo" / f"{scale}-{seed}"
    operator = local_operator()
    with progress_bar() as progress:
        task = progress.add_task("生成安澜市", total=None)
        if not folder.exists():
            generate(folder, seed=seed, registered=SCALES[scale], month=MONTH)
        progress.update(task, total=1, completed=1)
        task = progress.add_task("建立区划与机构", total=None)
        with acting(operator):
            load_geography(
                folder,
                by=operator,
                on=timezone.now(),
                stage=lambda text: progress.update(task, description=f"导入{text}"),
            )
            create_accounts(password=password, by=operator, on=timezone.now())
        progress.update(task, description="建立区划与机构", total=1, completed=1)
    report = run_job(folder / "files" / MONTH, day=AS_OF, approver=named_actor("clerk", timezone.localdate()))
    while journal.seal():
        pass
    state |= {"finished": not any(item.state == "failed" for item in report.files), "report": asdict(report)}
    write_state(state)
    return state


def show(state: dict[str, Any], port: int) -> None:
    out.print(f"\n安澜市（虚构）· 规模 {state['scale']} · 种子 {state['seed']}", highlight=False, soft_wrap=True)
    held = dict(state["report"])
    print_report(JobReport(**held | {"files": [FileResult(**item) for item in held["files"]]}))
    out.print(
        f"\n地址：http://127.0.0.1:{port}/   所有演示账号的密码：{state['password']}", highlight=False, soft_wrap=True
    )
    for account in ACCOUNTS:
        where = account.place or account.body
        out.print(f"   {account.username:<9}{account.name}　{account.title}　{where}", highlight=False, soft_wrap=True)
    out.print("动态口令：./jw otp 登录名", highlight=False, soft_wrap=True)


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
