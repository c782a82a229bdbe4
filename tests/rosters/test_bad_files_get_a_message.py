"""Files that are no lists: a sentence with file, place and way out; nothing stored; the process lives."""

import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jingwei.core.permissions import Role
from jingwei.rosters.models import Batch, SourceRecord
from tests.city import SmallCity
from tests.rosters.browser import browser_of, run_jobs, upload
from tests.rosters.desk import HEADER, csv_of, firm

pytestmark = pytest.mark.django_db


def workbook(rows: list[list[str]]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    book.close()
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (40 << 20))
    return out.getvalue()


GOOD_BOOK = workbook([list(HEADER), firm(1)])
BAD_FILES = {
    "another kind of file": (b"%PDF-1.7 \n" + bytes(200), "市场监管.csv", "PDF 文件"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "税务.xls", "xls"),
    "truncated": (GOOD_BOOK[: len(GOOD_BOOK) // 2], "市场监管.xlsx", "不完整"),
    "a bomb": (bomb(), "市场监管.xlsx", "大得异常"),
    "wrong encoding": (csv_of([["安瀾市紅灣機械有限公司"]], header=["統一社會信用代碼"], encoding="big5"), "市场监管.csv", "编码"),
    "no code and no name": (csv_of([["1", "2"]], header=["行业代码", "登记机关"]), "市场监管.csv", "没有名称列"),
    "no header": (csv_of([["1", "2"]], header=["3", "4"]), "市场监管.csv", "没有找到表头"),
    "no rows": (csv_of([]), "市场监管.csv", "没有数据行"),
    "two columns of one meaning": (
        csv_of([["安澜市甲有限公司", "安澜市乙有限公司"]], header=["企业名称", "企业名称"]), "市场监管.csv", "同一内容",
    ),
}  # fmt: skip


@pytest.fixture
def clerk(small_city: SmallCity) -> Client:
    return browser_of(small_city.user("经办甲", Role.CLERK, place=small_city.county))


@pytest.mark.slow
@pytest.mark.parametrize("case", BAD_FILES)
def test_the_page_says_what_is_wrong_with_which_file_and_what_to_do(
    clerk: Client, small_city: SmallCity, case: str
) -> None:
    content, name, expected = BAD_FILES[case]
    address = upload(clerk, content, name, place=small_city.county.pk)
    run_jobs()
    batch = Batch.objects.get()
    assert batch.state == Batch.State.FAILED
    page = clerk.get(address).content.decode()
    for said in (expected, batch.error["hint"], name, batch.error["code"], "换一个文件"):
        assert said in page
    assert SourceRecord.objects.count() == 0
    assert clerk.post(f"{address}commit/").status_code == 302
    assert clerk.get("/imports/").status_code == 200


def test_an_empty_file_is_refused_by_the_form(clerk: Client, small_city: SmallCity) -> None:
    form = {"file": SimpleUploadedFile("市场监管.csv", b""), "as_of": "2026-10-30", "place": small_city.county.pk}
    assert "提交的是空文件" in clerk.post("/imports/new/", form).content.decode()
    assert not Batch.objects.exists()


def test_a_file_beyond_the_limit_is_refused_with_the_limit(
    clerk: Client, small_city: SmallCity, settings: pytest.FixtureRequest
) -> None:
    settings.MAX_ROSTER_FILE_BYTES = 2**20  # type: ignore[attr-defined]
    form = {"file": SimpleUploadedFile("市场监管.csv", bytes(2**20 + 1)), "as_of": "2026-10-30",
            "place": small_city.county.pk}  # fmt: skip
    assert "文件超过 1 MB 的上限" in clerk.post("/imports/new/", form).content.decode()


def test_formulas_are_kept_as_what_they_show_and_run_nowhere(clerk: Client, small_city: SmallCity) -> None:
    row = firm(1)
    row[3] = '=HYPERLINK("http://127.0.0.1")'
    address = upload(clerk, csv_of([row]), place=small_city.county.pk)
    run_jobs()
    clerk.post(f"{address}commit/")
    run_jobs()
    assert SourceRecord.objects.get().values["address"] == row[3]


def test_a_hostile_file_name_stays_inside_the_store(clerk: Client, small_city: SmallCity) -> None:
    name = "../../..\\市场监管" + "很" * 200 + "<b>.csv"
    upload(clerk, csv_of([firm(1)]), name, place=small_city.county.pk)
    run_jobs()
    batch = Batch.objects.get()
    assert batch.state == Batch.State.CHECKED
    assert "/" not in batch.file.name
    assert b"<b>.csv" not in clerk.get(f"/imports/{batch.pk}/").content
