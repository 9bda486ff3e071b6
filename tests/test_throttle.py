"""Costly work in the middle of long work: early, and never more than a fifth of the time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync.service.throttle import CostThrottle


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_the_first_time_is_after_the_first_items_whatever_they_took() -> None:
    clock = Clock()
    sparing = CostThrottle(clock, first=3)
    due = []
    for _ in range(3):
        clock.now_s += 1000
        due.append(sparing.due())
    assert due == [False, False, True]


@given(
    items=st.lists(st.floats(0.001, 10), min_size=30, max_size=300),
    costs=st.lists(st.floats(0, 60), min_size=300, max_size=300),
)
def test_but_for_the_last_time_it_costs_a_fifth_at_most(items: list[float], costs: list[float]) -> None:
    clock = Clock()
    sparing = CostThrottle(clock, first=1)
    spent_s, last_s, began_s = 0.0, 0.0, None
    for item_s, cost_s in zip(items, costs, strict=False):
        clock.now_s += item_s
        if sparing.due():
            began_s = clock.now_s if began_s is None else began_s
            with sparing.doing():
                clock.now_s += cost_s
            spent_s, last_s = spent_s + cost_s, cost_s
    assert began_s is not None
    others_s = clock.now_s - began_s - spent_s
    assert spent_s - last_s <= 0.2 * others_s + 1e-6
