"""Shapes of what the pages of bodies send."""

from django import forms

from jingwei.bodies.models import Body
from jingwei.places.models import Place


class BodyFilterForm(forms.Form):
    """Filters of the list of bodies; the place comes from links, with everything below it."""

    q = forms.CharField(label="名称", required=False, max_length=80)
    kind = forms.ChoiceField(label="类型", choices=[("", "全部"), *Body.Kind.choices], required=False)
    state = forms.ChoiceField(
        label="状态", choices=[("active", "存续"), ("ended", "已撤销"), ("all", "全部")], required=False
    )
    place = forms.ModelChoiceField(Place.objects.defer("boundary"), required=False, widget=forms.HiddenInput)


class BodyForm(forms.Form):
    """What is adjusted by hand; superior, industries and lists come with the table of bodies."""

    name = forms.CharField(label="名称", max_length=80)
    short_name = forms.CharField(
        label="简称", max_length=40, required=False, help_text="名单里还写旧名的，把旧名留作简称"
    )
    note = forms.CharField(label="说明", max_length=200, required=False)


class EndForm(forms.Form):
    """The end of a body."""

    effective = forms.DateField(label="撤销日期", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label="依据", max_length=200, help_text="撤销文件的名称和文号")
