"""Shapes of what the pages of Party organizations send."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django import forms

from jingwei.bodies.models import Body
from jingwei.branches.models import Organization
from jingwei.branches.selectors import OrganizationFilters
from jingwei.domain.coverage.organization_findings import OrganizationFinding
from jingwei.places.models import Place

# A value with its label, or the title of a group with its choices.
Choice = tuple[str, str | list[tuple[str, str]]]
ALL = ("", "全部")
STATES = [("active", "存续"), ("ended", "已撤销"), ("all", "全部")]


class AreaForm(forms.Form):
    """A text and an area; an unreadable condition is left out, the others stand."""

    q = forms.CharField(label="名称", required=False, max_length=60)
    area = forms.ChoiceField(label="区域", required=False)

    def __init__(self, *args: Any, places: Iterable[Place] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = list(places)
        self._places = {str(place.pk): place for place in held}
        choose(self, "area", area_choices(held))

    def text(self) -> str:
        return str(self.read().get("q") or "").strip()

    def area_chosen(self) -> Place | None:
        return self._places.get(self.read().get("area") or "")

    def read(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


class OrganizationForm(AreaForm):
    """Conditions of the list of organizations."""

    q = forms.CharField(
        label="党组织或单位名称",
        required=False,
        max_length=60,
        widget=forms.TextInput({"placeholder": "名称的一部分"}),
    )
    form = forms.ChoiceField(label="组建方式", required=False, choices=[ALL, *Organization.Form.choices])
    level = forms.ChoiceField(label="类别", required=False, choices=[ALL, *Organization.Level.choices])
    superior = forms.ChoiceField(label="上级党组织", required=False)
    area = forms.ChoiceField(label="区域", required=False)
    finding = forms.ChoiceField(label="问题", required=False, choices=lambda: [ALL, *OrganizationFinding.choices()])
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)

    def __init__(self, *args: Any, superiors: Iterable[Body] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "superior", [(str(body.pk), body.name) for body in superiors])

    def filters(self) -> OrganizationFilters:
        """The conditions that could be read."""
        chosen = self.read()
        return OrganizationFilters(
            text=self.text(),
            form=chosen.get("form") or "",
            level=chosen.get("level") or "",
            superior=int(chosen["superior"]) if chosen.get("superior") else None,
            area=self.area_chosen(),
            finding=chosen.get("finding") or "",
            state=chosen.get("state") or "active",
        )


class DecisionForm(forms.Form):
    """Which entity a name means; none where the roster does not hold it."""

    entity = forms.IntegerField(required=False, min_value=1)
    absent = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        chosen: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(chosen.get("entity")) == bool(chosen.get("absent")):
            raise forms.ValidationError("请选定一家，或者确定名册里没有。")
        return chosen


def choose(form: forms.Form, name: str, choices: Iterable[Choice]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [ALL, *choices]


def area_choices(places: Iterable[Place]) -> list[Choice]:
    """Counties, each with its towns and overlays; places whose county is not offered stand by themselves."""
    held = list(places)
    inside = defaultdict(list)
    for place in held:
        if place.kind != Place.Kind.COUNTY:
            inside[place.parent_id].append((str(place.pk), place.name))
    choices: list[Choice] = []
    for county in (place for place in held if place.kind == Place.Kind.COUNTY):
        choices.append((county.name, [(str(county.pk), f"{county.name}（全部）"), *inside.pop(county.pk, [])]))
    return [*choices, *(choice for rest in inside.values() for choice in rest)]
