"""A life in the shipped engine: a store of its own, files that arrive, commands that are typed, a clock passed in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bench.lives_day import Look, Run
from bench.lives_runners import FACETS, HOME_OFFSET_H, JOINT, START, Runner
from rules.dose.ladder import Choice, open_offer
from rules.facts.answers import DrillAnswer, Place, SkipReason, When
from rules.facts.foot_work import Prescription
from rules.facts.kinds import Kind
from rules.facts.recorded import FileId, Recording, Samples
from rules.plan.plan import plan
from rules.state.feet import SCREEN, RunSeen
from rules.state.put_off import SAFETY, subject
from sync.app.demo.fit_writer import write
from sync.service import footwork_state
from sync.service.engine import Engine
from sync.service.queries import QUERIES
from sync.service.queries.context import QueryContext
from sync.settings.config import parse
from sync.settings.paths import DataDir
from sync.storage.database import Store
from sync.wire.commands import (
    AnswerCard,
    Assess,
    ChooseStep,
    CorrectRun,
    LogScore,
    LogSession,
    PauseWork,
    PlanRun,
    SetPreference,
    TypedCommand,
)
from sync.wire.pages import Today

CONFIG = parse('[athlete]\nid="runner"\nname="Runner"\ntime_zone="Europe/Berlin"\n[store]\nthreads=1\n')
EVERY_S = 15.0
EVENING = 17


class Refused(RuntimeError):
    """The engine refused what a runner of the bench may type."""


class EngineWorld:
    """``home`` is an empty folder."""

    name = "engine"

    def __init__(self, home: Path) -> None:
        self.home = DataDir(home)
        self.athlete = CONFIG.first
        self.home.make(self.athlete.id)
        self.now_utc = datetime.combine(START, datetime.min.time())
        self.store = Store.open(self.home.database)
        self.engine = Engine(self.store, CONFIG, self.home, now=lambda: self.now_utc)

    def close(self) -> None:
        self.store.close()

    def begin(self, runner: Runner, past: Sequence[Run]) -> None:
        self.now_utc = datetime.combine(START, datetime.min.time()) + timedelta(hours=5)
        for key, value in runner.settings.items():
            plain = sorted(value) if isinstance(value, frozenset) else value
            self._type(SetPreference(typed_utc=self.now_utc, key=key, value=plain))
        self._arrive(past)

    def run(self, run: Run) -> None:
        self.now_utc = run.arrives_utc
        self._arrive([run])

    def _arrive(self, runs: Sequence[Run]) -> None:
        """Files arrive, and the runner says what each was: what is lived here is the foot work, not the judge."""
        paths = [self.home.inbox(self.athlete.id) / f"{run.name}.fit" for run in runs]
        for path, run in zip(paths, runs, strict=True):
            path.write_bytes(write(recording(run)))
        self.engine.import_paths(paths)
        found = footwork_state.load_state(self.store, self.athlete, CONFIG, self.now_utc).runs
        for run in runs:
            self._says(run, found)

    def _says(self, run: Run, found: Sequence[RunSeen]) -> None:
        run_id = min(found, key=lambda one: abs(one.start_utc - run.start_utc)).run_id
        facets = run.facets
        self._type(
            CorrectRun(
                typed_utc=self.now_utc,
                run_id=run_id,
                intensity=facets.intensity,
                long=facets.long,
                hills=str(facets.hills),
                surface=facets.surface,
            )
        )

    def look(self, at_utc: datetime, day: date) -> Look:
        self.now_utc = at_utc
        self.engine.refresh(self.athlete.id)
        state = footwork_state.load_state(self.store, self.athlete, CONFIG, at_utc)
        return Look(at_utc, day, state, plan(state), self._cards(at_utc))

    def _cards(self, at_utc: datetime) -> tuple[tuple[str, str], ...]:
        """What the page asks in the evening, which is when this runner reads it."""
        if (at_utc + timedelta(hours=HOME_OFFSET_H)).hour < EVENING:
            return ()
        asking = QueryContext(self.store, CONFIG, self.home, self.athlete, at_utc)
        today = QUERIES["today"](asking, {})
        if not isinstance(today, Today):
            raise TypeError(type(today))
        return tuple((card.kind, card.card_id) for card in today.cards if subject(card.card_id) not in SAFETY)

    def log(self, what: str, score: int, at_utc: datetime, day: date) -> None:  # noqa: ARG002
        self.now_utc = at_utc
        place = Place.TOES if what == "soreness" else None
        kind: Any = what
        self._type(LogScore(typed_utc=at_utc, at_utc=at_utc, what=kind, score=score, place=place, when=When.WAKING))

    def does(self, one: Prescription, outcome: str, at_utc: datetime) -> None:
        how, _, detail = outcome.partition(":")
        self._type(
            LogSession(
                typed_utc=at_utc,
                at_utc=at_utc,
                prescription_id=one.prescription_id,
                state="skipped" if how == "skip" else "partial" if how == "partial" else "done",
                minutes=one.minutes / 2 if how == "partial" else None,
                reason=SkipReason(detail) if how == "skip" else None,
                drills={one.drills[int(detail)].drill: DrillAnswer.HURT} if how == "hurt" else {},
            )
        )

    def tells(self, day: date, kind: str, start_utc: datetime, at_utc: datetime) -> None:
        self.now_utc = at_utc
        start_local = start_utc + (self.athlete.zone.utcoffset(start_utc) or timedelta())
        primary = Kind(FACETS[kind].primary)
        self._type(
            PlanRun(typed_utc=at_utc, day=day, kind=primary, start_local=f"{start_local:%H:%M}", race=kind == "race")
        )

    def pauses(self, first: date, last: date, reason: str, at_utc: datetime) -> None:
        self.now_utc = at_utc
        why: Any = reason
        self._type(PauseWork(typed_utc=at_utc, reason=why, from_day=first, until_day=last))

    def checks(self, runner: Runner, at_utc: datetime, day: date, *, screen: bool) -> None:
        self.now_utc = at_utc
        foot = {"range_0_10": 6, **({"gathers": str(runner.gathers)} if runner.gathers else {})}
        asked = dict.fromkeys(SCREEN, False) | dict(runner.screen) if screen else {}
        self._type(Assess(typed_utc=at_utc, day=day, left=foot, right=foot, screen=asked))
        if screen and runner.sore_joint:
            self.answers(("big-toe", f"big_toe:{day}"), JOINT, at_utc, day)

    def answers(self, card: tuple[str, str], value: str, at_utc: datetime, day: date) -> None:  # noqa: ARG002
        self._type(AnswerCard(typed_utc=at_utc, card_id=card[1], answer=value))

    def steps(self, look: Look, choice: Choice) -> None:
        offer = open_offer(look.state)
        if offer is not None:
            self._type(ChooseStep(typed_utc=look.at_utc, change_id=offer.change_id, choice=choice.value), may=True)

    def _type(self, command: TypedCommand, *, may: bool = False) -> None:
        """What comes of it is worked out by the next look. ``may`` be refused: a step waits where a gate is closed."""
        receipt = self.engine.perform(command, follow=False)
        if receipt.refused is not None and not may:
            raise Refused(f"{command!r}: {receipt.refused}")


def recording(run: Run) -> Recording:
    """An even run with a reading every quarter of a minute: light enough for hundreds."""
    t_s = np.arange(0.0, 60 * run.minutes, EVERY_S)
    nothing, even = np.full(len(t_s), np.nan, dtype=np.float64), np.full(len(t_s), 1.0, dtype=np.float64)
    speed_mps = 1000 * run.km / (60 * run.minutes)
    base = Recording(sport="running", start_utc=run.start_utc, elapsed_s=60 * run.minutes)
    return replace(
        base,
        utc_offset_s=3600 * run.offset_h,
        timer_s=60 * run.minutes,
        moving_s=60 * run.minutes,
        distance_m=1000 * run.km,
        mean_heart_rate_bpm=141.0,
        max_heart_rate_bpm=150.0,
        device="Made-up watch",
        file_id=FileId("development", "1", 4711, run.start_utc),
        samples=Samples(
            t_s, t_s * speed_mps, speed_mps * even, 141.0 * even, 168.0 * even, 20.0 * even, *[nothing] * 4
        ),
    )


@contextmanager
def in_a_home() -> Iterator[EngineWorld]:
    """A world in a folder of its own, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        world = EngineWorld(Path(folder) / "home")
        try:
            yield world
        finally:
            world.close()
