"""Words of which the invented city's names are put together. Nothing here names a real place,
firm or person on purpose; the words are everyday ones."""

from itertools import product


def listed(text: str) -> tuple[str, ...]:
    """The words of a text that blanks part."""
    return tuple(text.split())


PROVINCE = "东澜省"
PROVINCE_AREA = 990000
CITY = "安澜市"
CITY_SHORT = "安澜"
CITY_AREA = 990100
OTHER_CITIES = ("澄岚市", "霁川市", "沐汀市")
OTHER_AREAS = (990200, 990300, 990400)

COUNTIES = listed("青岚区 澜新区 云汀县 汀南区 映湖区 松澜区 稻溪县 霁云区 枫汀县 鹭屿区 竹澜县 荻洲区")

_TOWN_HEADS = "鹭鹤雁苇荻槿菱芷蘅萱蓼檀枳椿桤榉"
_TOWN_TAILS = "溪屿坪塘洲桥坡浦岭湾汀埠"
_COMMUNITY_HEADS = "荷莲菱苇芦梅竹松槐柳桂兰菊萱芷蘅荻蓼棠杏桃梨枣橘柚枫榆桐槿樟栎杉榕藕茶麦稻粟禾鹭雁鹤"
_COMMUNITY_TAILS = "湾浦渡桥坊塘坪岭坞畈洲埠岸庄园屯垄圩堰滩潭渚汀台垸坡巷井亭"
_ROAD_HEADS = "锦润云青明广文兴永和泰宁康乐祥瑞丰盛启弘景望晨曦霞虹星月雅清"
_ROAD_TAILS = "程泽岚澜栖霁德礼仁义智学贤正通达顺畅泉波涛帆航苑韵彩辰"
_BUILDING_HEADS = "锦观润云汇恒瑞嘉盛天明星景启鼎晶翠鸿"
_BUILDING_TAILS = "程澜泽栖宸悦瀚岚帆霁川"

ROAD_ENDINGS = ("路", "路", "路", "街", "街", "大道", "巷")
BUILDING_ENDINGS = ("大厦", "广场", "中心", "商务楼", "创意园")
MARKET_ENDINGS = ("农贸市场", "建材市场", "五金机电城", "小商品市场", "水产市场", "花卉市场")

BRAND_HEADS = (
    "澜岚汀霁栖沐禾衡拓晨明启惠瑞溪云青橙朗清锦润泽康星聚卓优诚达凌帆舟桥邻"
    "满川木林森源鼎图知尚雅博远弘景彦嘉恩亿品乐智鸿融"
)
BRAND_TAILS = (
    "澜岚汀霁栖沐禾衡拓宸铭祺惠瑞溪云屿朗清锦润泽康辰聚卓优诚达凌帆舟桥邻川木森源鼎图知微尚雅博远弘景彦嘉恩品智鸿融维"
)
BRAND_THIRDS = "澜岚禾衡拓宸瑞溪云朗润泽康辰聚卓优诚达凌帆舟源图尚雅博景嘉恩"
# A firm that takes a new name gets one of these; they are in no other pool, so that no name meets.
RENAME_MARKS = "兴昇盛熙"

SURNAMES = (
    "林陈沈许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章苏潘葛奚范彭郎鲁韦马苗方俞任袁柳"
    "唐罗薛雷贺倪汤殷毕郝邬安常乐于时傅齐康伍余元顾孟黄穆萧尹姚邵汪祁毛禹狄米贝明臧"
)
GIVEN = (
    "书远文澜景岚晓汀子霁若栖思沐嘉禾安衡明拓雨晨启惠瑞溪云清锦润泽康星辰卓优诚信达帆舟"
    "桥川木林森源知微雅博弘彦恩品乐智鸿融维亦可欣然宁静怡悦佳雪梅兰竹菊松柏峰岩涛波"
)

SHOP_HEADS = listed(
    "小满 拾光 转角 巷口 禾田 老街 街坊 好邻 四季 半夏 初见 青禾 暖阳 晨光里 向阳 月下 麦香 稻香 "
    "一品鲜 顺心 如意 百味 三餐 阿婆 胖叔 大树下 桥头 渡口 田园 山里人 家常 巧手 心意 悦己 木槿 "
    "蓝调 蜗居 小院 南窗 北岸"
)

# Marks that are mistaken for one another at a keyboard or by a scanner.
CONFUSED = str.maketrans(
    "澜岚汀霁栖沐禾衡拓晨启惠瑞溪云清锦润泽康星聚卓诚达帆桥源博远弘景嘉智鸿融联技务贸商",
    "兰兰町齐西木和恒托辰起慧端西芸青绵闰择慷兴骤桌城打凡乔原搏元宏井佳志洪溶连枝物货尚",
)
# Traditional forms of characters that occur in the pools and in the names of trades.
TRADITIONAL = str.maketrans(
    "澜岚启云锦润泽聚诚达桥邻满图优远恩乐鸿维联创东华区镇乡号楼厦务贸电网络软发业营运输饮经"
    "财产资险银设备机械验检测产医疗养护园艺广传媒动体饰装筑工实国际团门农产协会员师级个体户县",
    "瀾嵐啟雲錦潤澤聚誠達橋鄰滿圖優遠恩樂鴻維聯創東華區鎮鄉號樓廈務貿電網絡軟發業營運輸飲經"
    "財產資險銀設備機械驗檢測產醫療養護園藝廣傳媒動體飾裝築工實國際團門農產協會員師級個體戶縣",
)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
NUMERALS = "零一二三四五六七八九十"


def stems(heads: str, tails: str) -> list[str]:
    """Every two-character word of a head and a tail, none twice."""
    pairs = (head + tail for head, tail in product(heads, tails) if head != tail)
    return list(dict.fromkeys(pairs))


def town_stems() -> list[str]:
    return stems(_TOWN_HEADS, _TOWN_TAILS)


def community_stems() -> list[str]:
    plain = stems(_COMMUNITY_HEADS, _COMMUNITY_TAILS)
    return plain + [side + stem for side in "上下" for stem in plain]


def road_stems() -> list[str]:
    plain = stems(_ROAD_HEADS, _ROAD_TAILS)
    return plain + [stem + side for side in "东西南北" for stem in plain]


def building_stems() -> list[str]:
    plain = stems(_BUILDING_HEADS, _BUILDING_TAILS)
    return plain + [stem + mark for mark in ("国际", "时代", "世纪") for stem in plain]
