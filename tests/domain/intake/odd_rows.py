"""Rows of lists with everything that can be wrong with them."""

from random import Random

from jingwei.domain.lists import LISTS, Field, FieldType, ListKind, RowNote
from tests.domain.uscc.strategies import code_of

_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_TYPED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcxyz*"
_WORDS = [
    *("", " ", "无", "暂无", "/", "-", "0", "不详", "N/A", "测试企业", "测试", "同上", "x", "空白", "无锡路", "null", "000"),
    *("安澜市绿源纺织有限公司", "老槐树面馆", "青柳（东湾）商行", "a", "王", "苏晚晴", "绿源\ufffd有限公司", "绿源\ue000厂", "𠮷野家商行", "绿源\n纺织厂"),
    *("安澜市绿源 纺织有限公司", "'绿源纺织", "绿源" * 50, "99990101MA1A2B3C4D", "有限公司", "（）", "某某某", "ABCD公司", "个体", "个体工商户", "注销", "吊销未注销", "存续"),
    *("安澜甲厂、安澜乙厂", "安澜甲厂;无", "、"),
]  # fmt: skip
_CODES = [
    *("", " ", "无", "/", "0", "暂无", "9.14E+17", "9.1E+17", "123456789012345678", "111111111111111111", "910101000000000000"),
    *("110108000000016", "110108000000017", "123456789012345", "000000000000000", "99010150112233X", "990101MA1A2B3C4", "50112233", "501122331"),
    *("安澜市绿源纺织有限公司", "副本(1-1)", "91IOSVZ1MA1A2B3C4D", "９１", "A" * 18, "91000000MA1A2B3C4D", "０" * 18),
]  # fmt: skip
_DATES = ["", "2019-01-02", "2019-02-29", "2020-02-29", "1899-12-31", "1900-01-01", "2030-05-06", "2099-12-31", "2100-01-01", "2019/1/2", "2019年1月2日",
          "20190102", "43467", "1901-13-01", "1901-00-28", "无", "昨天", "2019-1-02", "0000-01-01", " 2019-01-02", "２019-01-02"]  # fmt: skip
_COUNTS = ["", "0", "12", "12人", "1,200", "约50", "-3", "无", "99999999", "12.0", "十二", "1２"]
_PHONES = [
    "",
    "10012345678",
    "0999-8765432",
    "1.00E+10",
    "1234567+",
    "12345",
    "无",
    "１００１２３４５６７８",
    "8765432 转 8",
    "+86 10012345678",
]
_MONEY = ["", "50万元", "50", "30,000(万元)", "无", "很多", "100美元"]
_BY_TYPE = {FieldType.DATE: _DATES, FieldType.COUNT: _COUNTS, FieldType.PHONE: _PHONES, FieldType.MONEY: _MONEY}


def odd_code(random: Random) -> str:
    """A code, sound or damaged in one of the ways codes are."""
    if random.random() < 0.25:
        return random.choice(_CODES)
    organization = "".join(random.choice(_LETTERS) for _ in range(8))
    code = code_of(random.choice(("91", "92", "52")), f"99{random.randrange(10_000):04d}", organization)
    for _ in range(random.choice((0, 0, 0, 1, 1, 2, 3))):
        index = random.randrange(len(code))
        code = code[:index] + random.choice(_TYPED) + code[index + 1 :]
    shape = random.randrange(12)
    if shape < 3:
        return (code[2:17], code.lower(), f"'{code}")[shape]
    if shape < 6:
        digits = f"{random.randrange(10**18):018d}"
        return (digits, digits[:15] + "000", digits[:15])[shape - 3]
    return code


def odd_rows(random: Random, kind: ListKind, count: int) -> tuple[dict[str, list[str | None]], list[str | None]]:
    """Columns of texts by field, some of them missing, and the reader's notes."""
    fields = [field for field in LISTS[kind].fields if random.random() < 0.9]
    fields = fields or list(LISTS[kind].fields)
    values = {field.name: [_value(random, field) for _ in range(count)] for field in fields}
    notes = [random.choice(list(RowNote)).value if random.random() < 0.1 else None for _ in range(count)]
    return values, notes


def _value(random: Random, field: Field) -> str | None:
    if random.random() < 0.03:
        return None
    if field.name in ("uscc", "registration_number"):
        return odd_code(random)
    return random.choice(_BY_TYPE.get(field.type, _WORDS))
