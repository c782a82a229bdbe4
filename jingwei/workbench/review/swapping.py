"""The page of the review is swapped in part: what a request wants, and how it is answered."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from jingwei.accounts.middleware import ScopedRequest
from jingwei.linkage.models import Decision
from jingwei.linkage.services.deciding import LONGEST_REASON

_TARGET = "review"
_LONGEST_NUMBER = 18


class VerdictForm(forms.Form):
    """What a person says of a pair; ``other`` names the unit where it is not the pair's own candidate."""

    verdict = forms.ChoiceField(choices=Decision.Verdict.choices)
    reason = forms.CharField(required=False, max_length=LONGEST_REASON)
    other = forms.IntegerField(required=False, min_value=1)


def whole_or_part(request: ScopedRequest, context: dict[str, Any]) -> HttpResponse:
    """The page, or for a swap what lies inside its frame."""
    swapped = is_swap(request)
    if "progress" in context:
        request.nav_counts = {"workbench:review": context["progress"].waiting}
    template = "linkage/_review.html" if swapped else "linkage/review.html"
    response = render(request, template, context | {"swapped": swapped})
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


def is_swap(request: ScopedRequest) -> bool:
    """Whether HTMX wants the part that changes; a restored history entry is a whole page."""
    headers = request.headers
    return headers.get("HX-Target") == _TARGET and "HX-History-Restore-Request" not in headers


def number_of(text: str) -> int | None:
    """A number out of an address; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None
