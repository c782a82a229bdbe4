"""What happens to addresses."""

from random import Random

from benchmarks.linkage.about import About, Damage

_REMARKS = ("（经营场所）", "（临时）", "（门面）", " 电话联系", "（一照多址）", "附近")
_ROAD_ENDS = ("大道", "大街", "路", "街")


def missing(text: str, about: About, draw: Random, /) -> str | None:
    return draw.choice(("", "", "无", "/", "本市"))


def short(text: str, about: About, draw: Random, /) -> str | None:
    """Province, city or district left out, or the suffix of the district."""
    region, county, town = about["region"], about["county_name"], about["town_text"]
    if not region or not text.startswith(region + county):
        return None
    city, rest = about.city.divisions.city, text.removeprefix(region + county)
    ways = (city + county + rest, city + county + rest, county + rest, city[:-1] + county + rest, city + rest)
    return draw.choice((*ways, rest.removeprefix(town), county + rest.removeprefix(town)))


def road(text: str, about: About, draw: Random, /) -> str | None:
    """The end of the road's name left out, or the number written as #."""
    if draw.random() < 0.5 and "号" in text:
        return text.replace("号", draw.choice(("#", "", "－")), 1)
    for end in _ROAD_ENDS:
        name = about["road"]
        if name.endswith(end) and len(name) > len(end) + 1:
            return text.replace(name, name.removesuffix(end), 1)
    return None


def order(text: str, about: About, draw: Random, /) -> str | None:
    """Rooms as 3-502, or the district behind in brackets."""
    room, county = about["room"], about["county_name"]
    if draw.random() < 0.3 and text.startswith(about["region"] + county):
        return text.removeprefix(about["region"] + county) + f"（{county}）"
    if not room or room not in text:
        return None
    if draw.random() < 0.3:
        return text.removesuffix(room)
    plain = room.replace("栋", "-").replace("幢", "-").replace("单元", "-").removesuffix("室")
    return text.replace(room, plain, 1) if plain != room else None


def other(text: str, about: About, draw: Random, /) -> str | None:
    """Where the firm works: a place of the same county, as some other entity has it."""
    city = about.city
    stranger = draw.randrange(len(city))
    site = str(city["town_text"][stranger]) + str(city["site"][stranger])
    return about["region"] + about["county_name"] + site


def remark(text: str, about: About, draw: Random, /) -> str | None:
    return text + draw.choice(_REMARKS)


ADDRESS_DAMAGES: dict[str, Damage] = {
    "address_missing": missing,
    "address_short": short,
    "address_road": road,
    "address_order": order,
    "address_other": other,
    "address_remark": remark,
}
