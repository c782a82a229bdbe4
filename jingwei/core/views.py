"""Pages of the calendar: the days that the office itself has set off or to work."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from jingwei.core import calendar
from jingwei.core.forms import HolidayForm, RemoveHolidayForm
from jingwei.core.holiday_pages import days_context, may_edit, year_of
from jingwei.core.models import Holiday
from jingwei.core.permissions import Permission, require
from jingwei.core.refusal import Refused
from jingwei.core.requests import ActorRequest


@require_GET
def days(request: ActorRequest) -> HttpResponse:
    """The days of one year."""
    require(request.actor, Permission.PLACES_VIEW)
    year = year_of(request.GET.get("year", ""), timezone.localdate())
    own = calendar.work_calendar()
    held = list(Holiday.objects.filter(day__year=year))
    context = days_context(
        held, year=year, unknown=own.unknown_years(*calendar.first_and_last(year)), actor=request.actor
    )
    return render(request, "core/holidays.html", context)


@require_http_methods(["GET", "POST"])
def add(request: ActorRequest) -> HttpResponse:
    """Set a day, or days in a row."""
    may_edit(request.actor)
    form = HolidayForm(request.POST or None)
    if form.is_valid():
        try:
            done = calendar.set_holidays(by=request.actor, on=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已设定 {len(done)} 天：{done[0].day} 起，{done[0].get_kind_display()}。")
            return redirect(f"{reverse('calendar:days')}?year={done[0].day.year}")
    context = {
        "page_title": "设定节假日",
        "lead": "各项工作日期限按此计算；已发出的提示函期限不变",
        "crumbs": [{"label": "节假日", "url": reverse("calendar:days")}, {"label": "设定", "url": ""}],
        "form": form,
        "intro": "同一天再次设定，以后一次为准，原来的设定留在日志里。",
        "cancel_url": reverse("calendar:days"),
    }
    return render(request, "core/form.html", context)


@require_http_methods(["GET", "POST"])
def remove(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a day back."""
    may_edit(request.actor)
    holiday = get_object_or_404(Holiday, pk=pk)
    back = f"{reverse('calendar:days')}?year={holiday.day.year}"
    if request.method == "POST":
        calendar.remove_holiday(holiday=holiday, by=request.actor, on=timezone.now())
        messages.success(request, f"已删去 {holiday.day} 的设定。")
        return redirect(back)
    context = {
        "page_title": "删去一天的设定",
        "lead": f"{holiday.day} {holiday.get_kind_display()} {holiday.name}",
        "crumbs": [{"label": "节假日", "url": back}, {"label": "删去", "url": ""}],
        "form": RemoveHolidayForm(),
        "danger_text": "删去之后，这一天按内置日历（没有则按周一至周五）判断是否上班。",
        "submit_label": "删去",
        "cancel_url": back,
    }
    return render(request, "core/form.html", context)
