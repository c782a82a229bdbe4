"""The lists of the five departments, each in its own shape and with its own mess."""

from typing import TypeVar

import numpy as np

from jingwei.demo.city import damage, forms, tables, trades, words
from jingwei.demo.city.mess import Mess
from jingwei.demo.city.noise import Ints, Noise, Texts, blank, texts
from jingwei.demo.city.tables import Sheet
from jingwei.demo.city.world import World

TAX, SOCIAL = "税务", "社保"
_Item = TypeVar("_Item")
_SOCIAL_STATE_WORDS = (("正常", "存续"), ("撤销",), ("注销",), ("撤销", "撤销登记"), ("注销",), ("停止活动",))
_STATE_WORDS = (
    ("存续", "存续（在营、开业、在册）", "开业", "在业"),
    ("吊销，未注销", "吊销未注销", "吊销"),
    ("注销", "已注销"),
    ("撤销",),
    ("吊销，已注销", "吊销已注销"),
    ("歇业",),
)
_CAPITALS = (50, 100, 200, 500, 10, 30, 300, 1000, 3, 2000, 5000)


def market(world: World) -> Sheet:
    """市场监管: a GB18030 csv of all who register there, closed ones included."""
    header = (
        "企业名称 统一社会信用代码 注册号 法定代表人 住所 登记机关 成立日期 企业类型 行业代码 登记状态 "
        "注册资本 经营范围 曾用名"
    )

    def columns(rows: Ints, copy: Ints) -> list[Texts]:
        noise, ids, mess = world.desk(forms.MARKET), world.ids(rows, copy), world.mess
        return [
            _names(world, forms.MARKET, rows, ids, is_stale=False),
            damage.damaged_codes(world.naming.code(rows), noise, mess, forms.MARKET, ids),
            world.naming.registration_number(rows),
            _representatives(world, noise, rows, ids),
            _addresses(world, forms.MARKET, rows, ids, is_stale=False),
            _registrars(world, rows),
            damage.dates(world.units.founded[rows], noise, mess, ids),
            _company_types(world, noise, rows, ids),
            _industries(world, noise, rows, ids),
            _states(world, noise, rows, ids, _STATE_WORDS),
            _capitals(world, rows),
            world.naming.scope(rows),
            np.where(noise.chance("former name known", ids, 0.6), world.naming.former_name(rows), ""),
        ]

    return _csv(world, forms.MARKET, "gb18030", header, columns)


def tax(world: World) -> Sheet:
    """税务: UTF-8 with a byte-order mark; every second month the columns come in another order."""
    header = "纳税人识别号 纳税人名称 生产经营地址 法人 从业人数 主管税务所 登记注册类型"

    def columns(rows: Ints, copy: Ints) -> list[Texts]:
        noise, ids, mess = world.desk(TAX), world.ids(rows, copy), world.mess
        staff = damage.estimated(world.units.staff[rows], noise, mess, ids)
        return _turned(
            world,
            [
                _tax_codes(world, noise, rows, ids),
                _names(world, TAX, rows, ids),
                _addresses(world, TAX, rows, ids),
                _representatives(world, noise, rows, ids),
                damage.counts(staff, noise, mess, ids),
                _tax_offices(world, rows),
                _tax_types(world, noise, rows, ids),
            ],
        )

    turned = " ".join(_turned(world, header.split()))
    return _csv(world, TAX, "utf-8-sig", turned, columns)


def social(world: World) -> Sheet:
    """社保: an xlsx with titles, running numbers, a repeated header and a total."""
    header = "单位名称 统一社会信用代码 参保人数 单位地址 联系电话"

    def columns(rows: Ints, copy: Ints) -> list[Texts]:
        noise, ids, mess = world.desk(SOCIAL), world.ids(rows, copy), world.mess
        of_agent = noise.chance("agent", ids, mess.phone_of_agent)
        has_phone = ~noise.chance("no phone", ids, mess.phone_missing)
        return [
            _names(world, SOCIAL, rows, ids),
            _filed_codes(world, noise, SOCIAL, rows, ids),
            damage.counts(world.units.insured[rows], noise, mess, ids),
            _addresses(world, SOCIAL, rows, ids),
            np.where(has_phone, world.naming.phone(rows, of_agent), ""),
        ]

    return _xlsx(world, SOCIAL, header, columns, summed="参保人数")


def civil(world: World) -> Sheet:
    """民政: an xlsx of the social organizations."""
    header = "社会组织名称 统一社会信用代码 类型 业务主管单位 法定代表人 住所 成立日期 登记状态"
    kinds = {forms.ASSOCIATION: "社会团体", forms.WELFARE: "民办非企业单位", forms.FOUNDATION: "基金会"}

    def columns(rows: Ints, copy: Ints) -> list[Texts]:
        noise, ids, mess = world.desk(forms.CIVIL), world.ids(rows, copy), world.mess
        return [
            _names(world, forms.CIVIL, rows, ids, is_stale=False),
            damage.damaged_codes(world.naming.code(rows), noise, mess, forms.CIVIL, ids),
            texts([kinds[form] for form in world.units.form[rows].tolist()]),
            _supervisors(world, rows),
            _representatives(world, noise, rows, ids),
            _addresses(world, forms.CIVIL, rows, ids, is_stale=False),
            damage.dates(world.units.founded[rows], noise, mess, ids),
            _states(world, noise, rows, ids, _SOCIAL_STATE_WORDS),
        ]

    return _xlsx(world, forms.CIVIL, header, columns)


def justice(world: World) -> Sheet:
    """司法: an xlsx of law firms and legal service offices that are in practice."""
    header = "机构名称 统一社会信用代码 执业许可证号 负责人 住所 执业律师数"

    def columns(rows: Ints, copy: Ints) -> list[Texts]:
        noise, ids, mess = world.desk(forms.JUSTICE), world.ids(rows, copy), world.mess
        lawyers = np.maximum(1, world.units.staff[rows] * 7 // 10)
        return [
            _names(world, forms.JUSTICE, rows, ids, is_stale=False),
            damage.damaged_codes(world.naming.code(rows), noise, mess, forms.JUSTICE, ids),
            texts([f"9999{serial:013}" for serial in world.units.serial[rows].tolist()]),
            _representatives(world, noise, rows, ids),
            _addresses(world, forms.JUSTICE, rows, ids, is_stale=False),
            damage.counts(lawyers, noise, mess, ids),
        ]

    return _xlsx(world, forms.JUSTICE, header, columns, summed="执业律师数")


def _csv(world: World, department: str, encoding: str, header: str, columns: tables.Columns) -> Sheet:
    who, copy = _plan(world, department, xlsx=False)
    return Sheet(department, ".csv", encoding, (), words.listed(header), who, copy, columns)


def _xlsx(world: World, department: str, header: str, columns: tables.Columns, summed: str | None = None) -> Sheet:
    who, copy = _plan(world, department, xlsx=True)
    return Sheet(
        department=department,
        suffix=".xlsx",
        encoding="",
        titles=(f"{words.CITY}{department}名单", f"数据截至：{world.month.zh}底"),
        header=words.listed(header),
        who=who,
        copy=copy,
        columns=columns,
        summed=summed,
        is_numbered=True,
    )


def _plan(world: World, department: str, *, xlsx: bool) -> tuple[Ints, Ints]:
    """Which units a department lists, and in what order."""
    reporting = {TAX: world.units.pays_tax, SOCIAL: world.units.insures}
    listed = reporting[department] if department in reporting else world.registered_at(department)
    if department == forms.JUSTICE:
        # It keeps no states: whoever gives up practice drops out of its list.
        listed &= world.units.state == forms.EXISTING
    rows = np.flatnonzero(listed)
    return tables.planned(world.desk(department), world.mess, rows, world.ids(rows), xlsx=xlsx)


def _turned(world: World, items: list[_Item]) -> list[_Item]:
    return items if world.later % 2 == 0 else [items[1], items[0], *items[:1:-1]]


def _names(world: World, department: str, rows: Ints, ids: Ints, *, is_stale: bool = True) -> Texts:
    noise, names = world.desk(department), world.naming.name(rows)
    if is_stale:
        keeps_old = noise.chance("former name", ids, world.mess.name_former)
        former = world.naming.former_name(rows)
        names = np.where(keeps_old & (former != ""), former, names)
    return damage.damaged_names(names, noise, world.mess, department, ids)


def _addresses(world: World, department: str, rows: Ints, ids: Ints, *, is_stale: bool = True) -> Texts:
    noise, mess, city = world.desk(department).child("address"), world.mess, world.city
    where = world.units.where.take(rows)
    if is_stale:
        lags = (world.units.moved_on[rows] >= 0) & noise.chance("stale", ids, mess.address_stale)
        where = where.put(lags, world.units.was.take(rows))
    look = city.book.look(noise, mess, ids, where=where, founded=world.units.founded[rows])
    return damage.damaged_addresses(city.book.write(where, look), noise, mess, department, ids)


def _filed_codes(world: World, noise: Noise, department: str, rows: Ints, ids: Ints) -> Texts:
    """Codes as units file them: branches often under their parent's, some spoilt by a spreadsheet."""
    mess, parent = world.mess, world.naming.parent_code(rows)
    under_parent = (parent != "") & noise.chance("code of parent", ids, mess.code_of_parent)
    values = np.where(under_parent, parent, world.naming.code(rows))
    values = damage.damaged_codes(values, noise, mess, department, ids)
    return _spoilt(values, noise, mess, ids)


def _tax_codes(world: World, noise: Noise, rows: Ints, ids: Ints) -> Texts:
    values = _filed_codes(world, noise, TAX, rows, ids)
    is_old = world.units.is_legacy[rows] & noise.chance("old number", ids, world.mess.code_old_tax_number)
    return np.where(is_old, world.naming.old_tax_number(rows), values)


def _spoilt(values: Texts, noise: Noise, mess: Mess, ids: Ints) -> Texts:
    chosen = noise.chance("scientific", ids, mess.code_scientific)
    return damage.changed(values, chosen, damage.scientific, damage.salt_of(noise, "scientific", ids))


def _representatives(world: World, noise: Noise, rows: Ints, ids: Ints) -> Texts:
    missing = noise.chance("no representative", ids, world.mess.representative_missing)
    return np.where(missing, "", world.naming.representative(rows))


def _registrars(world: World, rows: Ints) -> Texts:
    """The office that the area inside the code speaks of, as it is called today."""
    offices = {county.code: f"{words.CITY}{county.name}" for county in world.city.land.places.counties}
    offices |= {words.CITY_AREA: words.CITY, words.PROVINCE_AREA: words.PROVINCE}
    for old in world.city.land.places.former_areas:
        offices[old.code] = offices[world.city.land.places.counties[old.county].code]
    return texts([f"{offices[area]}市场监督管理局" for area in world.units.area[rows].tolist()])


def _company_types(world: World, noise: Noise, rows: Ints, ids: Ints) -> Texts:
    form, kind = world.units.form[rows], world.units.kind[rows]
    of_firms = texts([item.company_type for item in trades.FIRM_KINDS])[kind]
    vague = noise.chance("vague type", ids, world.mess.type_vague)
    limited = np.array([item.ending.endswith(("有限公司", "有限责任公司")) for item in trades.FIRM_KINDS])[kind]
    of_firms = np.where(vague & limited, "有限责任公司", of_firms)
    names = {
        forms.BRANCH: "有限责任公司分公司",
        forms.SOLE_TRADER: "个体工商户",
        forms.COOPERATIVE: "农民专业合作社",
        forms.ACCOUNTING: "普通合伙企业",
    }
    found = np.where(form == forms.FIRM, of_firms, _by_form(form, names))
    return np.where(noise.chance("no type", ids, world.mess.type_missing), "", found)


def _tax_types(world: World, noise: Noise, rows: Ints, ids: Ints) -> Texts:
    """Branches carry their parent's type."""
    units = world.units
    parent = np.where(units.parent[rows] >= 0, units.parent[rows], rows)
    of_firms = texts([item.tax_type for item in trades.FIRM_KINDS])[units.kind[parent]]
    house = units.house[rows]
    of_houses = texts(
        ["国有控股公司" if item.ownership == trades.PUBLIC else "私营有限责任公司" for item in trades.HOUSES]
    )
    names = {
        forms.SOLE_TRADER: "个体工商户",
        forms.COOPERATIVE: "农民专业合作社",
        forms.ACCOUNTING: "私营合伙企业",
        forms.ASSOCIATION: "社会团体",
        forms.WELFARE: "民办非企业单位",
        forms.FOUNDATION: "基金会",
        forms.LAW: "私营合伙企业",
        forms.LEGAL_SERVICE: "其他企业",
        forms.INSTITUTION: "事业单位",
        forms.VISITOR: "私营有限责任公司",
    }
    form = units.form[parent]
    found = np.where(form == forms.FIRM, of_firms, _by_form(form, names))
    found = np.where(house >= 0, of_houses[house], found)
    return np.where(noise.chance("no tax type", ids, world.mess.tax_type_missing), "", found)


def _by_form(form: Ints, names: dict[int, str]) -> Texts:
    return texts([names.get(kind, "") for kind in range(len(forms.FORMS))])[form]


def _industries(world: World, noise: Noise, rows: Ints, ids: Ints) -> Texts:
    """With or without the letter, as two systems write them."""
    industry = world.naming.industry(rows)
    bare = noise.chance("bare industry", ids, 0.3 if world.mess.odd_date else 0.0)
    return damage.changed(industry, bare, lambda text, _: text[1:], ids)


def _states(world: World, noise: Noise, rows: Ints, ids: Ints, spellings: tuple[tuple[str, ...], ...]) -> Texts:
    state, found = world.units.state[rows], blank(len(rows))
    for number, words_of_state in enumerate(spellings):
        found[state == number] = noise.pick("state word", ids[state == number], texts(words_of_state))
    return np.where(noise.chance("no state", ids, world.mess.state_missing), "", found)


def _capitals(world: World, rows: Ints) -> Texts:
    """Branch offices have no capital, sole traders little."""
    noise, form, person = world.city.noise.child("capital"), world.units.form[rows], world.units.person[rows]
    amount = np.array(_CAPITALS)[noise.choice("amount", person, (21, 16, 14, 10, 9, 7, 6, 6, 4, 4, 2))]
    amount = np.where(form == forms.SOLE_TRADER, 1 + noise.below("small amount", person, 9), amount)
    plain = noise.chance("plain unit", person, 0.15)
    written = [
        f"{number}万元" if short else f"{number:,}(万元人民币)"
        for number, short in zip(amount.tolist(), plain.tolist(), strict=True)
    ]
    return np.where(form == forms.BRANCH, "", texts(written))


def _tax_offices(world: World, rows: Ints) -> Texts:
    places = world.city.land.places
    offices = texts(
        [
            f"{words.CITY}{places.counties[tile.county].name}税务局{places.tiles[tile.owner].name}税务所"
            for tile in places.tiles
        ]
    )
    return offices[places.tile_of[world.units.where.community[rows]]]


def _supervisors(world: World, rows: Ints) -> Texts:
    """The office of the county that watches over the kind of work."""
    places, units = world.city.land.places, world.units
    county = texts([words.CITY + item.name for item in places.counties])
    county_of = county[places.county_of[units.where.community[rows]]]
    topical = texts([_topic_supervisor(topic) for topic in trades.ASSOCIATION_TOPICS])
    form, trade = units.form[rows], units.trade[rows]
    office = np.full(len(rows), "民政局", dtype=object)
    office[form == forms.WELFARE] = texts(trades.WELFARE_SUPERVISORS)[trade[form == forms.WELFARE]]
    office[form == forms.ASSOCIATION] = topical[trade[form == forms.ASSOCIATION]]
    return np.asarray(county_of + office)


def _topic_supervisor(topic: str) -> str:
    if topic in trades.SPORTS:
        return "体育局"
    if topic in trades.ARTS:
        return "文化和旅游局"
    return "农业农村局" if topic in trades.FARMING else "工商业联合会"
