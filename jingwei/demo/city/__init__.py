"""A generator of the invented city 安澜市: `generate` writes its files, the truth sealed beside them.

Plain Python without the web framework. Every place, road, firm and person is made up: area codes begin
with 99, phone numbers with 100, and the boundaries lie in the open ocean.
"""

from jingwei.demo.city.generate import SCALES, CitySummary, generate
from jingwei.demo.city.mess import Mess

__all__ = ["SCALES", "CitySummary", "Mess", "generate"]
