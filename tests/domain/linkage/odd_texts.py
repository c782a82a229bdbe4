"""Odd names, addresses, persons and phones by the thousand, put together from pieces that matter somewhere."""

from random import Random

PLACES = frozenset({"东澜省", "东澜", "安澜市", "安澜", "东湾区", "东湾", "西岭县", "青柳镇"})
_NOISE = [
    *(
        "",
        " ",
        "  ",
        "\n",
        "\t",
        "\u3000",
        "\u00a0",
        "\u200b",
        "\ufeff",
        "·",
        "、",
        "，",
        "。",
        "/",
        "_",
        "'",
        '"',
        "#",
        "￥",
    ),
    *("-", "－", "—", "–", "(", ")", "（", "）", "[", "]", "【", "】", "《", "》", "()", "（）"),
    *(
        "綠",
        "紡織",
        "廠",
        "沈",
        "沈船",
        "毛坏",
        "重覆",
        "瞭",
        "昇",
        "〇",
        "々",
        "𠮷",
        "😀",
        "é",
        "e\u0301",
        "ß",
        "ﬁ",
        "㈱",
        "½",
        "①",
        "²",
    ),
    *("Ａ", "ｂ", "１", "٣", "a", "Z", "0", "7", "12", "３６", "零", "伍", "陆", "壹", "十", "廿", "百", "甲"),
    *("\ue000", "\ufffd", "\u0660", "Ⅳ", "ſ", "İ", "한국", "かな", "々木"),
]
_NAMES = [
    *("绿源", "明月", "海棠", "鼎盛", "百", "一品", "三和", "九州", "纺织", "灯饰", "食品", "贸易", "老槐树面馆", "企业管理", "测试"),
    *("有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "控股有限公司", "集团公司", "总公司", "公司", "集团", "分公司", "支公司"),
    *("合伙企业", "合作社", "专业合作社", "农民专业合作社联合社", "事务所", "协会", "志愿者协会", "学校", "医院", "银行", "信用社", "联社"),
    *("（个体工商户）", "（普通合伙）", "(特殊普通合伙)", "（有限合伙）", "（个人独资）", "（新）", "（停业）", "(已注销)", "（分店）", "-1", "－２", "-12"),
    *("第一分店", "青柳路店", "营业部", "门市部", "经营部", "加油站", "仓库", "厂", "店", "服务站", "办事处", "第3店", "三十二厂"),
    *PLACES, *("（东湾）", "(安澜)", "（ 安澜 ）", "（东湾区）", "北山省", "北方自治区", "白云市", "市场", "市政", "超市", "集市", "中国"),
]  # fmt: skip
_ADDRESSES = [
    *PLACES, *("中国", "北方自治区", "红河自治州", "黑山地区", "草原盟", "白旗", "科技园区", "工业园区", "阳光小区", "校区", "市场", "批发市场"),
    *("梧桐路", "青柳大道", "人民大街", "站前街", "幸福里", "槐树巷", "三条胡同", "胡同", "大道", "大街", "路", "街", "道", "弄", "里"),
    *("街道办事处", "青柳街道", "社区", "居委会", "村委会", "李家村", "新镇", "红旗乡", "花园", "明珠大厦", "中心", "广场", "大楼"),
    *("12号", "12-3号", "８号", "301室", "12", "3-", "-3", "7栋2单元", "号", "（东湾区）", "(西岭县)", "（旁边）", "一二三四五六七八九十甲乙丙丁戊己"),
]  # fmt: skip
_PERSONS = [
    "苏",
    "晚晴",
    "孟知秋",
    "无",
    "暂无",
    "不详",
    "空",
    "没有",
    "同上",
    "测试",
    "x",
    "xx",
    "null",
    "N/A",
    "0",
    "00",
    "详见附件",
    "待补",
]
_PHONES = [
    "1",
    "139",
    "0999",
    "8765432",
    "00000000",
    "86",
    "+86",
    "10012345678",
    "-",
    "转801",
    "E+10",
    "e+",
    "九",
    "８",
    "①",
]


def odd_names(random: Random, count: int) -> list[str]:
    """Texts that might stand in a column of names."""
    return _texts(random, count, _NAMES)


def odd_addresses(random: Random, count: int) -> list[str]:
    """Texts that might stand in a column of addresses."""
    return _texts(random, count, _ADDRESSES)


def odd_persons(random: Random, count: int) -> list[str]:
    """Texts that might stand in a column of persons."""
    return _texts(random, count, _PERSONS)


def odd_phones(random: Random, count: int) -> list[str]:
    """Texts that might stand in a column of phones."""
    return _texts(random, count, _PHONES)


def _texts(random: Random, count: int, pieces: list[str]) -> list[str]:
    return ["".join(_piece(random, pieces) for _ in range(random.randrange(8))) for _ in range(count)]


def _piece(random: Random, pieces: list[str]) -> str:
    return random.choice(_NOISE if random.random() < 0.12 else pieces)
