"""Plays the season: day by day, with a clock set to each moment, through the app that runs everything else too.

What is played is never played again: `Marker.played_until_utc` is written after each day, every command's id is made
from its day, and a file that was imported is known by its content. On a later start only what has come since is
added; the runner who looks at the demo answers today's questions themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

import structlog

from sync.app.daemon.app import App, open_app
from sync.app.demo import diary, runner, season
from sync.app.demo import home as demo_home
from sync.app.demo.home import Marker, Progress
from sync.settings.config import Athlete
from sync.settings.paths import DataDir
from sync.wire.commands import AnswerCard, ChooseStep, TypedCommand
from sync.wire.footwork import Card, PrescriptionView
from sync.wire.pages import Today

FELT = {"feel"}
"""Cards that ask how a surface felt."""
HURT = "pain"
UPLOADED_AFTER = timedelta(minutes=3)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Event:
    """``late`` ones are still played when their moment has passed: a run arrives, whoever looked meanwhile."""

    at_utc: datetime
    play: Callable[[], None]
    late: bool = False


class Clock:
    """Stands where it is set, and never goes back."""

    def __init__(self, at_utc: datetime) -> None:
        self._at_utc = at_utc

    def __call__(self) -> datetime:
        return self._at_utc

    def move_to(self, at_utc: datetime) -> None:
        self._at_utc = max(self._at_utc, at_utc)


def prepare(home: DataDir, now_utc: datetime, progress: Progress | None = None) -> None:
    """A demo home at ``now_utc`` (naive UTC): made if there is none, else extended to today.

    Raises PersonMustAct when the home is no demo, TryLater when it is in use.
    """
    config, made = demo_home.lay_out(home, now_utc)
    athlete = config.first
    today = now_utc.replace(tzinfo=UTC).astimezone(athlete.zone).date()
    begin = made.played_until_utc if made.playing else max(made.played_until_utc, _last_used_utc(home))
    if begin >= now_utc:
        return
    clock = Clock(begin)
    # Thousands of small statements, one after the other: a second thread only gets in their way.
    one_thread = config.model_copy(update={"store": config.store.model_copy(update={"threads": 1})})
    with open_app(home, one_thread, "demo", role="busy", now=clock) as app:
        stage = Stage(app, home, athlete, made, clock)
        from_day = made.played_until_utc.replace(tzinfo=UTC).astimezone(athlete.zone).date()
        ahead = list(demo_home.days(from_day, today))
        for number, day in enumerate(ahead):
            for event in sorted(stage.events(day, now_utc, today), key=lambda event: event.at_utc):
                past = event.at_utc <= begin
                if event.at_utc <= now_utc and (not past or (event.late and event.at_utc > made.played_until_utc)):
                    clock.move_to(event.at_utc)
                    event.play()
            until_utc = min(now_utc, stage.end_utc(day))
            demo_home.remember(home, replace(made, played_until_utc=until_utc, playing=day != today))
            if progress is not None:
                progress(number + 1, len(ahead))


def _last_used_utc(home: DataDir) -> datetime:
    """When the store was last written: what its daemon saw since has happened and is not played over."""
    try:
        written_s = home.database.stat().st_mtime
    except FileNotFoundError:
        return datetime.min
    return datetime.fromtimestamp(written_s, UTC).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Stage:
    """Who plays where."""

    app: App
    home: DataDir
    athlete: Athlete
    made: Marker
    clock: Clock

    @property
    def who(self) -> diary.Typist:
        return diary.Typist(self.athlete.id, self.made.first, self.athlete.zone)

    def end_utc(self, day: date) -> datetime:
        return self.who.at(day + timedelta(days=1), time())

    def events(self, day: date, now_utc: datetime, today: date) -> Iterator[Event]:
        """Everything of one day; the evening of today is left to whoever looks at the demo."""
        who = self.who
        score = None if day == today else diary.waking(who, day)
        # Whatever is typed brings the day's work up to date; a day that begins in silence needs the daemon's own round.
        yield self.typing(score) if score is not None else Event(who.at(day, time(4, 45)), self.begin_day)
        run = season.outing(self.made.first, day)
        if run is not None:
            if run.what in diary.HARD:
                yield Event(diary.before_run_utc(who, run), lambda: self.before(day))
            yield Event(self.uploaded_utc(run), lambda: self.take_in(day, now_utc), late=True)
        if day == today:
            return
        yield Event(who.at(day, time(19, 20)), lambda: self.evening(day))
        for says in (diary.self_check, diary.evening, diary.plans, diary.days_a_week):
            if (command := says(who, day)) is not None:
                yield self.typing(command)

    def typing(self, command: TypedCommand) -> Event:
        return Event(command.typed_utc, lambda: self.type(command))

    def type(self, command: TypedCommand) -> None:
        # Nothing that evening depends on the rest; the next score or the next morning works it out with them.
        follow = command.name in ("log", "choose-step", "set-dose")
        receipt = self.app.engine.perform(command, follow=follow)
        if receipt.refused:
            log.warning("demo.refused", command=command.name, why=receipt.refused)

    def begin_day(self) -> None:
        """What the daemon does each day: issues what is due."""
        self.app.engine.refresh(self.athlete.id)

    def uploaded_utc(self, run: season.Outing) -> datetime:
        """When a run's files arrive: a little after the last device stopped."""
        ends = (
            recording.start_utc + timedelta(seconds=recording.elapsed_s)
            for recording in runner.recordings(run, self.athlete.zone)
        )
        return max(ends) + UPLOADED_AFTER

    def take_in(self, day: date, now_utc: datetime) -> None:
        paths = demo_home.drop_in(self.home, self.athlete, self.made.first, day, now_utc)
        if paths:
            self.app.engine.import_paths(
                paths, athlete=self.athlete.id, progress=lambda *_: None, stopping=lambda: False
            )

    def before(self, day: date) -> None:
        """The block before a hard run, done in time for it."""
        for work in self.open_work(self.today(), day):
            if work.window == "before":
                self.done(day, work)

    def evening(self, day: date) -> None:
        """Whatever foot work is still open; an offered step is taken, what is asked of ground and pain answered."""
        now, who = self.today(), self.who
        for work in self.open_work(now, day):
            if work.window not in ("before", "primer"):
                self.done(day, work)
        if now.dose.offer is not None:
            self.type(
                ChooseStep(
                    command_id=who.id(day, f"step {now.dose.offer.change_id}"),
                    athlete=self.athlete.id,
                    typed_utc=self.clock(),
                    change_id=now.dose.offer.change_id,
                    choice=diary.step(now.dose),
                )
            )
        for card in self.today().cards:
            if card.kind in FELT and card.answers:
                self.answer(day, card, card.answers[0][0])
            elif card.kind == HURT:
                self.answer(day, card, diary.PAIN_SAYS)

    def answer(self, day: date, card: Card, said: str) -> None:
        self.type(
            AnswerCard(
                command_id=self.who.id(day, f"card {card.card_id}"),
                athlete=self.athlete.id,
                typed_utc=self.clock(),
                card_id=card.card_id,
                answer=said,
            )
        )

    def today(self) -> Today:
        return cast(Today, self.app.ask("today", {}, athlete=self.athlete.id))

    def open_work(self, now: Today, day: date) -> list[PrescriptionView]:
        work = [*now.work, *([now.before_next] if now.before_next else [])]
        unique = {found.prescription_id: found for found in work}
        return [found for found in unique.values() if found.day == day and found.session is None]

    def done(self, day: date, work: PrescriptionView) -> None:
        session = diary.session(self.who, day, work, self.clock())
        if session is not None:
            self.type(session)
