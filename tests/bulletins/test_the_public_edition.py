"""What goes to everybody holds no small count and names no single unit."""

import re

import pytest
from docx import Document

from jingwei.bulletins.models import Paper
from jingwei.bulletins.orders import Wishes
from jingwei.core.refusal import Refused
from jingwei.domain.papers.content import Edition
from tests.bulletins.quarters import Quarters, content_of, make

PUBLIC = Wishes(edition=Edition.PUBLIC)


def test_small_counts_are_stars_in_the_table_and_words_in_the_text(quarters: Quarters) -> None:
    word = Document(content_of(make(quarters, Paper.Kind.BULLETIN, wishes=PUBLIC), "docx"))
    cells = [cell.text for row in word.tables[0].rows[2:] for cell in row.cells[1:]]
    assert "＊" in cells
    assert not {"1", "2", "3", "4"} & set(cells)
    text = "".join(paragraph.text for paragraph in word.paragraphs)
    assert "未建 不足 5 家" in text
    assert not re.search(r"(?<![\d,.])[1-4] 家", text)


def test_the_monthly_table_hides_them_too(quarters: Quarters) -> None:
    table = make(quarters, Paper.Kind.MONTHLY, wishes=PUBLIC).content["table"]
    counts = [cell["text"] for row in [*table["rows"], table["total"]] for cell in row["cells"]]
    assert not {"1", "2", "3", "4"} & set(counts)


@pytest.mark.parametrize("kind", ["should_have", "ledger_c", "form_d", "form_a", "form_b"])
def test_what_names_or_nearly_names_units_has_no_public_edition(quarters: Quarters, kind: str) -> None:
    with pytest.raises(Refused, match="没有对外版"):
        make(quarters, kind, wishes=PUBLIC)
