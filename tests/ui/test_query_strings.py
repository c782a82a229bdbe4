"""Links that take one condition of a list away and keep all others."""

import pytest
from django.test import RequestFactory

from tests.ui.marks import render


def without(query: str, *arguments: str) -> str:
    request = RequestFactory().get(f"/?{query}")
    given = " ".join(f'"{argument}"' for argument in arguments)
    return render(f"{{% query_without {given} as link %}}{{{{ link|safe }}}}", request=request)


@pytest.mark.parametrize(
    ("query", "arguments", "left"),
    [
        ("county=1&town=2", ("town",), "?county=1"),
        ("county=1&page=7", ("town",), "?county=1"),
        ("state=a&state=b&state=c", ("state", "b"), "?state=a&state=c"),
        ("state=a&state=b", ("state",), "?"),
        ("state=a", ("state", "z"), "?state=a"),
        ("", ("state",), "?"),
    ],
)
def test_one_condition_goes_the_others_stay_and_the_page_is_the_first(
    query: str, arguments: tuple[str, ...], left: str
) -> None:
    assert without(query, *arguments) == left


def test_chinese_and_special_characters_stay_encoded() -> None:
    assert without("q=%E4%BA%91%26%3Cb%3E&town=2", "town") == "?q=%E4%BA%91%26%3Cb%3E"


def test_the_request_is_left_as_it_was() -> None:
    request = RequestFactory().get("/?state=a&page=2")
    render('{% query_without "state" %}', request=request)
    assert request.GET.urlencode() == "state=a&page=2"
