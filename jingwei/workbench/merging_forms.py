"""Forms of merging entities and moving source units."""

from collections.abc import Iterable
from typing import Any

from django import forms

ALONE = "alone"


class SearchForm(forms.Form):
    """What to look for: a part of a name, a code, initials."""

    search = forms.CharField(label="名称、代码或拼音首字母", max_length=60, required=False)


class MergeForm(forms.Form):
    """Why two entities are one. ``state`` tells whether the rows are still those that were shown."""

    reason = forms.CharField(
        label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：营业执照副本为同一家，税务按简称登记",
    )  # fmt: skip
    state = forms.CharField(widget=forms.HiddenInput, max_length=64)


class UndoForm(forms.Form):
    """Why a merge is undone."""

    reason = forms.CharField(label="撤销原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class MoveForm(forms.Form):
    """Where a source unit belongs, and why."""

    to = forms.ChoiceField(label="移到", widget=forms.RadioSelect, error_messages={"required": "请选择它所属的主体。"})
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*choices, (ALONE, "都不是，单独成为一个主体")]
