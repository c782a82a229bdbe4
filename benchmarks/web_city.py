"""Fill a scratch database with a large invented city, set-based: places, bodies, users, entities."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connections, transaction
from django.utils import timezone
from psycopg import sql

from jingwei.domain.search_keys import bigrams, initials, pinyin_key, search_text

COUNTIES, TOWNS_A_COUNTY, COMMUNITIES_A_TOWN, PARKS_A_COUNTY = 12, 12, 10, 4
COUNTY_WEIGHTS = (20, 16, 13, 11, 9, 8, 6, 5, 4, 3, 3, 2)
SYLLABLES = (
    "安澜岚汀霁栖沐禾衡川拓晨启明惠瑞溪云青橙朗清锦润泽康星聚卓优诚达凌帆舟桥邻满木林森源鼎图知尚雅博远"
    "弘景彦嘉恩亿品乐智鸿融华盛兴隆丰泰宏顺昌利发祥福永长城海天地江河湖山石金银铜铁东南西北中春夏秋冬"
    "红黄蓝绿白黑紫光辉耀凯捷迅飞腾龙凤鹏鹤虎马牛羊新创维正德仁义信和平同方圆健美佳宜居家园众合力量"
)
TRADES = (
    ("C", "电子科技 精密机械 通用设备 塑料制品 服装 家具 食品 印刷包装 化工材料 金属制品"),
    ("E", "建筑工程 装饰工程 市政工程 园林工程"),
    ("F", "商贸 贸易 百货 建材 医药 汽车销售 电子商务 农产品"),
    ("G", "物流 运输 供应链管理 快递服务 仓储"),
    ("H", "餐饮管理 酒店管理 饮食服务"),
    ("I", "信息技术 软件 网络科技 数据服务"),
    ("K", "房地产经纪 物业服务 置业"),
    ("L", "企业管理咨询 人力资源服务 广告传媒 会展服务 知识产权代理"),
    ("M", "检测技术 工程设计 环保科技"),
    ("O", "家政服务 汽车维修 摄影服务"),
    ("P", "教育科技 培训学校"),
    ("Q", "医疗管理 口腔门诊部"),
    ("R", "文化传播 体育发展 影视制作"),
)
TRADE_WEIGHTS = (18, 8, 30, 5, 8, 7, 5, 9, 4, 3, 2, 2, 3)
INDUSTRY_BODIES = (("C", "电子信息"), ("G", "交通运输"), ("I", "软件和互联网"), ("Q", "民营医疗"), ("L3", "人力资源"))
MONTHS = tuple(date(2026, 10, 30) - timedelta(days=days) for days in (0, 1, 2, 31, 62, 200))
CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
COLUMNS = (
    "name", "uscc", "roster", "legal_form", "ownership", "state", "operating", "screening", "counts_in_base", "place_id",
    "county_id", "town_id", "overlay_id", "body_id", "industry_body_id", "industry_code", "staff", "sources",
    "parent_name", "road", "road_number", "search_name", "bigrams", "pinyin", "initials", "as_of", "rulebook_version",
    "computed_at",
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """Ids that entities refer to: towns and parks by county, communities by town, bodies."""

    counties: list[int]
    towns: dict[int, list[int]]
    communities: dict[int, list[int]]
    parks: dict[int, list[int]]
    office: int
    county_offices: dict[int, int]
    industry_bodies: dict[str, int]


def fill(entities: int, seed: int = 20261031) -> Layout:
    """Write the whole city through the owner connection and analyze it. Deterministic."""
    draw = random.Random(seed)
    with connections["owner"].cursor() as cursor:
        with transaction.atomic(using="owner"):
            layout = fill_frame(cursor)
        indexes = drop_indexes(cursor)
        copy = sql.SQL("COPY base_roster_entity ({}) FROM STDIN").format(
            sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
        )
        with cursor.copy(copy) as target:
            for row in entity_rows(draw, layout, entities):
                target.write_row(row)
        for definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE base_roster_entity")
        cursor.execute("ANALYZE")
    return layout


def drop_indexes(cursor: Any) -> list[str]:
    """Drop what can be built faster afterwards; returns the definitions."""
    cursor.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = 'base_roster_entity'"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    return [definition for _, definition in found]


def fill_frame(cursor: Any) -> Layout:
    city = add_place(cursor, None, "city", "安澜市", 0)
    counties = [add_place(cursor, city, "county", f"{pair(number)}区", number) for number in range(COUNTIES)]
    towns = {
        county: [add_place(cursor, county, "town", f"{pair(40 + 13 * at + n)}街道", n) for n in range(TOWNS_A_COUNTY)]
        for at, county in enumerate(counties)
    }
    communities = {
        town: [add_place(cursor, town, "community", f"{pair(town + 7 * n)}社区", n) for n in range(COMMUNITIES_A_TOWN)]
        for town in itertools.chain.from_iterable(towns.values())
    }
    parks = {
        county: [add_place(cursor, county, "park", f"{pair(300 + 5 * at + n)}产业园", n) for n in range(PARKS_A_COUNTY)]
        for at, county in enumerate(counties)
    }
    return Layout(
        counties,
        towns,
        communities,
        parks,
        add_body(cursor, "social_work_department", "安澜市委社会工作部", city, []),
        {
            county: add_body(cursor, "social_work_department", f"{county} 号区委社会工作部", county, [])
            for county in counties
        },
        {
            code: add_body(cursor, "industry_committee", f"{name}行业党委", city, [code])
            for code, name in INDUSTRY_BODIES
        },
    )


def pair(number: int) -> str:
    return SYLLABLES[number * 7 % len(SYLLABLES)] + SYLLABLES[(number * 11 + 3) % len(SYLLABLES)]


def add_place(cursor: Any, parent: int | None, kind: str, name: str, position: int) -> int:
    cursor.execute(
        "INSERT INTO places_place (parent_id, kind, name, short_name, path, takes_responsibility, position, valid)"
        " VALUES (%s, %s, %s, '', '', false, %s, '[2000-01-01,)') RETURNING id",
        [parent, kind, name, position],
    )
    return int(cursor.fetchone()[0])


def add_body(cursor: Any, kind: str, name: str, place: int, industries: list[str]) -> int:
    cursor.execute(
        "INSERT INTO bodies_body (kind, name, short_name, place_id, industries, list_kinds, valid, note)"
        " VALUES (%s, %s, '', %s, %s, '{}', '[2000-01-01,)', '') RETURNING id",
        [kind, name, place, industries],
    )
    return int(cursor.fetchone()[0])


def entity_rows(draw: random.Random, layout: Layout, entities: int) -> Iterator[tuple[Any, ...]]:
    now = timezone.now()
    trades = [(letter, words.split()) for letter, words in TRADES]
    for number in range(entities):
        letter, words = draw.choices(trades, TRADE_WEIGHTS)[0]
        roster, form, ending = draw_form(draw)
        name = draw_name(draw, draw.choice(words), ending)
        known = search_text(name)
        industry = f"{letter}{draw.randint(1, 9)}{draw.randint(0, 9)}" if draw.random() < 0.9 else ""
        yield (
            name, draw_code(draw, roster), roster, form, *draw_verdicts(draw, roster), *draw_place(draw, layout),
            next((body for code, body in layout.industry_bodies.items() if industry.startswith(code)), None),
            industry, int(draw.paretovariate(0.9)) + 1 if draw.random() < 0.6 else None,
            draw.choice((1, 1, 1, 1, 3, 3, 7, 7, 8)), "", draw.choice(SYLLABLES) + draw.choice(SYLLABLES) + "路",
            number % 300, known, bigrams(known), pinyin_key(name), initials(name), draw.choices(MONTHS, (30, 30, 20, 10, 6, 4))[0],
            "bench", now,
        )  # fmt: skip


def draw_form(draw: random.Random) -> tuple[str, str, str]:
    chance = draw.random()
    if chance < 0.62:
        return "enterprise", "company", "有限公司" if draw.random() < 0.93 else "股份有限公司"
    if chance < 0.95:
        return "small", "sole_trader", draw.choice(("店", "经营部", "商行", "工作室", "服务部"))
    if chance < 0.97:
        return "social", "private_non_enterprise", draw.choice(("协会", "服务中心", "商会"))
    return "site", "branch_office", "有限公司分公司"


def draw_name(draw: random.Random, trade: str, ending: str) -> str:
    place = draw.choice(("安澜市", "安澜", "安澜", "", "东澜省")) if draw.random() < 0.9 else ""
    brand = "".join(draw.choice(SYLLABLES) for _ in range(draw.choice((2, 2, 2, 3, 4))))
    return f"{place}{brand}{trade}{ending}"


def draw_code(draw: random.Random, roster: str) -> str:
    prefix = {"small": "92", "social": "52"}.get(roster, "91")
    return prefix + "9901" + "".join(draw.choices(CODE_CHARACTERS, k=12)) if draw.random() < 0.97 else ""


def draw_verdicts(draw: random.Random, roster: str) -> tuple[str, str, bool, str, bool]:
    """Ownership, state, operating, screening, counts in the base."""
    ownership = draw.choices(("unknown", "non_public", "public"), (55, 41, 4))[0]
    state = draw.choices(("existing", "unknown", "cancelled", "revoked"), (84, 6, 7, 3))[0]
    operating = state in {"existing", "unknown"}
    screening = draw.choices(("in", "unknown", "out"), (14, 56, 30))[0] if operating else "out"
    counts = screening == "in" and ownership != "public" and roster in {"enterprise", "social"}
    return ownership, state, operating, screening, counts


def draw_place(
    draw: random.Random, layout: Layout
) -> tuple[int | None, int | None, int | None, int | None, int | None]:
    """Place, county, town, overlay, body: seven of ten in a community or town, a tenth known by county only."""
    chance = draw.random()
    if chance < 0.03:
        return None, None, None, None, layout.office
    county = draw.choices(layout.counties, COUNTY_WEIGHTS)[0]
    body = layout.county_offices[county]
    if chance < 0.25:
        return county, county, None, None, body
    town = draw.choice(layout.towns[county])
    place = draw.choice(layout.communities[town]) if chance < 0.6 else town
    overlay = draw.choice(layout.parks[county]) if draw.random() < 0.15 else None
    return place, county, town, overlay, None
