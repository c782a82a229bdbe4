"""Shapes of what the pages of the intake send."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from jingwei.core.permissions import Actor
from jingwei.domain.lists import LISTS, ListKind
from jingwei.places.models import Place
from jingwei.rosters.models import LIST_CHOICES, Batch
from jingwei.rosters.selectors import FileColumn, places_of


class UploadForm(forms.Form):
    """A department's file with its day and place."""

    file = forms.FileField(label="文件", max_length=255)
    list_kind = forms.ChoiceField(label="名单", choices=[("", "自动识别"), *LIST_CHOICES], required=False)
    as_of = forms.DateField(
        label="数据日期",
        help_text="部门从系统导出名单的那一天",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    place = forms.ModelChoiceField(label="范围", queryset=Place.objects.none(), empty_label=None)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = places_of(actor)
        if places:
            field = self.fields["place"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = Place.objects.filter(pk__in=[place.pk for place in places])
            field.initial = places[0]
        else:
            del self.fields["place"]

    def clean_file(self) -> Any:
        """Refuse by size before the file is copied; what is inside is for the reader to say."""
        file = self.cleaned_data["file"]
        limit = settings.MAX_ROSTER_FILE_BYTES
        if file.size > limit:
            raise forms.ValidationError(f"文件超过 {limit // 2**20} MB 的上限，请按区县或街道拆成几个文件分别上传。")
        return file

    def clean_as_of(self) -> Any:
        day = self.cleaned_data["as_of"]
        if day > timezone.localdate():
            raise forms.ValidationError("数据日期不能晚于今天。")
        return day


class ResendForm(forms.Form):
    """The mended sheet of refused rows."""

    file = forms.FileField(label="改好的表", max_length=255)


class FilterForm(forms.Form):
    """Filters of the list of batches."""

    list_kind = forms.ChoiceField(label="名单", choices=[("", "全部"), *LIST_CHOICES], required=False)
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *Batch.State.choices], required=False)


class CodeFilterForm(forms.Form):
    """Filter of the refused rows by error code."""

    code = forms.ChoiceField(label="原因", required=False)

    def __init__(self, *args: Any, codes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "全部"), *codes]


class ColumnsForm(forms.Form):
    """Which list the file is, and which field each of its columns holds."""

    list_kind = forms.ChoiceField(label="名单", choices=LIST_CHOICES)

    def __init__(self, *args: Any, list_kind: str, columns: Sequence[FileColumn], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        self.fields["list_kind"].initial = list_kind
        if not list_kind:
            field = self.fields["list_kind"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "请选择"), *LIST_CHOICES]
            return
        choices = [("", "不使用"), *((field.name, field.zh) for field in LISTS[ListKind(list_kind)].fields)]
        for column in columns:
            self.fields[f"column_{column.number}"] = forms.ChoiceField(
                label=column.header or f"第 {column.number + 1} 列", choices=choices, required=False,
                initial=column.field,
            )  # fmt: skip

    def mapping(self) -> Mapping[int, str]:
        """The chosen field by column number, columns without use left out."""
        chosen = {column.number: self.cleaned_data.get(f"column_{column.number}", "") for column in self.columns}
        return {number: field for number, field in chosen.items() if field}
