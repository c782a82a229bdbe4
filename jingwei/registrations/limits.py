"""How often a system may ask: counted in this process, so that no request writes a row to be counted."""

from collections import deque
from collections.abc import Callable
from time import monotonic

_SECONDS = 60.0


class Gate:
    """Lets a key through at most so often within a minute. ``clock`` gives seconds that never run backwards."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._passed: dict[int, deque[float]] = {}

    def passes(self, key: int, most: int) -> bool:
        """Whether the key may pass now; one that may not is not counted."""
        now, passed = self._clock(), self._passed.setdefault(key, deque())
        while passed and now - passed[0] >= _SECONDS:
            passed.popleft()
        if len(passed) >= most:
            return False
        passed.append(now)
        return True
