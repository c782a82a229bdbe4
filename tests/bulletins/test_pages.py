"""Pages of papers: who sees what, every figure opens, files go out, templates come in."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jingwei.accounts.scope import acting
from jingwei.bulletins import services
from jingwei.bulletins.models import Paper, Template
from jingwei.bulletins.orders import Wishes
from jingwei.bulletins.template_making import own_template
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Role
from jingwei.domain.papers.content import Edition
from jingwei.places.models import Place
from tests.bulletins.browser import client_as
from tests.bulletins.quarters import ISSUED, Quarters, make

pytestmark = pytest.mark.slow
MOST_QUERIES = 15


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def clerk_of(quarters: Quarters) -> Client:
    return client_as(quarters.city, Role.CLERK, place=quarters.city.city)


def page_of(paper: Paper) -> str:
    return reverse("bulletins:paper", args=[paper.pk])


def sign(quarters: Quarters, paper: Paper) -> Paper:
    director = quarters.city.actor(Role.SOCIAL_WORK_DEPARTMENT, place=quarters.city.city)
    with acting(director):
        return services.sign(paper=paper, by=director, on=ISSUED)


def test_a_clerk_makes_a_bulletin_and_reads_it_as_it_will_be_printed(quarters: Quarters) -> None:
    client = clerk_of(quarters)
    form = {
        "kind": "bulletin", "place": quarters.city.county.pk, "snapshot": quarters.september.pk, "compared": "",
        "edition": "internal", "units": "",
    }  # fmt: skip
    answer = client.post(reverse("bulletins:new"), form)
    assert answer.status_code == 302
    page = text_of(client.get(answer["Location"]))
    assert "新兴领域工作通报" in page
    assert "（共印 60 份）" in page
    assert "S20260930-01" in page


def test_every_figure_of_the_text_and_the_table_opens_to_its_rows(quarters: Quarters) -> None:
    client = clerk_of(quarters)
    page = text_of(client.get(page_of(make(quarters, Paper.Kind.BULLETIN))))
    links = [link.replace("&amp;", "&") for link in re.findall(r'class="figure" href="([^"]+)"', page)]
    assert len(links) > 40
    for link in dict.fromkeys(links):
        assert client.get(link).status_code == 200, link


def test_a_figure_of_the_page_is_the_number_of_rows_it_opens_to(quarters: Quarters) -> None:
    client = clerk_of(quarters)
    page = text_of(client.get(page_of(make(quarters, Paper.Kind.BULLETIN))))
    link, shown = re.search(r'class="figure" href="([^"]*part=numerator[^"]*member=\d+)">(\d+)</a>', page).groups()  # type: ignore[union-attr]
    drill = client.get(link.replace("&amp;", "&")).context["page"]
    assert drill.paginator.count == int(shown)


@pytest.mark.parametrize("kind", [kind for kind in Paper.Kind.values if kind != Paper.Kind.FORM_D])
def test_the_page_of_each_paper_stays_within_its_queries(quarters: Quarters, kind: str) -> None:
    client, address = clerk_of(quarters), page_of(make(quarters, kind))
    client.get(address)
    assert len(queries(client, address)) <= MOST_QUERIES


def test_the_list_costs_the_same_for_many_papers(quarters: Quarters) -> None:
    client = clerk_of(quarters)
    make(quarters, Paper.Kind.MONTHLY)
    client.get(reverse("bulletins:list"))
    few = len(queries(client, reverse("bulletins:list")))
    for kind in (Paper.Kind.FORM_A, Paper.Kind.FORM_B, Paper.Kind.SHOULD_HAVE):
        make(quarters, kind)
    assert len(queries(client, reverse("bulletins:list"))) == few <= MOST_QUERIES


def queries(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in caught if "SAVEPOINT" not in query["sql"]]


def test_a_cell_of_a_yearly_form_opens_to_its_units(quarters: Quarters) -> None:
    client, paper = clerk_of(quarters), make(quarters, Paper.Kind.FORM_A)
    assert reverse("bulletins:cell", args=[paper.pk, "A6"]) in text_of(client.get(page_of(paper)))
    cell = client.get(reverse("bulletins:cell", args=[paper.pk, "A6"]))
    assert cell.context["value"] == len(cell.context["rows"]) == 6
    organizations = client.get(reverse("bulletins:cell", args=[paper.pk, "A8"]))
    assert [row["name"] for row in organizations.context["rows"]] == ["中共安澜书院设计联合支部委员会"]
    assert "政治面貌" in text_of(client.get(reverse("bulletins:cell", args=[paper.pk, "D1"])))
    for strange in ("Z1", "A99", "x"):
        assert client.get(reverse("bulletins:cell", args=[paper.pk, strange])).status_code == 404


def test_drafts_are_seen_where_they_are_made_and_sums_everywhere_once_signed(quarters: Quarters) -> None:
    reader = client_as(quarters.city, Role.TOWN_ORGANIZER, place=quarters.city.far_town)
    bulletin, listed = make(quarters, Paper.Kind.BULLETIN), make(quarters, Paper.Kind.SHOULD_HAVE)
    assert reader.get(page_of(bulletin)).status_code == 404
    sign(quarters, bulletin)
    sign(quarters, listed)
    assert reader.get(page_of(bulletin)).status_code == 200
    assert reader.get(page_of(listed)).status_code == 404
    assert len(reader.get(reverse("bulletins:list")).context["page"].object_list) == 1


def test_the_second_lock_keeps_drafts_and_lists_of_other_places_too(quarters: Quarters) -> None:
    make(quarters, Paper.Kind.SHOULD_HAVE)
    other = quarters.city.actor(Role.TOWN_ORGANIZER, place=quarters.city.far_town)
    with acting(other):
        assert not Paper.objects.exists()


def test_a_list_of_units_leaves_the_house_with_the_permission_to_export_and_a_line_in_the_journal(
    quarters: Quarters,
) -> None:
    paper = make(quarters, Paper.Kind.SHOULD_HAVE)
    address = reverse("bulletins:download", args=[paper.pk, "xlsx"])
    reader = client_as(quarters.city, Role.LOCAL_PARTY_COMMITTEE, place=quarters.city.city)
    assert reader.get(address).status_code == 403
    answer = clerk_of(quarters).get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[arg-type]
    assert JournalEntry.objects.filter(verb="paper.download", subject_id=str(paper.pk)).count() == 1


def test_sums_are_downloaded_without_ado(quarters: Quarters) -> None:
    paper = make(quarters, Paper.Kind.BULLETIN)
    reader = client_as(quarters.city, Role.LOCAL_PARTY_COMMITTEE, place=quarters.city.city)
    for form in ("docx", "pdf"):
        answer = reader.get(reverse("bulletins:download", args=[paper.pk, form]))
        assert len(b"".join(answer.streaming_content)) > 5_000  # type: ignore[arg-type]
        assert form in answer["Content-Disposition"]
    assert reader.get(reverse("bulletins:download", args=[paper.pk, "xlsx"])).status_code == 404


def test_the_department_signs_on_the_page_and_nobody_changes_the_paper_after(quarters: Quarters) -> None:
    paper = make(quarters, Paper.Kind.BULLETIN)
    director = client_as(quarters.city, Role.SOCIAL_WORK_DEPARTMENT, place=quarters.city.city)
    assert "签发后不能再改动" in text_of(director.get(page_of(paper)))
    director.post(reverse("bulletins:sign", args=[paper.pk]))
    clerk = clerk_of(quarters)
    page = text_of(clerk.get(page_of(paper)))
    assert "已签发" in page
    assert "改文字" not in page
    assert clerk.get(reverse("bulletins:words", args=[paper.pk])).status_code == 404
    answer = clerk.post(reverse("bulletins:remake", args=[paper.pk]), follow=True)
    assert "不能重新生成" in text_of(answer)


def test_a_reader_is_offered_neither_making_nor_signing(quarters: Quarters) -> None:
    paper = make(quarters, Paper.Kind.BULLETIN)
    reader = client_as(quarters.city, Role.LOCAL_PARTY_COMMITTEE, place=quarters.city.city)
    page = text_of(reader.get(page_of(paper)))
    assert "重新生成" not in page
    assert "button primary" not in page
    assert reader.get(reverse("bulletins:new")).status_code == 403
    assert reader.post(reverse("bulletins:sign", args=[paper.pk])).status_code == 403


def test_the_words_of_a_bulletin_are_changed_on_a_page(quarters: Quarters) -> None:
    client, paper = clerk_of(quarters), make(quarters, Paper.Kind.BULLETIN)
    address = reverse("bulletins:words", args=[paper.pk])
    form = client.get(address).context["form"].initial | {"next_steps": "年内新建 88 家。", "issued_on": "2026-10-12"}
    assert "88 不在本期数据中" in text_of(client.post(address, form))
    assert client.post(address, form | {"next_steps": "请各镇街抓紧。"}).status_code == 302
    assert "请各镇街抓紧。" in text_of(client.get(page_of(paper)))


def test_sheets_are_asked_for_by_name_code_or_number(quarters: Quarters) -> None:
    client = clerk_of(quarters)
    form: dict[str, Any] = {
        "kind": "form_d", "place": quarters.city.county.pk, "snapshot": quarters.september.pk, "edition": "internal",
    }  # fmt: skip
    answer = client.post(reverse("bulletins:new"), form | {"units": "没有这家\n安澜市青岚物流协会"})
    assert "没有找到，或不止一家：没有这家" in text_of(answer)
    answer = client.post(reverse("bulletins:new"), form | {"units": "安澜市青岚物流协会\n"})
    assert "安澜市青岚物流协会" in text_of(client.get(answer["Location"]))


def test_a_paper_of_the_wrong_place_or_edition_is_refused_on_the_form(quarters: Quarters) -> None:
    client = clerk_of(quarters)
    form = {
        "kind": "bulletin",
        "place": quarters.city.town.pk,
        "snapshot": quarters.september.pk,
        "edition": "internal",
    }
    assert "按市或区县生成" in text_of(client.post(reverse("bulletins:new"), form))
    form |= {"kind": "ledger_c", "edition": "public"}
    assert "没有对外版" in text_of(client.post(reverse("bulletins:new"), form))


def test_a_county_s_clerk_is_offered_his_county_and_what_lies_in_it(quarters: Quarters) -> None:
    client = client_as(quarters.city, Role.CLERK, place=quarters.city.county)
    offered = set(client.get(reverse("bulletins:new")).context["form"].fields["place"].queryset)
    assert quarters.city.county in offered
    assert quarters.city.other_county not in offered
    assert not any(place.kind == Place.Kind.COMMUNITY for place in offered)


def test_a_template_goes_out_and_comes_in_on_its_page(quarters: Quarters) -> None:
    client = clerk_of(quarters)
    own = client.get(reverse("bulletins:own_template"))
    assert b"".join(own.streaming_content) == own_template()  # type: ignore[arg-type]
    address = reverse("bulletins:templates")
    wrong = client.post(address, {"file": SimpleUploadedFile("通报.doc", b"x")})
    assert "请上传 .docx 文件" in text_of(wrong)
    assert client.post(address, {"file": SimpleUploadedFile("通报.docx", own_template())}).status_code == 302
    held = Template.objects.get()
    assert "通报.docx" in text_of(client.get(address))
    sent = client.get(reverse("bulletins:template", args=[held.pk]))
    assert b"".join(sent.streaming_content) == own_template()  # type: ignore[arg-type]
    client.post(reverse("bulletins:remove_template", args=[held.pk]))
    assert not Template.objects.exists()


def test_a_public_edition_is_told_on_its_page(quarters: Quarters) -> None:
    paper = make(quarters, Paper.Kind.BULLETIN, wishes=Wishes(edition=Edition.PUBLIC))
    assert "公开版" in text_of(clerk_of(quarters).get(page_of(paper)))


def test_filters_narrow_the_list(quarters: Quarters) -> None:
    client = clerk_of(quarters)
    make(quarters, Paper.Kind.MONTHLY)
    sign(quarters, make(quarters, Paper.Kind.FORM_A))
    address = reverse("bulletins:list")
    assert [row["kind"] for row in client.get(f"{address}?kind=monthly").context["page"].object_list] == ["月度统计表"]
    assert len(client.get(f"{address}?state=signed").context["page"].object_list) == 1
    assert "没有符合条件的文稿" in text_of(client.get(f"{address}?kind=form_b"))
