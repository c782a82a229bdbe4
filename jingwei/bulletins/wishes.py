"""What the maker of a paper said about it, kept with the paper so that making it again says the same."""

from dataclasses import asdict, fields, replace
from datetime import date
from typing import Any

from jingwei.bulletins.models import Paper
from jingwei.bulletins.orders import Wishes
from jingwei.domain.papers.content import Edition


def as_data(wishes: Wishes) -> dict[str, Any]:
    """Wishes as JSON."""
    data = asdict(wishes)
    return data | {
        "edition": wishes.edition.value,
        "issued_on": wishes.issued_on.isoformat() if wishes.issued_on else None,
    }


def held_by(paper: Paper) -> Wishes:
    """The wishes a paper was made with."""
    data = dict(paper.content.get("wishes") or {})
    if not data:
        return Wishes(edition=Edition(paper.content.get("edition", Edition.INTERNAL)))
    steps = data["next_steps"]
    return Wishes(
        **data
        | {
            "edition": Edition(data["edition"]),
            "issued_on": date.fromisoformat(data["issued_on"]) if data["issued_on"] else None,
            "next_steps": None if steps is None else tuple(steps),
            "units": tuple(data["units"]),
        }
    )


def over(earlier: Wishes, later: Wishes) -> Wishes:
    """The later wishes, with the earlier ones where they leave something open."""
    given = {item.name: getattr(later, item.name) for item in fields(later)}
    chosen = {name: value for name, value in given.items() if value is not None and value != ()}
    if later.next_steps == ():
        chosen["next_steps"] = ()
    return replace(earlier, **chosen)
