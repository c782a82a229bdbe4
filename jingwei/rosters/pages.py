"""What the templates of the intake are given; one function a page, no queries of its own but counts."""

from typing import Any

from django.core.paginator import Page
from django.urls import reverse
from django.utils import timezone

from jingwei.core.permissions import Actor, Permission
from jingwei.core.templatetags.jw import mask_name, mask_phone
from jingwei.domain.intake import MESSAGES, ErrorCode
from jingwei.domain.lists import LISTS, FieldType, ListKind
from jingwei.rosters.forms import ColumnsForm
from jingwei.rosters.models import Batch
from jingwei.rosters.selectors import FileColumn, RefusedLine, field_zh

# Refused rows of a batch that is not stored are worked out while the page waits.
MOST_ROWS_FOR_EARLY_SHEET = 100_000

_STATUS = {
    Batch.State.READING: ("info", "clock"),
    Batch.State.CHECKED: ("warn", "clipboard-check"),
    Batch.State.COMMITTING: ("info", "clock"),
    Batch.State.COMMITTED: ("ok", ""),
    Batch.State.FAILED: ("late", ""),
    Batch.State.CANCELLED: ("plain", ""),
}


def address(name: str, batch: Batch) -> str:
    """Address of one of a batch's pages."""
    return reverse(f"rosters:{name}", args=[batch.pk])


def list_label(batch: Batch) -> str:
    return str(batch.get_list_kind_display()) if batch.list_kind else "名单未定"


def batch_line(batch: Batch) -> dict[str, Any]:
    """One line of the list of batches."""
    kind, icon = _STATUS[Batch.State(batch.state)]
    counts = batch.counts
    return {
        "url": address("batch", batch),
        "department": list_label(batch),
        "file_name": batch.file.name,
        "sheet": None,
        "as_of": batch.as_of,
        "issuer": batch.place.name if batch.place else batch.body.name if batch.body else "",
        "rows": counts.get("rows"),
        "stored": batch.accepted_count if batch.state == Batch.State.COMMITTED else None,
        "rejected": counts.get("rejected"),
        "flagged": counts.get("flagged"),
        "status": {"label": batch.get_state_display(), "kind": kind, "icon": icon},
        "received_at": batch.created_at,
        "received_by": batch.created_by,
    }


def frame(batch: Batch, actor: Actor) -> dict[str, Any]:
    """What every page of a batch has: title, lead, crumbs, facts of the file, remarks."""
    return {
        "page_title": f"导入{list_label(batch)}名单" if batch.list_kind else "导入名单",
        "step": 2 if batch.parsed else 1,
        "lead": f"{batch.file.name} · 数据日期 {batch.as_of:%Y-%m-%d}",
        "crumbs": [
            {"label": "导入批次", "url": reverse("rosters:batches")},
            {"label": f"批次 {batch.pk}", "url": ""},
        ],
        "batch": batch,
        "file_facts": _file_facts(batch),
        "notes": _notes(batch),
        "upload_url": reverse("rosters:upload"),
        "cancel_url": address("cancel", batch),
        "commit_url": address("commit", batch),
        "restart_url": address("restart", batch),
        "may_import": actor.may(Permission.BATCH_IMPORT),
        "problem": batch.error or None,
    }


def progress(batch: Batch) -> dict[str, Any]:
    """A batch a job is working on."""
    total = batch.parsed.get("row_count")
    if not total:
        return {"status": "running", "progress": None, "progress_text": "读取中"}
    share = min(100, round(100 * batch.progress / total))
    doing = "入库中" if batch.state == Batch.State.COMMITTING else "核对中"
    text = f"{doing}：已处理 {min(batch.progress, total):,} 行，共 {total:,} 行"
    return {"status": "running", "progress": share, "progress_text": text}


def check_page(batch: Batch, columns: list[FileColumn], form: ColumnsForm | None, actor: Actor) -> dict[str, Any]:
    """Step 2: what was guessed, what storing would do, which rows are in question."""
    counts = batch.counts
    early = batch.rejected_count > 0 and counts["rows"] <= MOST_ROWS_FOR_EARLY_SHEET
    return {
        "status": "ready",
        "figures": figures(batch),
        "mapping": [_column(batch, column, form) for column in columns],
        "mapping_form": form,
        "mapping_url": address("columns", batch),
        "flags": [flag_line(batch, each) for each in batch.sample],
        "flags_total": sum(counts.get("codes", {}).values()),
        "rejected_url": address("download", batch) if early and actor.may(Permission.BATCH_IMPORT) else None,
        "commit_count": batch.accepted_count,
        "commit_blocked": _blocked(batch, actor),
    }


def done_page(batch: Batch, actor: Actor) -> dict[str, Any]:
    """Step 3: what was stored."""
    may_mend = batch.rejected_count and actor.may(Permission.BATCH_IMPORT)
    return {
        "status": "done",
        "figures": figures(batch),
        "rejected_count": batch.rejected_count,
        "rejected_page_url": address("rejected", batch),
        "rejected_url": address("download", batch) if may_mend else None,
        "events": [
            {"date": batch.committed_at, "title": "入库", "text": batch.committed_by, "now": True},
            {"date": batch.created_at, "title": "收到文件", "text": batch.created_by, "now": False},
        ],
    }


def rejected_page(batch: Batch, page: Page[Any], lines: list[RefusedLine]) -> dict[str, Any]:
    """Rows that were not stored."""
    page.object_list = [_refused_line(line) for line in lines]
    return {
        "page_title": "未入库的行",
        "lead": f"{list_label(batch)} · {batch.file.name} · 数据日期 {batch.as_of:%Y-%m-%d}",
        "crumbs": [
            {"label": "导入批次", "url": reverse("rosters:batches")},
            {"label": f"批次 {batch.pk}", "url": address("batch", batch)},
            {"label": "未入库的行", "url": ""},
        ],
        "page": page,
        "download_url": address("download", batch),
        "resend_url": address("resend", batch),
        "clear_url": address("rejected", batch),
    }


def known_lists() -> list[dict[str, str]]:
    """The lists the intake knows, for the upload page."""
    return [
        {
            "zh": definition.zh,
            "department": definition.department_zh,
            "headers": "、".join(field.zh for field in definition.fields),
        }
        for definition in LISTS.values()
    ]


def code_choices(batch: Batch) -> list[tuple[str, str]]:
    """Error codes that refuse rows, as the batch has them, with their sentences."""
    return [
        (code, f"{code} {MESSAGES[ErrorCode(code)]}") for code in batch.counts.get("codes", ()) if code.startswith("R-")
    ]


def figures(batch: Batch) -> list[dict[str, Any]]:
    """The counts of a batch in one row; they add up."""
    counts = batch.counts
    if not counts:
        return []
    return [
        {"value": counts["rows"], "label": "读取行数"},
        {"value": counts["same"], "label": "与上期一致"},
        {"value": counts["new"], "label": "新增", "mood": "info"},
        {"value": counts["changed"], "label": "变更", "mood": "info"},
        {
            "value": counts["rejected"],
            "label": "名称、代码都不可用，不入库",
            "mood": "late" if counts["rejected"] else "",
        },
    ]


def flag_line(batch: Batch, sample: dict[str, Any]) -> dict[str, Any]:
    """One example of the dry run as the table of fields in question shows it."""
    return sample | {"field": field_zh(batch, sample["field"])}


def _refused_line(line: RefusedLine) -> dict[str, Any]:
    return {
        "row": line.row,
        "field": line.field_zh,
        "value": line.value,
        "problem": line.reason,
        "code": line.code,
        "repair": line.repair,
        "rejected": not line.mended,
        "mended": line.mended,
    }


def _blocked(batch: Batch, actor: Actor) -> str:
    if not batch.is_mapped:
        return "请先选定名单，并至少为名称或代码选一列"
    if not batch.accepted_count:
        return "没有可以入库的行，请检查列的对应"
    return "" if actor.may(Permission.BATCH_COMMIT) else "当前身份不能确认入库"


def _column(batch: Batch, column: FileColumn, form: ColumnsForm | None) -> dict[str, Any]:
    name = f"column_{column.number}"
    return {
        "header": column.header or f"（第 {column.number + 1} 列，无列名）",
        "samples": [_shown(batch, column, text) for text in column.samples],
        "field": form[name] if form and name in form.fields else None,
        "field_zh": field_zh(batch, column.field) if column.field and batch.list_kind else None,
        "guessed": _why(batch, column),
    }


def _why(batch: Batch, column: FileColumn) -> str:
    guessed = batch.parsed["mapping"].get(str(column.number), "")
    if any(column.number in each["columns"] for each in batch.parsed["conflicts"]):
        return "与另一列同义"
    if column.field:
        return "按列名识别" if column.field == guessed else "人工选定"
    if column.resembles and batch.list_kind:
        names = {field.name for field in LISTS[ListKind(batch.list_kind)].fields}
        return f"像是“{field_zh(batch, column.resembles)}”" if column.resembles in names else ""
    return "序号或外部编号" if column.number in batch.parsed["ignored"] else ""


def _shown(batch: Batch, column: FileColumn, text: str) -> str:
    """An example of a column; personal ones are masked, and so is what nobody has named yet."""
    if not column.field or not batch.list_kind:
        return mask_phone(text) if sum(character.isdigit() for character in text) > 6 else text
    field = LISTS[ListKind(batch.list_kind)].field(column.field)
    if not field.personal:
        return text
    return mask_name(text) if field.type == FieldType.PERSON else mask_phone(text)


def _file_facts(batch: Batch) -> list[dict[str, Any]]:
    parsed = batch.parsed
    facts = [
        ("名单", list_label(batch)),
        ("数据日期", f"{batch.as_of:%Y-%m-%d}"),
        ("范围", batch.place.name if batch.place else None),
        ("经办单位", batch.body.name if batch.body else None),
        ("文件", batch.file.name),
        ("工作表", parsed.get("sheet")),
        ("编码", parsed.get("encoding")),
        ("表头行", f"第 {parsed['header_row']} 行" if parsed else None),
        ("收到", f"{timezone.localtime(batch.created_at):%Y-%m-%d %H:%M} {batch.created_by}"),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


def _notes(batch: Batch) -> list[str]:
    notes = list(batch.parsed.get("notes", []))
    counts = batch.counts
    if counts.get("repeated"):
        notes.append(f"有 {counts['repeated']:,} 行与前面的行代码或名称地址相同，各自单独保存")
    if counts.get("missing"):
        notes.append(f"上期名单有、本期未再列出的单位 {counts['missing']:,} 个：不删除，页面标为上期数据")
    latest = counts.get("latest_as_of")
    if latest and latest > batch.as_of.isoformat():
        notes.append(f"这些单位已有 {latest} 的记录：本批只留作历史，不改变较新的记录")
    return notes
