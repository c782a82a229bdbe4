"""Shapes of what the pages of papers send."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from jingwei.bulletins.models import Paper
from jingwei.bulletins.orders import Wishes
from jingwei.bulletins.selectors import PaperFilters
from jingwei.bulletins.template_checking import MOST_BYTES
from jingwei.domain import glossary
from jingwei.domain.papers.content import Edition
from jingwei.indicators.models import Snapshot
from jingwei.places.models import Place

ALL = ("", "全部")
_STATES = [ALL, ("open", "未签发"), ("signed", "已签发")]
_EDITIONS = [(edition.value, glossary.zh(f"edition_choice.{edition.value}")) for edition in Edition]


class PapersForm(forms.Form):
    """Conditions of the list."""

    kind = forms.ChoiceField(label="种类", required=False, choices=[ALL, *Paper.Kind.choices])
    state = forms.ChoiceField(label="签发", required=False, choices=_STATES)

    def filters(self) -> PaperFilters:
        """The conditions that could be read."""
        self.is_valid()
        return PaperFilters(kind=self.cleaned_data.get("kind", ""), state=self.cleaned_data.get("state", ""))


class MakeForm(forms.Form):
    """Which paper, from which snapshot, for which place."""

    kind = forms.ChoiceField(label="种类", choices=Paper.Kind.choices)
    place = forms.ModelChoiceField(label="区域", queryset=Place.objects.none(), empty_label=None)
    snapshot = forms.ModelChoiceField(label="快照", queryset=Snapshot.objects.none(), empty_label=None)
    compared = forms.ModelChoiceField(
        label="对比快照", queryset=Snapshot.objects.none(), required=False, empty_label="自动：上季末或上月",
        help_text="只用于通报和月度统计表",
    )  # fmt: skip
    edition = forms.ChoiceField(
        label="版次", choices=_EDITIONS, initial=Edition.INTERNAL.value,
        help_text="公开版不列小于下限的数；列到单位的名单和年报表只有内部版",
    )  # fmt: skip
    units = forms.CharField(
        label="单位", required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="只用于社会组织党建情况年报表：每行一家，写名称全称、统一社会信用代码或主体编号",
    )  # fmt: skip

    def __init__(self, *args: Any, places: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        snapshots = Snapshot.objects.order_by("-month", "-revision")
        self.fields["snapshot"].queryset = self.fields["compared"].queryset = snapshots  # type: ignore[attr-defined]
        ids = [place.pk for place in places if place.kind != Place.Kind.COMMUNITY]
        chosen = Place.objects.filter(pk__in=ids).defer("boundary")
        self.fields["place"].queryset = chosen.order_by("path")  # type: ignore[attr-defined]

    def named_units(self) -> tuple[str, ...]:
        """The units as typed, without blank lines."""
        return tuple(line.strip() for line in self.cleaned_data["units"].splitlines() if line.strip())


class WordsForm(forms.Form):
    """What an office may change in a bulletin: addressees, numbers of issue, and its own plans."""

    issue = forms.IntegerField(label="期号", min_value=1)
    total_issue = forms.IntegerField(label="总期号", min_value=1)
    issued_on = forms.DateField(label="印发日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    issuer = forms.CharField(label="发文单位", max_length=60)
    next_steps = forms.CharField(
        label="下一步工作", required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="每行一段；留空则用系统写的。数字须是本期已有的数，日期、期限除外",
    )  # fmt: skip
    report_to = forms.CharField(label="报", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    send_to = forms.CharField(label="送", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    issue_to = forms.CharField(label="发", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    copies = forms.IntegerField(label="印数", min_value=1, max_value=100_000)

    def wishes(self) -> Wishes:
        """The words as wishes for the paper."""
        data = self.cleaned_data
        steps = tuple(line.strip() for line in data["next_steps"].splitlines() if line.strip())
        plain = {name: data[name] for name in ("issue", "total_issue", "issuer", "report_to", "send_to", "issue_to")}
        issued_on: date = data["issued_on"]
        return Wishes(**plain, issued_on=issued_on, copies=data["copies"], next_steps=steps)


class TemplateForm(forms.Form):
    """An edited Word template."""

    file = forms.FileField(label="模板文件", widget=forms.FileInput(attrs={"accept": ".docx"}))

    def clean_file(self) -> Any:
        """Refuse what is no docx by its name, or too large to be looked at."""
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(".docx"):
            raise forms.ValidationError("请上传 .docx 文件。")
        if file.size > MOST_BYTES:
            raise forms.ValidationError(f"模板超过 {MOST_BYTES // 2**20} MB 的上限。")
        return file
