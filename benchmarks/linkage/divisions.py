"""Two invented prefectures that share no name and no code; area codes begin with 99, which no place has."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class County:
    """A county, district or county-level city: six-digit code, full name, towns and roads."""

    code: str
    name: str
    towns: tuple[str, ...]
    roads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Divisions:
    """A prefecture. `elsewhere` are (code, city name) of places whose firms show up in its lists."""

    code: str
    province: str
    city: str
    counties: tuple[County, ...]
    elsewhere: tuple[tuple[str, str], ...]


_TOWN_KINDS = ("街道", "镇", "镇", "街道", "乡", "镇")
_ROAD_KINDS = ("路", "街", "大道", "路", "巷", "东路", "路", "西路", "大街", "北路", "南路", "路")
_TOWNS_EACH, _ROADS_EACH = 10, 40


def _county(at: int, code: str, name: str, towns: str, roads: str) -> County:
    """A county whose towns and roads are cut out of the common stock at its own place; roads repeat
    between counties, as they do in life.
    """
    town_roots, road_roots = towns.split(), roads.split()
    own_towns = [town_roots[(at * 7 + step * 3) % len(town_roots)] for step in range(_TOWNS_EACH)]
    own_roads = [road_roots[(at * 11 + step) % len(road_roots)] for step in range(_ROADS_EACH)]
    return County(
        code,
        name,
        tuple(dict.fromkeys(root + _TOWN_KINDS[step % 6] for step, root in enumerate(own_towns))),
        tuple(dict.fromkeys(root + _ROAD_KINDS[(at + step) % 12] for step, root in enumerate(own_roads))),
    )


_TOWNS_1 = (
    "青藤 碧螺 石鼓 黄泥 枫桥渡 竹屿 三汊 白沙洲 古樟 莲塘坞 乌桕 横塘里 上垟 下陂 双溪口 马鞍岭 狮子坪 龙潭湾 七里铺 樟木坑 "
    "梅花垄 杨柳浦 石板滩 金鸡嶂 罗汉寨 长堰 花桥墩 茶亭 栗树坡 鹤鸣冲 芦荻 观音阁 八角亭 太平圩"
)
_ROADS_1 = (
    "海棠 青石 望江 临波 银杏 朝霞 育贤 兴工 织云 桂香 明湖 观澜 石榴 长堤 迎晖 学府 云锦 锦帆 松涛 建业 解放 人民 中山 和平 "
    "文昌 金鳞 滨河 站前 沿江 体育 创新 科技 工业 物流 花园 环城 民生 友爱 勤奋 光华 胜利 红旗 东湖 西苑 南塘 北闸 梅岭 竹岛"
)
_TOWNS_2 = (
    "灰岩 柳毛 大榆树 沙坨子 红果营 苇子沟 三棵松 老鹰嘴 驼梁 马圈 黑石咀 榛子岭 杏树台 白桦洼 团山堡 泉眼 五道营 高台堡 "
    "拉马甸 河湾子 鹿角 桑干集 葫芦套 小孤屯 石磨 响水 燕窝峪 牤牛湾 二龙泡 望火楼 月牙甸 枣园集 古井台 靠山营"
)
_ROADS_2 = (
    "朔风 雁栖 白桦 松韵 铁西 长虹 凌云 龙脊 奋进 新华 建设 团结 黎明 振兴 工农 前进 园林 玉泉 春晓 河畔 驼铃 草原 苍山 北辰 "
    "紫荆 丁香 榆荫 杨柳青 槐安 青年 站北 矿务 化工 钢城 电力 汽配 粮贸 农机 会展 高新 望岳 迎宾 同心 富民 永安 广场 云杉 雪松"
)
_COUNTIES_1 = (
    ("990102", "梧岭区"), ("990103", "碧澜区"), ("990104", "石桥区"), ("990105", "锦溪区"), ("990121", "云陵县"),
    ("990122", "松渡县"), ("990123", "白鹭县"), ("990124", "苇湖县"), ("990181", "丹崖市"),
)  # fmt: skip
_COUNTIES_2 = (
    ("990702", "望岳区"), ("990703", "新棠区"), ("990704", "沙堰区"), ("990705", "河岫区"), ("990721", "玄溪县"),
    ("990722", "凤潭县"), ("990723", "柳坪县"), ("990724", "渠梁县"), ("990725", "岱峪自治县"), ("990781", "桐关市"),
    ("990782", "雁门坪市"),
)  # fmt: skip

DIVISIONS = {
    1: Divisions(
        "990100",
        "云泽省",
        "临岚市",
        tuple(_county(at, *which, _TOWNS_1, _ROADS_1) for at, which in enumerate(_COUNTIES_1)),
        (("992010", "江汀市"), ("992020", "宁屿市"), ("992110", "东澧市"), ("992230", "汉坪市"), ("992340", "西棠市")),
    ),
    2: Divisions(
        "990700",
        "朔川省",
        "北汀市",
        tuple(_county(at, *which, _TOWNS_2, _ROADS_2) for at, which in enumerate(_COUNTIES_2)),
        (
            ("993010", "海渚市"),
            ("993120", "定垣市"),
            ("993230", "凉川市"),
            ("993340", "广蒲市"),
            ("993450", "秋浦源市"),
        ),
    ),
}
