"""When to do something costly in the middle of something long: early once, then as often as it is cheap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class CostThrottle:
    """Due after the first ``first`` items, then whenever the last time cost at most ``share`` of the time since.

    ``clock`` gives seconds that only grow.
    """

    clock: Callable[[], float]
    first: int = 25
    share: float = 0.2
    _items: int = field(default=0, init=False)
    _cost_s: float = field(default=0.0, init=False)
    _ended_s: float | None = field(default=None, init=False)

    def due(self) -> bool:
        """Asked once after each item."""
        self._items += 1
        if self._ended_s is None:
            return self._items >= self.first
        return self._cost_s <= self.share * (self.clock() - self._ended_s)

    @contextmanager
    def doing(self) -> Iterator[None]:
        """Measures what is done inside."""
        began_s = self.clock()
        try:
            yield
        finally:
            self._ended_s = self.clock()
            self._cost_s = self._ended_s - began_s
