"""Shapes of what the pages of the calendar send."""

from typing import Any

from django import forms

from jingwei.core.models import Holiday


class HolidayForm(forms.Form):
    """A day, or days in a row, with what they are and who said so."""

    first = forms.DateField(label="第一天", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(
        label="最后一天", required=False, help_text="只有一天时不填", widget=forms.DateInput(attrs={"type": "date"})
    )
    kind = forms.ChoiceField(label="类别", choices=Holiday.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label="名称", max_length=40, help_text="如 春节、国庆节调休")
    source = forms.CharField(label="依据", max_length=120, help_text="通知的名称和文号")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("first") and not cleaned.get("last"):
            cleaned["last"] = cleaned["first"]
        return cleaned


class RemoveHolidayForm(forms.Form):
    """Nothing to fill in: the button is the whole form."""
