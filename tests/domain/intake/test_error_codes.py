"""Error codes are a closed list, each with a sentence, and cover those of the code check."""

from jingwei.domain.intake import MESSAGES, ErrorCode
from jingwei.domain.intake.check import NO_RECORD, REMARKS
from jingwei.domain.lists import RowNote
from jingwei.domain.uscc import CodeError


def test_every_code_has_a_sentence() -> None:
    assert set(MESSAGES) == set(ErrorCode)
    assert all(message.strip() for message in MESSAGES.values())


def test_every_fault_of_a_code_is_among_them() -> None:
    assert {code.value for code in CodeError} <= {code.value for code in ErrorCode}


def test_every_remark_of_the_reader_has_a_code() -> None:
    assert {*NO_RECORD, *REMARKS} == set(RowNote)
