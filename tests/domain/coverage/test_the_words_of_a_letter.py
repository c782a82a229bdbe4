"""What a notice letter says."""

from datetime import date

from jingwei.domain.coverage import Covering, UnitFacts, decide
from jingwei.domain.coverage.letters import LetterFacts, paragraphs, reply_days
from tests.domain.coverage.units import RULES

FACTS = LetterFacts("安澜禾源有限公司", 4, None, date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 20))


def test_a_letter_names_the_members_the_article_and_the_day_of_the_answer() -> None:
    text = "".join(paragraphs(FACTS, decide(UnitFacts(4), RULES), RULES))
    assert "据 2026 年 9 月 30 日党员数名单，你单位有正式党员 4 名，尚未建立党组织" in text
    assert "《中国共产党支部工作条例（试行）》第四条" in text
    assert "2026 年 11 月 20 日前" in text
    assert "预备" not in text


def test_a_unit_in_a_joint_branch_is_told_that_it_has_none_of_its_own() -> None:
    unit = UnitFacts(4, 1, coverings=(Covering(1, "安澜联合党支部", "joint", "branch"),))
    assert "尚未单独建立党组织" in paragraphs(FACTS, decide(unit, RULES), RULES)[0]


def test_the_days_for_an_answer_come_from_the_rulebook_and_are_still_unconfirmed() -> None:
    assert reply_days(RULES) == RULES.number("coverage.letter_reply_days")
    assert RULES["coverage.letter_reply_days"].unconfirmed
