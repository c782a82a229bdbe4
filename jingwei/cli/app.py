"""The commands. Each parses its options and calls a service; none decides anything."""

import sys
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from psycopg import OperationalError

from jingwei.cli import checks
from jingwei.cli.help_words import ChineseTyper
from jingwei.cli.installation import bring_up, ready, stop_database
from jingwei.cli.serving import port_is_free
from jingwei.cli.serving import serve as run_server
from jingwei.cli.terminal import Exit, emit, err, out, usage_zh
from jingwei.core.database import DatabaseRefused
from jingwei.core.instance import PROJECT_ROOT
from jingwei.core.postgres import PostgresError

app = ChineseTyper(
    name="jw",
    help="经纬：新兴领域底数、管理体系与两个覆盖。",
    add_completion=False,
    rich_markup_mode=None,
)


class LinkEngine(StrEnum):
    """What works a linkage out."""

    DUCKDB = "duckdb"
    SPARK = "spark"


JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取")]
PortOption = Annotated[int, typer.Option("--port", help="端口，只在本机 127.0.0.1 上服务")]


@app.command(help="建好一切，生成演示城市安澜市，跑通主流程并启动服务。再次运行只需几秒，不丢数据。")
def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="跑完即退出，不启动服务")] = False,
    scale: Annotated[str, typer.Option(help="规模：demo（约 2 万）、city（30 万）、large（100 万）")] = "demo",
    months: Annotated[int, typer.Option(min=0, max=36, help="演进几个月；默认 demo 为 13 个月，其余为 1 个月")] = 0,
    seed: Annotated[int, typer.Option(help="随机种子，同一种子生成同一城市")] = 2026,
    port: PortOption = 8765,
    as_json: JsonOption = False,
) -> None:
    ready()
    from jingwei.cli.demo import run_demo

    raise typer.Exit(run_demo(once=once, scale=scale, months=months, seed=seed, port=port, as_json=as_json))


@app.command(help="在 127.0.0.1 上启动服务（网页、后台任务、数据库），Ctrl-C 安全停止。")
def serve(port: PortOption = 8765) -> None:
    if not port_is_free(port):
        err.print(f"端口 {port} 已被占用，请用 --port 换一个，或先停掉占用它的程序。")
        raise typer.Exit(Exit.USAGE)
    ready()
    started = bring_up()
    out.print(f"经纬已启动：http://127.0.0.1:{port}/   按 Ctrl-C 停止")
    run_server(port)
    if started:
        stop_database()


@app.command(
    help="主流程：目录里的部门名单（任意几份）读入、核对、对碰，生成名册、覆盖判定、统计表和通报。可重复运行。"
)
def run(
    *,
    directory: Annotated[Path, typer.Argument(help="放部门名单的目录", exists=True, file_okay=False)],
    out_dir: Annotated[Path | None, typer.Option("--out", help="输出目录：名册、清单、统计表、通报、待定事项")] = None,
    city: Annotated[str, typer.Option(help="哪个市，如 南昌；首次运行时据此导入区划和基本机构")] = "",
    divisions: Annotated[
        Path | None, typer.Option(help="本市自己的区划表，代替公开区划", exists=True, dir_okay=False)
    ] = None,
    as_of: Annotated[str, typer.Option(help="数据日期，如 2026-10-31；默认今天")] = "",
    approve_as: Annotated[
        str,
        typer.Option(
            "--approve-as",
            help="由谁批准确定性的对碰结果：登录名或姓名；还没有经办账号时，按姓名设立首个。不填则只提出、待批准",
        ),
    ] = "",
    reason: Annotated[str, typer.Option(help="同月重新生成快照的原因")] = "",
    as_json: JsonOption = False,
) -> None:
    ready()
    from jingwei.cli.run import RunOptions, run_command

    options = RunOptions(
        directory=directory, out=out_dir, city=city, divisions=divisions, as_of=as_of, approve_as=approve_as,
        reason=reason, as_json=as_json,
    )  # fmt: skip
    raise typer.Exit(run_command(options))


@app.command(help="按名册现状生成某月的指标快照；同月再次生成须写明原因，旧快照不变。")
def snapshot(
    *,
    month: Annotated[str, typer.Option(help="月份，如 2026-10")],
    taken_by: Annotated[str, typer.Option("--as", help="生成人的登录名或姓名；默认本机操作员")] = "",
    reason: Annotated[str, typer.Option(help="同月再次生成的原因")] = "",
    as_json: JsonOption = False,
) -> None:
    ready()
    from jingwei.cli.month_commands import snapshot_command

    raise typer.Exit(snapshot_command(month=month, name=taken_by, reason=reason, as_json=as_json))


@app.command(help="由快照生成某季度的通报（Word 与 PDF），写到指定目录。")
def bulletin(
    *,
    quarter: Annotated[str, typer.Option(help="季度，如 2026Q3")],
    out_dir: Annotated[Path, typer.Option("--out", help="输出目录")],
    made_by: Annotated[str, typer.Option("--as", help="生成人的登录名或姓名；默认本机操作员")] = "",
    as_json: JsonOption = False,
) -> None:
    ready()
    from jingwei.cli.month_commands import bulletin_command

    raise typer.Exit(bulletin_command(quarter=quarter, out=out_dir, name=made_by, as_json=as_json))


@app.command(help="不用数据库，直接对碰目录里的名单，写出 links.csv、rejects.csv、review.csv、summary.json。")
def link(
    *,
    directory: Annotated[Path, typer.Argument(help="放部门名单的目录")],
    out_dir: Annotated[Path, typer.Option("--out", help="输出目录")],
    threads: Annotated[int, typer.Option(help="并行线程数")] = 2,
    state: Annotated[
        Path | None, typer.Option("--state", help="状态文件：全量对碰时写入，供以后增量对碰；增量对碰时读取并更新")
    ] = None,
    delta: Annotated[
        bool, typer.Option("--delta", help="增量对碰：目录里只有新增、变更和撤回的行（列“原行号”“变动”），需 --state")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="增量对碰之后也写出全部结果")] = False,
    model: Annotated[Path | None, typer.Option("--model", help="沿用此状态文件的版本（权重、频次、地名）")] = None,
    engine: Annotated[LinkEngine, typer.Option("--engine", help="计算引擎；spark 需要 Java 17，首次使用时安装")] = (
        LinkEngine.DUCKDB
    ),
    master: Annotated[str, typer.Option("--master", help="Spark 集群地址，如 spark://主机:7077、yarn、local[2]")] = (
        "local[*]"
    ),
    as_json: JsonOption = False,
) -> None:
    is_spark = engine is LinkEngine.SPARK
    if is_spark and (delta or state or model):
        err.print("--engine spark 只做全量对碰，不能与 --state、--delta、--model 同用。")
        raise typer.Exit(Exit.USAGE)
    if delta:
        from jingwei.core.lean import spare_libraries

        spare_libraries()
        from jingwei.cli.link_delta import delta_command

        raise typer.Exit(
            delta_command(directory, out=out_dir, state=state, threads=threads, full=full, as_json=as_json)
        )
    from jingwei.cli.link import link_command

    raise typer.Exit(
        link_command(
            directory,
            out=out_dir,
            threads=threads,
            as_json=as_json,
            state=state,
            model=model,
            master=master if is_spark else None,
        )
    )


@app.command(help="导入本单位的基础表：区划、沿革、园区楼宇、路段门牌、边界、机构、节假日。整表校验，可重复导入。")
def tables(
    kind: Annotated[str, typer.Argument(help="divisions、history、overlays、roads、boundaries、bodies 或 holidays")],
    file: Annotated[Path, typer.Argument(help="CSV 或 xlsx 文件（边界为 GeoJSON）", exists=True, dir_okay=False)],
    as_json: JsonOption = False,
) -> None:
    ready()
    from jingwei.cli.tables import import_table

    raise typer.Exit(import_table(kind, file, as_json=as_json))


@app.command(help="检查本机缺什么、错什么、慢在哪里。")
def doctor(as_json: JsonOption = False) -> None:
    ready()
    from jingwei.cli.doctor import as_json as plain
    from jingwei.cli.doctor import examine

    findings = examine()
    if as_json:
        emit(plain(findings))
    else:
        marks = {"ok": "✓", "warn": "!", "fail": "✗"}
        for finding in findings:
            out.print(
                f" {marks[finding.state]} {finding.name}：{finding.detail}{'；' + finding.advice if finding.advice else ''}",
                highlight=False,
                soft_wrap=True,
            )
    raise typer.Exit(Exit.FAILED if any(finding.state == "fail" for finding in findings) else Exit.OK)


@app.command(help="显示演示账号当前的动态口令。")
def otp(name: Annotated[str, typer.Argument(help="演示账号的登录名")], as_json: JsonOption = False) -> None:
    ready()
    from jingwei.cli.demo import print_otp

    raise typer.Exit(print_otp(name, as_json=as_json))


@app.command(help="由事实重新计算名册和覆盖的各列，或只核对不改（--check，每夜运行）。")
def rebuild(
    check: Annotated[bool, typer.Option("--check", help="只比较，有差异时退出码为 1")] = False,
    as_json: JsonOption = False,
) -> None:
    ready()
    from jingwei.cli.rebuilding import check_columns, rebuild_columns

    raise typer.Exit(check_columns(as_json=as_json) if check else rebuild_columns(as_json=as_json))


@app.command(
    help="部门系统的登记令牌：issue 系统名 --user 账号（发放，只显示一次）、list（查看）、revoke 编号（停用）。"
)
def token(
    act: Annotated[str, typer.Argument(help="issue、list 或 revoke")],
    what: Annotated[str, typer.Argument(help="系统名称，或令牌编号")] = "",
    user: Annotated[str, typer.Option(help="令牌代表的账号：登录名或姓名")] = "",
    as_json: JsonOption = False,
) -> None:
    ready()
    from jingwei.cli import tokens

    if act == "issue" and what and user:
        raise typer.Exit(tokens.issue(what, user=user, as_json=as_json))
    if act == "revoke" and what:
        raise typer.Exit(tokens.revoke(what, as_json=as_json))
    if act != "list":
        err.print("请写成：issue 系统名 --user 账号、list 或 revoke 编号。", markup=False)
        raise typer.Exit(Exit.USAGE)
    raise typer.Exit(tokens.listed(as_json=as_json))


@app.command(help="停止内置数据库。")
def stop() -> None:
    stop_database()


@app.command(help="运行全部检查；fast 在一分钟内，full 与持续集成相同。")
def test(
    scope: Annotated[str, typer.Argument(help="full 或 fast")] = "full",
) -> None:
    if scope not in ("full", "fast"):
        err.print(f"没有“{scope}”这个范围，可选：full、fast。", markup=False)
        raise typer.Exit(Exit.USAGE)
    raise typer.Exit(checks.run_checks(fast=scope == "fast"))


@app.command(
    help="性能基准，如 ./jw bench indicators --entities 3000；名称之后是该基准自己的选项。",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def bench(
    context: typer.Context, name: Annotated[str, typer.Argument(help="基准名称，如 web、indicators、linkage")]
) -> None:
    sys.path.insert(0, str(PROJECT_ROOT))
    if not name.isidentifier() or find_spec(f"benchmarks.{name}") is None:
        err.print(f"没有“{name}”这个基准。", markup=False)
        raise typer.Exit(Exit.USAGE)
    ready()
    bring_up()
    raise typer.Exit(import_module(f"benchmarks.{name}").run(context.args))


def main() -> None:
    """Run a command; a wrong command line, Ctrl-C or an unfit database ends it with its code and Chinese text."""
    try:
        code = app(standalone_mode=False, prog_name="./jw")
    except typer.TyperException as error:
        err.print(usage_zh(error), markup=False)
        code = error.exit_code
    except (PostgresError, DatabaseRefused) as error:
        err.print(str(error), markup=False)
        code = Exit.SETUP
    except OperationalError:
        err.print("连不上数据库。请运行 ./jw doctor 查看原因。")
        code = Exit.SETUP
    if code == Exit.INTERRUPTED:
        err.print("\n已中断；已入库的数据不受影响，可重新运行。")
    sys.exit(code)
