"""Figures of the roster as it stands, for the report of a run, and the report as text."""

from django.db.models import Count

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.branches.models import Organization
from jingwei.cli.job_report import FileResult, JobReport
from jingwei.cli.terminal import out
from jingwei.core.permissions import Actor
from jingwei.domain.glossary import term

ROSTER_COLUMNS = ("roster", "legal_form", "ownership", "state", "screening", "covered_as", "coverage_state")


def count_city(report: JobReport, *, by: Actor) -> None:
    """Fill the counts of the report: entities by each column, organizations by form."""
    with acting(by):
        entities = Entity.objects.all()
        for name in ROSTER_COLUMNS:
            rows = entities.values_list(name).annotate(entities=Count("pk")).order_by("-entities")
            setattr(report, name, dict(rows))
        levels = entities.values_list("placement__method").annotate(entities=Count("pk")).order_by("-entities")
        report.placement = {method or "none": number for method, number in levels}
        report.entities = entities.count()
        report.counts_in_base = entities.filter(counts_in_base=True).count()
        living = Organization.objects.filter(valid__upper_inf=True).values_list("form")
        report.organizations = dict(living.annotate(number=Count("pk")).order_by("-number"))


def print_report(report: JobReport) -> None:
    """The report as lines for people."""
    for item in report.files:
        say(
            f" {'✗' if item.state == 'failed' else '✓'} {item.file}（{item.list_kind or '未识别'}）：{_file_line(item)}"
        )
    if report.missing:
        say(f" 未收到的名单：{'、'.join(report.missing)}；有关的项目按“未知”计，不作零。")
    if report.links:
        say(f" 对碰：{sum(item['rows'] for item in report.links.values())} 行，待核 {report.review} 行")
    if report.approved_by:
        _print_figures(report)
    for remark in report.remarks:
        say(f" ! {remark}")
    for name, path in report.outputs.items():
        say(f" {name}：{path}")


def print_stages(report: JobReport) -> None:
    """Seconds and memory of each stage."""
    for stage in report.stages:
        say(f"   {stage.name}：{stage.seconds:.1f} 秒，内存峰值 {stage.peak_mb} MB")
    say(f"   合计 {sum(stage.seconds for stage in report.stages):.0f} 秒")


def _print_figures(report: JobReport) -> None:
    say(f" 基础名册：{report.entities} 户，计入底数 {report.counts_in_base} 户（批准人 {report.approved_by}）")
    for title, group, values in (
        ("名册", "roster", report.roster), ("法律形式", "legal_form", report.legal_form),
        ("所有制", "ownership", report.ownership), ("登记状态", "registration_state", report.state),
        ("三有初筛", "screening", report.screening), ("落点方法", "placement_method", report.placement),
        ("覆盖形式", "covered_as", report.covered_as), ("覆盖状态", "coverage_state", report.coverage_state),
    ):  # fmt: skip
        parts = "，".join(f"{term(f'{group}.{value}').zh} {number}" for value, number in values.items())
        say(f"   {title}：{parts}")
    forms = "，".join(f"{Organization.Form(form).label} {number}" for form, number in report.organizations.items())
    say(f"   党组织：{forms or '无'}")
    if report.snapshot:
        say(f" 快照：{report.snapshot}{f'，对比 {report.compared}' if report.compared else ''}")


def _file_line(item: FileResult) -> str:
    if item.state == "failed":
        return item.message
    return f"{item.rows} 行，入库 {item.stored}，退回 {item.rejected}"


def say(text: str) -> None:
    out.print(text, highlight=False, soft_wrap=True, markup=False)
