"""Why a whole file is refused: one closed table of stable codes, Chinese sentences and ways out."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class TableErrorCode(StrEnum):
    """The closed list of reasons; the values are stored with the batch."""

    MISSING = "T-MISSING"
    EMPTY = "T-EMPTY"
    NO_ROWS = "T-NO-ROWS"
    KIND = "T-KIND"
    NOT_TEXT = "T-NOT-TEXT"
    ENCRYPTED = "T-ENCRYPTED"
    TRUNCATED = "T-TRUNCATED"
    DAMAGED = "T-DAMAGED"
    UNSAFE = "T-UNSAFE"
    BOMB = "T-BOMB"
    TOO_LARGE = "T-TOO-LARGE"
    ROWS = "T-ROWS"
    COLUMNS = "T-COLUMNS"
    CELL = "T-CELL"
    LINE = "T-LINE"
    SPREAD = "T-SPREAD"
    ENCODING = "T-ENCODING"
    QUOTES = "T-QUOTES"
    NO_HEADER = "T-NO-HEADER"
    NO_KEY = "T-NO-KEY"
    SAME_COLUMNS = "T-SAME-COLUMNS"
    MEMORY = "T-MEMORY"
    TIME = "T-TIME"
    DISK = "T-DISK"
    CRASH = "T-CRASH"


_SAVE_AS = "请用 Excel 或 WPS 打开后另存为 xlsx 或“CSV UTF-8”，再上传"
_SEND_AGAIN = "请重新从原系统导出或重新传输后再上传"
_SPLIT = "请按区县或街道拆成几个文件分别上传"

# Code -> (what is wrong, the way out). Braces are filled from the place where it went wrong.
MESSAGES: Mapping[TableErrorCode, tuple[str, str]] = MappingProxyType(
    {
        TableErrorCode.MISSING: ("读不到这个文件", "请检查文件是否还在，再重新上传"),
        TableErrorCode.EMPTY: ("文件是空的", _SEND_AGAIN),
        TableErrorCode.NO_ROWS: ("表头下面没有数据行", "请检查导出条件后重新导出"),
        TableErrorCode.KIND: ("这是{kind}，不是可以读取的表格", _SAVE_AS),
        TableErrorCode.NOT_TEXT: ("文件内容不是文本，也不是可识别的表格", _SAVE_AS),
        TableErrorCode.ENCRYPTED: ("文件设有打开密码", "请去掉密码后另存一份再上传"),
        TableErrorCode.TRUNCATED: ("文件不完整，后半部分丢失", _SEND_AGAIN),
        TableErrorCode.DAMAGED: ("文件已损坏，无法读取（{detail}）", _SEND_AGAIN),
        TableErrorCode.UNSAFE: ("文件含有不安全的内容（{detail}），已拒绝", _SAVE_AS),
        TableErrorCode.BOMB: (
            "文件解压后大得异常（压缩 {packed} 字节，解压 {unpacked} 字节），已拒绝",
            "请删除表格下方和右侧的空白行列，或另存为“CSV UTF-8”再上传",
        ),
        TableErrorCode.TOO_LARGE: ("文件有 {size} 字节，超过上限 {limit} 字节", _SPLIT),
        TableErrorCode.ROWS: ("数据超过 {limit} 行", _SPLIT),
        TableErrorCode.COLUMNS: ("有 {count} 列，超过上限 {limit} 列", "请删除右侧多余的列后再上传"),
        TableErrorCode.CELL: (
            "一个单元格有 {count} 个字符，超过上限 {limit}",
            "请检查该处是否少了一个引号，或缩短该单元格的内容",
        ),
        TableErrorCode.LINE: ("一行超过 {limit} 个字符", "请检查换行是否丢失，重新导出后再上传"),
        TableErrorCode.SPREAD: (
            "表格中有远离数据的零散单元格（最后一格在第 {row} 行第 {column} 列）",
            "请删除数据区以外的内容，再另存上传",
        ),
        TableErrorCode.ENCODING: ("文字编码无法识别，读出来是乱码（{detail}）", _SAVE_AS),
        TableErrorCode.QUOTES: ("引号不成对，无法判断一行到哪里结束", "请补上或删去多余的双引号，再上传"),
        TableErrorCode.NO_HEADER: (
            "前 {rows} 行里没有找到表头{similar}",
            "请保留一行列名，例如：{expected}",
        ),
        TableErrorCode.NO_KEY: (
            "找到了表头，但没有名称列，也没有代码列{similar}",
            "请至少保留其中一列：{expected}",
        ),
        TableErrorCode.SAME_COLUMNS: (
            "几列表示同一内容而取值不同（{columns}），无法判断用哪一列",
            "请只保留一列，或改掉其余各列的列名",
        ),
        TableErrorCode.MEMORY: ("读取所需内存超过上限", _SPLIT),
        TableErrorCode.TIME: ("读取时间超过上限", _SPLIT),
        TableErrorCode.DISK: ("磁盘空间不足或写入失败，没有保存任何内容", "请联系管理员清理磁盘后重试"),
        TableErrorCode.CRASH: ("读取程序意外中止（{detail}）", _SAVE_AS),
    }
)


class TableError(Exception):
    """A file is refused as a whole, or a table cannot be written; nothing was kept of it.

    `code` is stable. `place_zh` names file, sheet, row and column as far as they are known,
    `message_zh` says what is wrong, `hint_zh` the way out.
    """

    def __init__(self, code: str, message_zh: str, hint_zh: str, place_zh: str) -> None:
        super().__init__(code, message_zh, hint_zh, place_zh)
        self.code = code
        self.message_zh = message_zh
        self.hint_zh = hint_zh
        self.place_zh = place_zh

    def __str__(self) -> str:
        where = f"{self.place_zh}：" if self.place_zh else ""
        return f"{where}{self.message_zh}。{self.hint_zh}。（{self.code}）"


def refusal(code: TableErrorCode, place_zh: str = "", **details: object) -> TableError:
    """The error for a code, its sentences filled with the details."""
    message, hint = MESSAGES[code]
    return TableError(code.value, message.format(**details), hint.format(**details), place_zh)


def place(file: str, *, sheet: str | None = None, row: int | None = None, column: int | None = None) -> str:
    """Where it happened, in Chinese; rows and columns count from 1 as the spreadsheet shows them."""
    parts = [f"文件“{file}”"]
    if sheet is not None:
        parts.append(f"工作表“{sheet}”")
    if row is not None:
        parts.append(f"第 {row} 行")
    if column is not None:
        parts.append(f"第 {column} 列")
    return "，".join(parts)
