"""What every kind of file offers to the reader."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from jingwei.core.tables.header import HeaderFit
from jingwei.core.tables.rows import Chunk


class IrregularRows(Exception):
    """The fast way of reading met a row it does not understand; the next way is to begin anew."""


class Source(Protocol):
    """A table whose header was found. `sample` are its first rows, up to the header and below."""

    @property
    def sheet(self) -> str | None: ...

    @property
    def encoding(self) -> str | None: ...

    @property
    def sample(self) -> Sequence[Sequence[str]]: ...

    @property
    def fit(self) -> HeaderFit: ...

    def passes(self) -> Iterator[Iterator[Chunk]]:
        """Ways of reading all rows below the header, fastest first; a way may raise IrregularRows."""
        ...

    def remarks(self) -> list[str]:
        """Chinese remarks, after all rows were read. Raises TableError if they turn out unusable."""
        ...
