"""Template tags and filters of every page: icons, dates, numbers, masks, links, statuses, fields."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest, QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

Figure = int | float | Decimal | str | None

NONE = "—"
STAR = "＊"
SPRITE = "vendor/icons.svg"
STATUS_ICONS = {
    "ok": "circle-check",
    "warn": "clock",
    "late": "alert-triangle",
    "err": "alert-circle",
    "info": "info-circle",
    "unknown": "help-circle",
    "plain": "circle-minus",
}
PAGES_AROUND = 2
IMPORT_STEPS = ("读取", "核对", "入库")
FILLED = '<rect class="fill" width="{}%" height="6" rx="3"/>'
HATCHED = '<rect fill="url(#hatch)" x="{}%" width="{}%" height="6"/>'
TICK = '<rect class="tick" x="{}%" y="-3" width="2" height="12"/>'
MISSING = (None, "")
LAST_TICK = 99.2  # a tick at 100 would fall outside the bar


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """One icon of the sprite. ``size`` is s or l; with a ``label`` it is an image, else decoration."""
    href = f"{static(SPRITE)}#i-{name}"
    classes = f"icon {size}".strip()
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', classes, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', classes, href)


def local_day(value: date | datetime) -> date:
    """The calendar day of a date, or of a moment in local time."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter
def day_zh(value: date | datetime | None) -> str:
    """Date in prose: 2026 年 10 月 31 日."""
    if not value:
        return NONE
    day = local_day(value)
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


@register.filter
def day(value: date | datetime | None) -> str:
    """Date in a table: 10-31."""
    return f"{local_day(value):%m-%d}" if value else NONE


@register.filter
def full_day(value: date | datetime | None) -> str:
    """Date where the year matters: 2026-10-31."""
    return f"{local_day(value):%Y-%m-%d}" if value else NONE


@register.filter
def moment(value: datetime | None) -> str:
    """Date and time of day: 2026-10-31 10:42."""
    if not value:
        return NONE
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%Y-%m-%d %H:%M}"


@register.filter
def span_zh(value: timedelta | None) -> str:
    """Length of time, rounded up to minutes, from an hour on up to hours: 15 分钟, 2 小时."""
    if value is None:
        return NONE
    minutes = -(-int(value.total_seconds()) // 60)
    return f"{minutes} 分钟" if minutes < 60 else f"{-(-minutes // 60)} 小时"


@register.filter
def num(value: int | float | Decimal | str | None) -> str:
    """Number with thousands separators; none is a dash, zero is 0, text stays as it is."""
    if value is None or value == "":
        return NONE
    return value if isinstance(value, str) else f"{value:,}"


@register.filter
def num_or_unknown(value: int | float | Decimal | None) -> str:
    """Number, or the marked word 未知: a missing count is never shown as 0."""
    return unknown("未知") if value is None else num(value)


@register.filter
def unknown(value: str) -> SafeString:
    """Text marked as unknown, with the dashed line that means it on every page."""
    return format_html('<span class="unknown">{}</span>', value)


@register.filter
def or_none(value: object) -> object:
    """The value, or a dash when there is none. Zero is a value."""
    return NONE if value is None or value == "" else value


@register.filter
def mask_name(value: str | None) -> str:
    """Personal name without its middle; of a name of two characters the first is left."""
    if not value:
        return NONE
    if len(value) < 3:
        return value[0] + STAR
    return value[0] + STAR * (len(value) - 2) + value[-1]


@register.filter
def mask_phone(value: str | None) -> str:
    """Phone number without its middle digits: a third of it, at least four, is hidden."""
    if not value:
        return NONE
    hidden = min(len(value), max(4, len(value) // 3))
    start = (len(value) - hidden) // 2
    return value[:start] + STAR * hidden + value[start + hidden :]


@register.simple_tag(takes_context=True)
def query_without(context: Mapping[str, Any], name: str, value: str = "") -> str:
    """The page's query string without a parameter, or without one of its values; back to page 1."""
    request: HttpRequest = context["request"]
    query: QueryDict = request.GET.copy()
    kept = [held for held in query.getlist(name) if value and held != str(value)]
    query.setlist(name, kept)
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.simple_tag
def status_tag(label: str, kind: str = "plain", icon_name: str = "", *, plain: bool = False) -> SafeString:
    """Status as icon, word and colour. ``plain`` leaves the box out, as in a table's state column.

    ``kind`` is ok, warn, late, err, info, unknown or plain; ``icon_name`` replaces the kind's icon,
    and "none" leaves it out where the word alone is a label rather than a status.
    """
    image = "" if icon_name == "none" else icon(icon_name or STATUS_ICONS.get(kind, "circle-minus"), "s")
    return format_html('<span class="{} {}">{}{}</span>', "state" if plain else "tag", kind, image, label)


@register.simple_tag
def bar(part: Figure, target: Figure = None, hatched_from: Figure = None, kind: str = "") -> SafeString:
    """Bar over 0 to 100 with an optional target tick; what lies beyond ``hatched_from`` is unknown.

    Drawn with SVG attributes, because the pages allow no inline style. The figures stand beside
    it as text, so it is hidden from screen readers. A template hands over "" for what is missing.
    """
    whole = min(float(part or 0), 100)
    known = whole if hatched_from in MISSING else min(whole, float(hatched_from or 0))
    pieces = [format_html(FILLED, round(known, 2))]
    if known < whole:
        pieces.append(format_html(HATCHED, round(known, 2), round(whole - known, 2)))
    if target not in MISSING:
        pieces.append(format_html(TICK, round(min(float(target or 0), LAST_TICK), 2)))
    shapes = format_html_join("", "{}", ((piece,) for piece in pieces))
    return format_html('<svg class="bar {}" aria-hidden="true">{}</svg>', kind, shapes)


@register.simple_tag
def page_numbers(number: int, pages: int) -> list[int | None]:
    """Page numbers to link: first, last and those around the current one; None is a gap."""
    near = range(number - PAGES_AROUND, number + PAGES_AROUND + 1)
    shown = sorted({1, pages, *(page for page in near if 1 <= page <= pages)})
    numbers: list[int | None] = []
    for page in shown:
        if numbers and numbers[-1] is not None and page - numbers[-1] > 1:
            numbers.append(None)
        numbers.append(page)
    return numbers


def field_kind(field: BoundField) -> str:
    """How a field is laid out: check, group, file or line."""
    kind = getattr(field.field.widget, "input_type", "")
    if kind == "checkbox" and not field.use_fieldset:
        return "check"
    if field.use_fieldset:
        return "group"
    return "file" if kind == "file" else "line"


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, *, optional_mark: bool = True) -> dict[str, Any]:
    """One form field: label above, hint below, error below with its icon; optional ones say so."""
    return {
        "field": bound,
        "kind": field_kind(bound),
        "optional": optional_mark and not bound.field.required,
    }


@register.inclusion_tag("components/stepper.html")
def stepper(current: int) -> dict[str, Any]:
    """The steps of an import, with the current one (1 to 3) marked."""
    return {"steps": IMPORT_STEPS, "current": current}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Sequence[Mapping[str, str]]]:
    """All errors of the forms in one box at the top, each a link to its field."""
    found: list[Mapping[str, str]] = []
    for form in forms:
        found.extend({"label": str(message), "target": ""} for message in form.non_field_errors())
        found.extend(
            {"label": str(bound.label), "target": bound.id_for_label or bound.auto_id, "message": str(message)}
            for bound in form
            for message in list(bound.errors)[:1]
        )
    return {"problems": found}
