"""The way of a file through the pages, as a clerk's browser sees it."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jingwei.core.permissions import Role
from jingwei.rosters.models import Batch, SourceRecord
from tests.city import SmallCity
from tests.rosters.browser import browser_of, run_jobs, upload, waiting_jobs
from tests.rosters.desk import csv_of, firm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parser_here")]

CONTENT = csv_of([firm(1), firm(2, uscc="91990102O8PBRNYT4C"), firm(3, name="无", uscc="无")])


@pytest.fixture
def clerk(small_city: SmallCity) -> Client:
    return browser_of(small_city.user("经办甲", Role.CLERK, place=small_city.county))


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_file_goes_from_upload_to_stored(clerk: Client, small_city: SmallCity) -> None:
    address = upload(clerk, CONTENT, place=small_city.county.pk)
    waiting = text_of(clerk, address)
    assert "读取中" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    run_jobs()
    checked = text_of(clerk, address)
    for expected in ("确认入库 2 行", "市场监管", "法定代表人", "不入库", "C-CHARSET", "既没有可用的名称"):
        assert expected in checked
    assert SourceRecord.objects.count() == 0
    assert clerk.post(f"{address}commit/")["Location"] == address
    assert "入库中" in text_of(clerk, address)
    run_jobs()
    done = text_of(clerk, address)
    assert "已入库" in done
    assert "查看未入库 1 行" in done
    assert SourceRecord.objects.count() == 2
    assert "市场监管" in text_of(clerk, "/imports/")


def test_a_double_click_stores_once_and_both_answers_are_the_same(clerk: Client, small_city: SmallCity) -> None:
    address = upload(clerk, CONTENT, place=small_city.county.pk)
    run_jobs()
    answers = [clerk.post(f"{address}commit/") for _ in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, address)] * 2
    assert run_jobs() == 1
    late = clerk.post(f"{address}commit/")
    assert (late.status_code, late["Location"]) == (302, address)
    assert run_jobs() == 0
    assert SourceRecord.objects.count() == 2


def test_sending_a_stored_file_again_says_when_it_was_stored(clerk: Client, small_city: SmallCity) -> None:
    address = upload(clerk, CONTENT, place=small_city.county.pk)
    run_jobs()
    clerk.post(f"{address}commit/")
    run_jobs()
    assert upload(clerk, CONTENT, "市场监管副本.csv", place=small_city.county.pk) == address
    assert "入库，未作改动" in text_of(clerk, address)
    assert not waiting_jobs()


def test_the_waiting_page_asks_again_and_reloads_when_the_work_is_done(clerk: Client, small_city: SmallCity) -> None:
    address = upload(clerk, CONTENT, place=small_city.county.pk)
    part = clerk.get(address, headers={"HX-Request": "true"})
    assert b"<progress" in part.content
    assert b"<html" not in part.content
    run_jobs()
    assert clerk.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_columns_are_changed_on_the_page_and_checked_again(clerk: Client, small_city: SmallCity) -> None:
    address = upload(clerk, CONTENT, place=small_city.county.pk)
    run_jobs()
    both = {"list_kind": "market", "column_0": "name", "column_3": "name"}
    assert "两列都对应为“企业名称”" in clerk.post(f"{address}columns/", both).content.decode()
    assert clerk.post(f"{address}columns/", {"list_kind": "market", "column_0": "name"}).status_code == 302
    assert "核对中" in text_of(clerk, address)
    run_jobs()
    assert Batch.objects.get().mapping == {"0": "name"}
    assert clerk.post(f"{address}columns/", {"list_kind": "tax"}).status_code == 302
    run_jobs()
    assert Batch.objects.get().list_kind == "tax"
    assert clerk.post(f"{address}columns/", {"list_kind": "weather"}).status_code == 200


def test_personal_examples_are_masked_on_the_page(clerk: Client, small_city: SmallCity) -> None:
    address = upload(clerk, CONTENT, place=small_city.county.pk)
    run_jobs()
    page = text_of(clerk, address)
    assert firm(1)[2] not in page
    assert firm(1)[4] not in page
    assert "＊" in page


def test_a_batch_is_given_up_on_the_page(clerk: Client, small_city: SmallCity) -> None:
    address = upload(clerk, CONTENT, place=small_city.county.pk)
    run_jobs()
    assert clerk.post(f"{address}cancel/")["Location"] == "/imports/"
    assert "本批已放弃" in text_of(clerk, address)
    assert "本批已放弃，不能入库" in clerk.post(f"{address}commit/", follow=True).content.decode()


def test_work_lost_with_its_worker_is_queued_again(clerk: Client, small_city: SmallCity) -> None:
    address = upload(clerk, CONTENT, place=small_city.county.pk)
    assert len(list(waiting_jobs())) == 1
    clerk.post(f"{address}restart/")
    assert len(list(waiting_jobs())) == 1
    run_jobs()
    clerk.post(f"{address}commit/")
    run_jobs()
    clerk.post(f"{address}restart/")
    assert not waiting_jobs()


def test_refused_rows_are_listed_downloaded_mended_and_sent_again(clerk: Client, small_city: SmallCity) -> None:
    address = upload(clerk, CONTENT, place=small_city.county.pk)
    run_jobs()
    clerk.post(f"{address}commit/")
    run_jobs()
    assert "本行既没有可用的名称" in text_of(clerk, f"{address}rejected/")
    assert "没有符合条件的行" not in text_of(clerk, f"{address}rejected/?code=R-NO-KEY")
    sheet = clerk.get(f"{address}rejected/download/")
    assert "attachment" in sheet["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(sheet.getvalue()))  # type: ignore[attr-defined]
    book.active["G2"] = "安澜市第3号机械有限公司"
    mended = io.BytesIO()
    book.save(mended)
    book.close()
    name = "市场监管_未入库行.xlsx"
    form = {"file": SimpleUploadedFile(name, mended.getvalue())}
    second = clerk.post(f"{address}rejected/resend/", form)["Location"]
    assert second != address
    run_jobs()
    clerk.post(f"{second}commit/")
    run_jobs()
    assert "已补正" in text_of(clerk, f"{address}rejected/")
    assert SourceRecord.objects.filter(mends__isnull=False).count() == 1


def test_the_upload_form_says_what_is_missing(clerk: Client, small_city: SmallCity) -> None:
    page = clerk.post("/imports/new/", {"as_of": "2999-01-01", "place": small_city.county.pk}).content.decode()
    assert "有 2 处需要修改" in page
    assert "数据日期不能晚于今天" in page


def test_the_list_is_filtered_by_list_and_state(clerk: Client, small_city: SmallCity) -> None:
    upload(clerk, CONTENT, place=small_city.county.pk)
    run_jobs()
    assert "市场监管.csv" in text_of(clerk, "/imports/?list_kind=market&state=checked")
    assert "没有符合条件的批次" in text_of(clerk, "/imports/?list_kind=tax&state=")


@pytest.mark.parametrize("role", [Role.LOCAL_PARTY_COMMITTEE, Role.AUDITOR, Role.ADMINISTRATOR])
def test_a_role_without_the_permission_gets_page_403(small_city: SmallCity, clerk: Client, role: Role) -> None:
    address = upload(clerk, CONTENT, place=small_city.county.pk)
    other = browser_of(small_city.user("无权者", role, place=small_city.county))
    for path in ("/imports/", "/imports/new/", address, f"{address}rejected/", f"{address}rejected/download/"):
        answer = other.get(path)
        assert answer.status_code == 403
        assert "没有“" in answer.content.decode()
    for act in ("commit", "cancel", "columns", "restart", "rejected/resend"):
        assert other.post(f"{address}{act}/").status_code == 403


def test_somebody_who_may_only_look_is_offered_nothing_to_press(small_city: SmallCity, clerk: Client) -> None:
    address = upload(clerk, CONTENT, place=small_city.county.pk)
    run_jobs()
    looker = browser_of(small_city.user("组织员", Role.TOWN_ORGANIZER, place=small_city.county))
    page = text_of(looker, address)
    assert "试算结果" in page
    assert "确认入库" not in page
    assert looker.post(f"{address}commit/").status_code == 403
    assert looker.get(f"{address}rejected/download/").status_code == 403


def test_a_neighbour_s_batch_is_not_found(small_city: SmallCity, clerk: Client) -> None:
    address = upload(clerk, CONTENT, place=small_city.county.pk)
    neighbour = browser_of(small_city.user("邻县经办", Role.CLERK, place=small_city.other_county))
    assert neighbour.get(address).status_code == 404
    assert neighbour.post(f"{address}commit/").status_code == 404
    form = {"file": SimpleUploadedFile("市场监管.csv", CONTENT), "as_of": "2026-10-30", "place": small_city.county.pk}
    assert "有 1 处需要修改" in neighbour.post("/imports/new/", form).content.decode()


def test_no_page_asks_more_than_fifteen_questions_however_many_batches_there_are(
    clerk: Client, small_city: SmallCity, django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    for number in range(12):
        address = upload(clerk, csv_of([firm(number), firm(99, name="无", uscc="无")]), place=small_city.county.pk)
    run_jobs()
    clerk.post(f"{address}commit/")
    run_jobs()
    for path in ("/imports/", "/imports/new/", "/imports/?state=checked", address, f"{address}rejected/"):
        with django_assert_max_num_queries(15):
            assert clerk.get(path).status_code == 200
