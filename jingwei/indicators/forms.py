"""Shapes of what the pages of indicators send."""

from django import forms


class SnapshotForm(forms.Form):
    """Take a snapshot as of a day; its month is that of the day."""

    as_of = forms.DateField(label="截至日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(
        label="修订原因", required=False, max_length=200, help_text="该月已有快照时必填；原快照保留不变。"
    )


class TargetForm(forms.Form):
    """A target of an indicator for the whole city."""

    value = forms.DecimalField(label="目标值", max_digits=12, decimal_places=4, min_value=0)
    since = forms.DateField(label="起始日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    source = forms.CharField(label="依据", max_length=200, help_text="文件名称或文号。")


class ConfirmForm(forms.Form):
    """A town confirms its month, with a remark if it has one."""

    note = forms.CharField(label="说明", required=False, max_length=200)
