"""Shapes of what the pages of the workbench send."""

from collections.abc import Iterable
from typing import Any

from django import forms

from jingwei.base_roster.corrections import Correctable
from jingwei.base_roster.filters import CONFIRMED, RosterFilters, Sort
from jingwei.base_roster.models import Entity
from jingwei.domain.industry import SECTIONS
from jingwei.domain.legal_form import LegalForm
from jingwei.domain.registration_state import RegistrationState
from jingwei.domain.rulebook import Rules
from jingwei.domain.screening import EvidenceCombination
from jingwei.places.models import Place, RoadRange

# A value with its label, or the title of a group with its choices.
Choice = tuple[str, str | list[tuple[str, str]]]
PAGE_SIZES = (20, 50, 100)
ALL = ("", "全部")
_COMBINATIONS = {
    EvidenceCombination.REGISTERED_TAX_INSURANCE: "登记、税务、社保都有",
    EvidenceCombination.REGISTERED_TAX: "登记和税务有，社保无",
    EvidenceCombination.REGISTERED_INSURANCE: "登记和社保有，税务无",
    EvidenceCombination.REGISTERED_ONLY: "只有登记",
    EvidenceCombination.TAX_INSURANCE: "税务和社保有，登记无",
    EvidenceCombination.TAX_ONLY: "只有税务",
    EvidenceCombination.INSURANCE_ONLY: "只有社保",
}
FIRST_FIELDS = ("q", "county", "town", "industry", "members", "coverage")
MORE_FIELDS = (
    "covered", "overlay", "ownership", "screening", "form", "state", "evidence", "min_staff", "operating", "base",
    "placed", "unplaced",
)  # fmt: skip
# Values of the filter on forms of coverage that stand for several forms at once.
ANY_ORGANIZATION, ANY_WORK = "organization", "work_only"
MEMBERS_UNKNOWN = "unknown"


class RosterForm(forms.Form):
    """Conditions of a roster list. An unreadable condition is left out, the others stand."""

    q = forms.CharField(label="名称或统一社会信用代码", required=False, max_length=60)
    county = forms.TypedChoiceField(label="区县", required=False, coerce=int, empty_value=None)
    town = forms.TypedChoiceField(label="镇街", required=False, coerce=int, empty_value=None)
    industry = forms.ChoiceField(
        label="行业门类",
        required=False,
        choices=[ALL, *((letter, f"{letter} {name}") for letter, name in SECTIONS.items())],
    )
    members = forms.ChoiceField(label="正式党员", required=False)
    coverage = forms.ChoiceField(label="覆盖状态", required=False, choices=[ALL, *Entity.CoverageState.choices])
    covered = forms.ChoiceField(label="覆盖方式", required=False)
    ownership = forms.ChoiceField(label="所有制", required=False, choices=[ALL, *Entity.Ownership.choices])
    screening = forms.ChoiceField(label="三有初筛", required=False, choices=[ALL, *Entity.Screening.choices])
    overlay = forms.TypedChoiceField(label="园区、楼宇", required=False, coerce=int, empty_value=None)
    form = forms.ChoiceField(label="法律形式", required=False, choices=lambda: [ALL, *LegalForm.choices()])
    state = forms.ChoiceField(label="登记状态", required=False, choices=lambda: [ALL, *RegistrationState.choices()])
    evidence = forms.ChoiceField(
        label="印证",
        required=False,
        choices=[ALL, (CONFIRMED, "两方以上"), *((key.value, zh) for key, zh in _COMBINATIONS.items())],
    )
    min_staff = forms.IntegerField(label="职工数不少于", required=False, min_value=0, max_value=1_000_000)
    operating = forms.BooleanField(label="只看在营", required=False)
    base = forms.BooleanField(label="只看计入底数的", required=False)
    placed = forms.BooleanField(label="只看已落点的", required=False)
    unplaced = forms.BooleanField(label="只看未落点的", required=False)
    sort = forms.ChoiceField(
        required=False, choices=[(sort.value, sort.value) for sort in Sort], widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, places: Iterable[Place] = (), rules: Rules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        self._choose("members", member_choices(rules))
        self._choose("covered", covered_choices(rules))
        self.fields["q"].widget.attrs["placeholder"] = "支持简称、拼音首字母"
        places = list(places)
        self._offered: dict[str, int] = {}
        self.counties = [place for place in places if place.kind == Place.Kind.COUNTY]
        self._offer("county", self.counties)
        self._offer("town", self._towns(places))
        self._offer("overlay", [place for place in places if place.is_overlay])

    def filters(self, *, roster: str) -> RosterFilters:
        """The conditions that could be read."""
        self.is_valid()
        chosen = self.cleaned_data
        fewest, most = member_bounds(chosen.get("members") or "")
        return RosterFilters(
            text=(chosen.get("q") or "").strip(),
            roster=roster,
            county=chosen.get("county"),
            town=chosen.get("town"),
            overlay=chosen.get("overlay"),
            industry=chosen.get("industry") or "",
            ownership=chosen.get("ownership") or "",
            screening=chosen.get("screening") or "",
            state=chosen.get("state") or "",
            legal_form=chosen.get("form") or "",
            evidence=chosen.get("evidence") or "",
            coverage=chosen.get("coverage") or "",
            covered_as=self._covered_as(chosen.get("covered") or ""),
            min_members=fewest,
            max_members=most,
            members_unknown=chosen.get("members") == MEMBERS_UNKNOWN,
            min_staff=chosen.get("min_staff"),
            counts_in_base=bool(chosen.get("base")),
            operating=bool(chosen.get("operating")),
            placed=bool(chosen.get("placed")),
            unplaced=bool(chosen.get("unplaced")),
            sort=Sort(chosen.get("sort") or Sort.RECENT),
        )

    def conditions(self) -> list[tuple[str, str]]:
        """Field name and Chinese text of every condition in force."""
        self.is_valid()
        return [
            (name, self._text(name, value))
            for name, value in self.cleaned_data.items()
            if name != "sort" and value not in (None, "", False)
        ]

    def shown(self, names: Iterable[str]) -> list[forms.BoundField]:
        """Bound fields of the names; fields that leave no choice are left out."""
        return [self[name] for name in names if self._offered.get(name, 2) > 1]

    def _text(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            labels = {str(key): str(label) for key, label in _flat(field.choices)}
            return f"{field.label}：{labels.get(str(value), value)}"
        if isinstance(field, forms.BooleanField):
            return str(field.label).removeprefix("只看")
        return f"职工数 ≥ {value} 人" if name == "min_staff" else f"含“{value}”"

    def _towns(self, places: list[Place]) -> list[Place]:
        """Towns of the chosen county, beside a town that an address names by itself; all where there is one county."""
        towns = [place for place in places if place.kind == Place.Kind.TOWN]
        chosen, named = self.data.get("county", ""), self.data.get("town", "")
        if chosen or len(self.counties) > 1:
            # A condition of the address is never dropped in silence: the list would show more than was asked for.
            return [town for town in towns if str(town.parent_id) == chosen or (not chosen and str(town.pk) == named)]
        return towns

    def _offer(self, name: str, places: Iterable[Place]) -> None:
        choices: list[Choice] = [(str(place.pk), place.name) for place in places]
        self._choose(name, choices)
        self._offered[name] = len(choices)

    def _choose(self, name: str, choices: Iterable[Choice]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ALL, *choices]

    def _covered_as(self, value: str) -> tuple[str, ...]:
        """The forms of coverage that a choice stands for; what counts as which is a dated parameter."""
        if value == ANY_ORGANIZATION:
            return self.rules.words("coverage.organization_forms")
        if value == ANY_WORK:
            return self.rules.words("coverage.work_forms")
        return (value,) if value else ()


def member_choices(rules: Rules) -> list[Choice]:
    """Numbers of full members, parted where the rulebook asks for another organization. "3-" is 3 and more."""
    bars = [int(rules.number(f"branch.{name}")) for name in ("min_full_members", "general_min", "committee_min")]
    few = f"1–{bars[0] - 1} 名" if bars[0] > 2 else "1 名"
    return [
        (MEMBERS_UNKNOWN, "未知"),
        ("0-0", "0 名"),
        (f"1-{bars[0] - 1}", few),
        *((f"{bar}-", f"{bar} 名以上") for bar in bars),
    ]


def member_bounds(value: str) -> tuple[int | None, int | None]:
    """Least and greatest number of a choice, None where it is open."""
    low, _, high = value.partition("-")
    return (int(low) if low.isdigit() else None), (int(high) if high.isdigit() else None)


def covered_choices(rules: Rules) -> list[Choice]:
    """Every form of coverage, grouped by what it counts as."""
    zh = dict(Entity.CoveredAs.choices)
    groups = (
        ("组织覆盖", ANY_ORGANIZATION, "组织覆盖（各种形式）", rules.words("coverage.organization_forms")),
        ("工作覆盖", ANY_WORK, "仅工作覆盖（各种形式）", rules.words("coverage.work_forms")),
    )
    grouped: list[Choice] = [
        (title, [(any_of, label), *((value, str(zh[value])) for value in values)])
        for title, any_of, label, values in groups
    ]
    return [*grouped, (Entity.CoveredAs.NONE.value, "都没有")]


class SaveViewForm(forms.Form):
    """A name for the conditions in force."""

    name = forms.CharField(label="名称", max_length=20)
    query = forms.CharField(required=False, max_length=480)


class OwnershipForm(forms.Form):
    """Ownership of a body as a clerk states it, with what it rests on."""

    value = forms.ChoiceField(
        label="所有制",
        choices=[choice for choice in Entity.Ownership.choices if choice[0] != Entity.Ownership.UNKNOWN],
        widget=forms.RadioSelect,
    )
    basis = forms.CharField(label="依据", max_length=200, help_text="例如：股东出资证明、国资部门复函及日期")


class CorrectionForm(forms.Form):
    """A fact as a clerk knows it, with the reason; the lists keep what they say."""

    value = forms.CharField(max_length=400)
    reason = forms.CharField(max_length=200, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, wanted: Correctable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if wanted.choices:
            self.fields["value"] = forms.ChoiceField(choices=wanted.choices, widget=forms.RadioSelect)
        self.fields["value"].label = wanted.zh
        self.fields["reason"].label = wanted.reason_zh
        self.fields["reason"].help_text = "例如：走访核实、企业提供的材料名称和日期"


class WithdrawForm(forms.Form):
    """Why a correction is taken back."""

    reason = forms.CharField(label="撤回原因", max_length=200)


class PlaceForm(forms.Form):
    """Where an entity, or a whole road, lies."""

    place = forms.TypedChoiceField(label="属于", coerce=int, error_messages={"required": "请选择镇街、社区或园区。"})

    def __init__(self, *args: Any, choices: Iterable[Choice] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *choices]


class RoadForm(PlaceForm):
    """One answer for house numbers of a road; without numbers for the whole road."""

    number_from = forms.IntegerField(
        label="起号", required=False, min_value=1, max_value=99_999, help_text="不填为全路"
    )
    number_to = forms.IntegerField(label="止号", required=False, min_value=1, max_value=99_999)
    parity = forms.ChoiceField(label="单双号", choices=RoadRange.Parity.choices, required=False)

    def clean(self) -> dict[str, Any]:
        chosen: dict[str, Any] = super().clean() or self.cleaned_data
        low, high = chosen.get("number_from"), chosen.get("number_to")
        if (low is None) != (high is None):
            raise forms.ValidationError("起号和止号要么都填，要么都不填（全路）。")
        if low is not None and high is not None and low > high:
            raise forms.ValidationError("止号不能小于起号。")
        chosen["parity"] = chosen.get("parity") or RoadRange.Parity.ALL
        return chosen


class AssignForm(PlaceForm):
    """Where one entity lies, and why."""

    reason = forms.CharField(label="依据", max_length=200, required=False, help_text="例如：走访核实、租赁合同")


class QueueForm(forms.Form):
    """Filters of the placement queue."""

    county = forms.TypedChoiceField(label="区县", required=False, coerce=int, empty_value=None)
    road = forms.CharField(label="道路", required=False, max_length=60)

    def __init__(self, *args: Any, counties: Iterable[Choice] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["county"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(counties)


def _flat(choices: Any) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label
