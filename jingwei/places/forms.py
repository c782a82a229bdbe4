"""Shapes of what the pages of places send."""

from django import forms

from jingwei.places.models import Place

OVERLAY_KINDS = [(kind.value, kind.label) for kind in Place.OVERLAYS]


class SearchForm(forms.Form):
    """Name or code of a place."""

    q = forms.CharField(label="名称、旧称或代码", required=False, max_length=60)


class OverlayFilterForm(forms.Form):
    """Filters of the list of overlays; the place comes from links."""

    q = forms.CharField(label="名称", required=False, max_length=60)
    kind = forms.ChoiceField(label="类型", choices=[("", "全部"), *OVERLAY_KINDS], required=False)
    place = forms.ModelChoiceField(Place.objects.defer("boundary"), required=False, widget=forms.HiddenInput)
