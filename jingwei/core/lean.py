"""Spares a short-lived process libraries that are loaded wherever they are installed."""

import os
import sys
from importlib.abc import MetaPathFinder


class _WithoutPandas(MetaPathFinder):
    """Arrow loads pandas if it finds it, though nothing here uses it."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        """Say that it is not installed."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def spare_libraries() -> None:
    """Go without pandas and, of the pinyin readings, without those of whole words. To be called before
    anything is imported that would load them.
    """
    sys.meta_path.insert(0, _WithoutPandas())
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
