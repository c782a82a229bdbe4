"""A server that is too old, sorts Chinese wrongly or gives too little power is refused in Chinese."""

from types import SimpleNamespace
from typing import Any

import pytest

from jingwei.core.database import (
    DatabaseRefused,
    refuse_unfit_account,
    refuse_unfit_locale,
    refuse_unfit_server,
)


class Answering:
    """Stands for a connection: one row for whatever is asked, and a server version."""

    def __init__(self, row: tuple[object, ...] | None = None, version: int = 180003) -> None:
        self.row = row
        self.info = SimpleNamespace(server_version=version, parameter_status=lambda name: str(version // 10000))

    def execute(self, statement: str) -> "Answering":
        return self

    def fetchone(self) -> tuple[object, ...] | None:
        return self.row


def connection(*given: Any, **named: Any) -> Any:
    return Answering(*given, **named)


BUILTIN = ("UTF8", "b", "C.UTF-8", "C.UTF-8")
LIBC = ("UTF8", "c", "C.UTF-8", None)


@pytest.mark.parametrize("version", [90624, 140011, 150008])
def test_a_server_before_16_is_refused_with_its_version(version: int) -> None:
    with pytest.raises(DatabaseRefused, match=f"数据库版本 {version // 10000} 过旧"):
        refuse_unfit_server(connection(version=version))


@pytest.mark.parametrize("version", [160000, 170004, 180003])
def test_a_server_from_16_on_is_taken(version: int) -> None:
    refuse_unfit_server(connection(version=version))


@pytest.mark.parametrize(
    ("row", "version"),
    [
        (BUILTIN, 170000),
        (BUILTIN, 180003),
        (("UTF8", "b", "en_US.UTF-8", "C.UTF-8"), 180003),
        (LIBC, 160004),
        (("UTF8", "c", "C.utf8", None), 160004),
    ],
)
def test_a_locale_in_which_chinese_is_found_is_taken(row: tuple[object, ...], version: int) -> None:
    refuse_unfit_locale(connection(row, version=version))


@pytest.mark.parametrize(
    ("row", "version"),
    [
        (("UTF8", "c", "en_US.UTF-8", None), 180003),
        (("UTF8", "c", "C", None), 180003),
        (("UTF8", "i", "C.UTF-8", "zh-CN"), 180003),
        (("UTF8", "b", "C.UTF-8", "C"), 180003),
        (("SQL_ASCII", "b", "C.UTF-8", "C.UTF-8"), 180003),
        (LIBC, 170000),
        (("UTF8", "c", "zh_CN.UTF-8", None), 160004),
        (None, 180003),
    ],
)
def test_a_locale_in_which_chinese_is_lost_is_refused(row: tuple[object, ...] | None, version: int) -> None:
    wanted = "builtin" if version >= 170000 else "libc"
    with pytest.raises(DatabaseRefused, match=f"中文检索会失效.*{wanted}"):
        refuse_unfit_locale(connection(row, version=version))


@pytest.mark.parametrize("row", [(False,), None])
def test_an_account_without_full_power_is_refused(row: tuple[object, ...] | None) -> None:
    with pytest.raises(DatabaseRefused, match="超级用户"):
        refuse_unfit_account(connection(row))


def test_a_superuser_is_taken() -> None:
    refuse_unfit_account(connection((True,)))
