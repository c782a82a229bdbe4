"""The product's own application on the scratch database of the online benchmark."""

from jingwei.config.wsgi import application

from benchmarks.linkage.online_database import use_database  # isort: skip  # settings come first

use_database()
__all__ = ["application"]
