"""Engine and store behind a source that lies, fails and forgets, and a program that dies at any moment.

Two laws hold throughout: a second pass over an unchanged world does nothing, and a short listing never loses a run.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from rules.facts.problems import Problem
from sync.app.demo.fake_service import Fault
from sync.formats.services.fetched_activity import FetchedActivity
from sync.sources.adapters.garmin import LIST
from sync.sources.sync_policy import ActivitySink
from tests.linked_home import LinkedHome, short_run

LATER = timedelta(minutes=34)
FAULTS = st.sampled_from(
    [
        Fault(LIST, status=500), Fault(LIST, status=429), Fault(LIST, "html"), Fault(LIST, "drop"),
        Fault(LIST, "repeat"), Fault(LIST, "reorder"), Fault("activity-service", status=502),
        Fault("download-service", "drop"), Fault("download-service", status=404), Fault("activity-service", "garbage"),
    ]
)  # fmt: skip


class Killed(BaseException):
    """The program dies here."""


@dataclass
class Dying:
    """The engine's hand in a program that dies before or after its n-th word."""

    hand: ActivitySink
    words_left: int
    after: bool

    def _word(self) -> None:
        self.words_left -= 1
        if self.words_left <= 0:
            raise Killed

    def ingest(self, source: str, source_id: str, copy: FetchedActivity) -> tuple[Problem, ...]:
        if not self.after:
            self._word()
        found = self.hand.ingest(source, source_id, copy)
        if self.after:
            self._word()
        return found

    def delete(self, source: str, source_id: str) -> None:
        self.hand.delete(source, source_id)
        self._word()

    def plan(self, *what: Any) -> None:
        self.hand.plan(*what)


class Sources(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="springstep-machine-"))
        self.home: LinkedHome
        self.present: dict[int, datetime] = {}
        """What Garmin holds."""
        self.taken: dict[int, datetime] = {}
        """What a clean pass has brought, and Garmin has not deleted since."""
        self.deleted: set[datetime] = set()

    @initialize()
    def begin(self) -> None:
        self.home = LinkedHome(self.root / "home")
        self.home.link("garmin")

    def teardown(self) -> None:
        self.home.close()
        shutil.rmtree(self.root, ignore_errors=True)

    @rule(hours_ago=st.integers(2, 160), title=st.sampled_from(["Easy", "Tempo", "Long"]))
    def run_a_run(self, hours_ago: int, title: str) -> None:
        start = self.home.now.replace(minute=0, second=0) - timedelta(hours=hours_ago)
        if all(abs(start - other) > timedelta(hours=1) for other in [*self.present.values(), *self.deleted]):
            self.present[self.home.garmin.add(short_run(start), title)] = start

    @precondition(lambda self: self.present)
    @rule(data=st.data(), title=st.sampled_from(["Edited", "Edited again"]))
    def edit_a_title(self, data: st.DataObject, title: str) -> None:
        self.home.garmin.rename(data.draw(st.sampled_from(sorted(self.present))), title)

    @precondition(lambda self: len(self.present) > 3)
    @rule(data=st.data())
    def delete_a_run(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.present)))
        self.deleted.add(self.present.pop(number))
        self.taken.pop(number, None)
        self.home.garmin.remove(number)

    @rule(fault=FAULTS, times=st.integers(1, 3))
    def a_pass_with_trouble(self, fault: Fault, times: int) -> None:
        copied = Fault(fault.path, fault.kind, times, status=fault.status)
        self.home.garmin.faults.append(copied)
        self.home.now += LATER
        self.home.sync(by_person=True)
        self.home.garmin.faults.clear()

    @rule(keep=st.integers(0, 2))
    def a_pass_over_a_short_listing(self, keep: int) -> None:
        self.home.garmin.faults.append(Fault(LIST, "shorten", keep=keep))
        self.home.now += timedelta(hours=9)
        self.home.sync(by_person=True)
        self.home.garmin.faults.clear()

    @rule(words=st.integers(1, 4), after=st.booleans())
    def a_pass_that_dies(self, words: int, after: bool) -> None:
        self.home.now += LATER
        one = self.home.doors.one("garmin")
        one.sink = Dying(self.home.engine.sink(), words, after)
        try:
            one.run(by_person=True)
        except Killed:
            self.home.restart()

    @rule()
    def a_clean_pass_and_then_nothing_to_do(self) -> None:
        self.home.now += timedelta(hours=26)
        self.home.until_done(most=12)
        self.taken = {number: start for number, start in self.present.items() if self._in_reach(start)} | self.taken
        missing = set(self.taken.values()) - set(self.home.starts())
        assert missing == set()
        self.home.now += LATER
        self.home.garmin.forget()
        counts = self.home.sync(by_person=True).counts
        assert {name: counts.get(name, 0) for name in ("taken", "failed", "gone")} == {
            "taken": 0, "failed": 0, "gone": 0
        }  # fmt: skip

    def _in_reach(self, start: datetime) -> bool:
        # A run that is written far in the past after the history was read is found by a full pass only.
        return start > self.home.now - timedelta(days=5)

    @invariant()
    def nothing_twice_and_nothing_lost(self) -> None:
        if not hasattr(self, "home"):
            return
        starts = self.home.starts()
        assert len(starts) == len(set(starts))
        assert set(self.taken.values()) <= set(starts)
        assert set(starts) <= set(self.present.values()) | self.deleted


Sources.TestCase.settings = settings(max_examples=5, stateful_step_count=10, deadline=None)
test_sources = Sources.TestCase
