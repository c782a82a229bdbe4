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
