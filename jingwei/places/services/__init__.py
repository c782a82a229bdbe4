"""Every write to the places: imports of whole tables, dated changes, answers about roads."""

from jingwei.places.services.boundaries import import_boundaries, read_geojson
from jingwei.places.services.changes import abolish_place, move_place, recode_place, rename_place
from jingwei.places.services.divisions import import_divisions
from jingwei.places.services.former import import_history
from jingwei.places.services.overlays import import_overlays
from jingwei.places.services.public_divisions import divisions_of_city
from jingwei.places.services.roads import add_road_range, import_roads, remove_road_range

__all__ = [
    "abolish_place",
    "add_road_range",
    "divisions_of_city",
    "import_boundaries",
    "import_divisions",
    "import_history",
    "import_overlays",
    "import_roads",
    "move_place",
    "read_geojson",
    "recode_place",
    "remove_road_range",
    "rename_place",
]
