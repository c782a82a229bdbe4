"""Shapes of what the pages of the registrations send."""

from typing import Any
from uuid import uuid4

from django import forms

from jingwei.core.permissions import Actor
from jingwei.domain.lists import ListKind
from jingwei.places.models import Place
from jingwei.registrations.intake import KINDS, LONGEST, Problem
from jingwei.registrations.models import Registration
from jingwei.registrations.services.registering import LONGEST_KEY, LONGEST_REASON
from jingwei.rosters.selectors import places_of

KIND_CHOICES = [(kind.value, zh) for kind, zh in KINDS.items()]
STATE_CHOICES = [("", "全部"), *Registration.State.choices]
# The form asks for what tells a unit apart, and for no more.
ASKED = ("name", "uscc", "legal_representative", "address", "phone")


def _line(label: str, *, hint: str = "", **attributes: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attributes})
    return forms.CharField(label=label, required=False, max_length=LONGEST, help_text=hint, widget=widget)


class RegistrationForm(forms.Form):
    """One unit as its licence shows it. ``key`` makes a form that is sent twice one registration."""

    kind = forms.ChoiceField(label="登记类别", choices=KIND_CHOICES)
    name = _line("名称", hint="与证照一致的全称", autofocus="autofocus")
    uscc = _line("统一社会信用代码", hint="18 位；没有的留空", autocapitalize="characters", spellcheck="false")
    legal_representative = _line("法定代表人（负责人）")
    address = _line("住所（经营场所）")
    phone = _line("联系电话", inputmode="tel")
    place = forms.ModelChoiceField(label="属地", queryset=Place.objects.none(), empty_label=None)
    distinct_reason = forms.CharField(
        label="确认不是同一个单位的理由", required=False, max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    key = forms.CharField(max_length=LONGEST_KEY, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = places_of(actor)
        field = self.fields["place"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Place.objects.filter(pk__in=[place.pk for place in places])
        field.initial = places[0] if places else None
        self.fields["key"].initial = uuid4().hex
        self.order_fields(["kind", *ASKED, "place", "distinct_reason", "key"])

    def values(self) -> dict[str, str]:
        """What was typed into the fields of the list."""
        return {name: self.cleaned_data[name] for name in ASKED if self.cleaned_data.get(name)}

    def chosen_kind(self) -> ListKind:
        return ListKind(self.cleaned_data["kind"])

    def add_problems(self, problems: list[Problem]) -> None:
        """Show each problem at its field, and what belongs to no field at the top."""
        for problem in problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)


class TypedForm(forms.Form):
    """What has been typed so far; nothing is required yet."""

    kind = forms.ChoiceField(choices=KIND_CHOICES)
    name = _line("名称")
    uscc = _line("统一社会信用代码")
    legal_representative = _line("法定代表人")
    address = _line("住所")
    phone = _line("联系电话")


class ReasonForm(forms.Form):
    """Why a registration is taken back."""

    reason = forms.CharField(
        label="撤回原因", max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明原因。"},
    )  # fmt: skip


class StateForm(forms.Form):
    """Which registrations a list shows."""

    state = forms.ChoiceField(required=False, choices=STATE_CHOICES)


class PileForm(forms.Form):
    """Which waiting registrations are handed over."""

    kind = forms.ChoiceField(choices=KIND_CHOICES)
    place = forms.ModelChoiceField(queryset=Place.objects.defer("boundary"))
