"""Shapes of what the pages of coverage send."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from jingwei.base_roster.models import Entity
from jingwei.coverage.filters import EVERY, NOWHERE, UNSTATED, CoverageFilters, LetterState
from jingwei.coverage.models import Cause, NoticeLetter
from jingwei.domain.coverage import CoverageFit, CoverageState, CoveredAs, Parameters
from jingwei.places.models import Place

ALL = ("", "全部")
_LETTERS = {
    LetterState.NONE: "未发函",
    LetterState.WAITING: "待答复",
    LetterState.OVERDUE: "逾期未复",
    LetterState.ANSWERED: "已答复",
    LetterState.CLOSED: "已了结",
}
_AGES = ((30, "30 天以上"), (90, "90 天以上"), (180, "半年以上"), (365, "一年以上"))
# Which conditions say something about the entities of a state.
_COMMON = ("q", "county", "area", "roster", "base")
FIELDS: Mapping[str, tuple[str, ...]] = {
    CoverageState.SHOULD: (*_COMMON, "fit", "days", "cause", "letter"),
    CoverageState.FEW: (*_COMMON, "fit", "cause"),
    CoverageState.CANVASS: _COMMON,
    CoverageState.BLANK: (*_COMMON, "cause"),
    CoverageState.WORK: (*_COMMON, "cause"),
    CoverageState.COVERED: (*_COMMON, "form"),
    EVERY: (*_COMMON, "form", "unknown"),
}
# Choices of the form of coverage that stand for several forms.
ORGANIZATION, WORK = "organization", "work"
_FITS: Mapping[str, tuple[CoverageFit, ...]] = {
    CoverageState.SHOULD: (CoverageFit.COMMITTEE, CoverageFit.GENERAL_BRANCH, CoverageFit.BRANCH),
    CoverageState.FEW: (CoverageFit.JOINT, CoverageFit.ATTACHED),
}


class UnitsForm(forms.Form):
    """Conditions of a list of one state. An unreadable condition is left out, the others stand."""

    q = forms.CharField(label="名称或统一社会信用代码", required=False, max_length=60)
    county = forms.TypedChoiceField(label="区县", required=False, coerce=int, empty_value=None)
    area = forms.TypedChoiceField(label="镇街 / 园区", required=False, coerce=int, empty_value=None)
    roster = forms.ChoiceField(label="名册", required=False, choices=[ALL, *Entity.Roster.choices])
    fit = forms.ChoiceField(label="适用形式", required=False)
    days = forms.TypedChoiceField(
        label="应建时长",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[ALL, *((str(n), zh) for n, zh in _AGES)],
    )
    cause = forms.ChoiceField(label="未建原因", required=False, choices=[ALL, (UNSTATED, "未填"), *Cause.Kind.choices])
    letter = forms.ChoiceField(
        label="提示函", required=False, choices=[ALL, *((key.value, zh) for key, zh in _LETTERS.items())]
    )
    form = forms.ChoiceField(label="覆盖形式", required=False)
    base = forms.BooleanField(label="只看计入底数的", required=False)
    unknown = forms.BooleanField(label="只看性质未知的", required=False)

    def __init__(self, *args: Any, state: str, places: Iterable[Place], values: Parameters, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state, self.values = state, values
        for name in set(self.fields) - set(FIELDS[state]):
            del self.fields[name]
        places = list(places)
        counties = [place for place in places if place.kind == Place.Kind.COUNTY]
        nowhere = [(str(NOWHERE), "未定区县")] if len(counties) > 1 else []
        self._choose("county", [*((str(place.pk), place.name) for place in counties), *nowhere])
        self._choose("area", self._areas(places, several=len(counties) > 1))
        if "fit" in self.fields:
            self._choose("fit", [(fit.value, fit.zh) for fit in _FITS[state]])
        if "form" in self.fields:
            kinds = [(ORGANIZATION, "组织覆盖（各种形式）"), (WORK, "组织或工作覆盖")]
            self._choose("form", [*kinds, *((form.value, form.zh) for form in CoveredAs)])

    def filters(self) -> CoverageFilters:
        """The conditions that could be read."""
        self.is_valid()
        chosen = self.cleaned_data
        return CoverageFilters(
            state=self.state,
            text=(chosen.get("q") or "").strip(),
            county=chosen.get("county"),
            area=chosen.get("area"),
            roster=chosen.get("roster") or "",
            fit=chosen.get("fit") or "",
            cause=chosen.get("cause") or "",
            letter=chosen.get("letter") or "",
            covered_as=self._covered_as(chosen.get("form") or ""),
            days=chosen.get("days"),
            in_base=bool(chosen.get("base")),
            ownership_unknown=bool(chosen.get("unknown")),
        )

    def conditions(self) -> list[tuple[str, str]]:
        """Field name and Chinese text of every condition in force."""
        self.is_valid()
        given = ((name, value) for name, value in self.cleaned_data.items() if value not in (None, "", False))
        return [(name, self._text(name, value)) for name, value in given]

    def shown(self) -> list[forms.BoundField]:
        """Bound fields in order; those that leave no choice are left out."""
        return [bound for bound in self if not self._is_alone(bound.name)]

    def _is_alone(self, name: str) -> bool:
        field = self.fields[name]
        return isinstance(field, forms.ChoiceField) and len(_pairs(field.choices)) < 3

    def _text(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            labels = {str(key): str(label) for key, label in _pairs(field.choices)}
            return f"{field.label}：{labels.get(str(value), value)}"
        if isinstance(field, forms.BooleanField):
            return str(field.label).removeprefix("只看").removesuffix("的")
        return f"含“{value}”"

    def _covered_as(self, chosen: str) -> tuple[str, ...]:
        """The forms of coverage that a choice stands for."""
        if chosen == ORGANIZATION:
            return tuple(sorted(self.values.organization_forms))
        if chosen == WORK:
            return tuple(sorted(self.values.organization_forms | self.values.work_forms))
        return (chosen,) if chosen else ()

    def _areas(self, places: Sequence[Place], *, several: bool) -> list[tuple[str, str]]:
        """Towns and responsible parks of the chosen county, beside one that the address names by itself."""
        county, named = self.data.get("county", ""), self.data.get("area", "")
        offered = [
            (str(place.pk), place.name)
            for place in places
            if (place.kind == Place.Kind.TOWN or place.takes_responsibility)
            and (not several or str(place.parent_id) == county or str(place.pk) == named)
        ]
        return [*offered, (str(NOWHERE), "未落到镇街、园区")]

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ALL, *choices]


def _pairs(choices: Any) -> list[tuple[Any, Any]]:
    return list(choices)


class CauseForm(forms.Form):
    """Why an entity has no organization."""

    kind = forms.ChoiceField(
        label="未建原因",
        choices=Cause.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一类原因。"},
    )
    note = forms.CharField(label="说明", required=False, max_length=200, help_text="写单位的情况，不写个人姓名、电话")


class AnswerForm(forms.Form):
    """The answer to a letter."""

    answer = forms.ChoiceField(
        label="答复", choices=NoticeLetter.Answer.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选择答复。"},
    )  # fmt: skip
    answered_on = forms.DateField(label="答复日期", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="说明", required=False, max_length=200, help_text="写单位的情况，不写个人姓名、电话")
