"""The engine: imports what arrives, does what the runner typed, and keeps labels and foot work up to date.

Everything that changes the store goes through here, in the one process that owns it. Each method may be called from
any thread; each file, service answer or command is one transaction.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import structlog

from rules.dose.ladder import flag_raised, review
from rules.facts.foot_work import DoseChange
from rules.facts.problems import Problem
from rules.knowledge.thresholds import thresholds
from rules.plan.plan import plan
from rules.text import Language, load_language
from sync.errors import RENDERED, CodedText
from sync.progress import Arrived, Progress
from sync.runs import sport_rules, zone_changes
from sync.runs.ground_map.label_runs import Atlas, label_runs
from sync.runs.import_service import ServiceIngestor
from sync.runs.importer import Importer
from sync.runs.labelling import Labeller
from sync.runs.rebuild import learn_zones, rebuild
from sync.service import footwork_state, import_summary
from sync.service.handlers.context import CommandContext, CommandRejected, Message, naive_utc
from sync.service.handlers.typed import handle, taken_back
from sync.service.messages import render_answer
from sync.service.queries import sport_words
from sync.service.safety_notice import with_warning
from sync.service.throttle import CostThrottle
from sync.settings.config import Athlete, Config
from sync.settings.paths import DataDir
from sync.storage import housekeeping, issued, typed
from sync.storage.database import Store
from sync.storage.rows.typed import CommandRow
from sync.storage.serialize.prescriptions import dose_change_to_facts, prescription_to_facts
from sync.wire.commands import Receipt, TypedCommand
from sync.wire.tasks import ImportCounts

MANY_RECORDINGS = 20
"""After so many the journal is moved into the file at once; a single run's part waits for the next time that is due."""
log = structlog.get_logger()


def never() -> bool:
    return False


@dataclass(slots=True)
class _Person:
    """What the engine keeps in memory for one athlete."""

    athlete: Athlete
    importer: Importer
    ingestor: ServiceIngestor
    labeller: Labeller
    lock: threading.Lock = field(default_factory=threading.Lock)
    arriving: int = 0
    """Imports and rebuilds under way: they label what they brought."""


class Engine:
    """``now`` gives naive UTC, ``seconds`` a clock that is never put back."""

    def __init__(
        self,
        store: Store,
        config: Config,
        home: DataDir,
        *,
        now: Callable[[], datetime],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.store = store
        self.config = config
        self.home = home
        self.now = now
        self.atlas = Atlas(home.map)
        self.seconds = seconds
        self._people: dict[str, _Person] = {}
        self._meeting = threading.Lock()
        self._typing = threading.Lock()

    def use(self, config: Config) -> None:
        """Other settings from now on; what is under way ends with those that it began with."""
        with self._meeting:
            self.config = config
            known = {athlete.id: athlete for athlete in config.athletes}
            people = [person for person in self._people.values() if person.athlete.id in known]
            self._people = {
                person.athlete.id: self._person_of(known[person.athlete.id], person.lock) for person in people
            }

    # --- what arrives -----------------------------------------------------------------------------

    def import_paths(
        self,
        paths: Sequence[Path],
        athlete: str | None = None,
        *,
        progress: Progress | None = None,
        stopping: Callable[[], bool] = never,
        arrived: Callable[[Arrived], None] = lambda _arrived: None,
        day: date | None = None,
    ) -> ImportCounts:
        """Files and folders. Raises PersonMustAct for a path that is not there.

        ``day`` is the runner's word for when the recordings in them were, in place of their clocks'.
        """
        person = self._person(athlete)
        throttle, started_utc = CostThrottle(self.seconds), self.now()

        def after_each() -> None:
            # In a long import the page shows labels before the end.
            if throttle.due():
                with person.lock, throttle.doing():
                    person.labeller.derive()

        asked = sport_rules.asked_words(self.store, person.athlete.id)
        with _arriving(person):
            report = person.importer.import_paths(
                paths, progress=progress, stopping=stopping, after_each=after_each, arrived=arrived, day=day
            )
            learn_zones(person.importer)
        self.refresh(person.athlete.id)
        if report.recordings.total() >= MANY_RECORDINGS:
            self.store.checkpoint()
        problems = housekeeping.problems(self.store, person.athlete.id)
        language = self._language(person.athlete)
        new = [one for one in sport_rules.asked_words(self.store, person.athlete.id) if one not in asked]
        counts = report.counts(problems, language)
        import_summary.keep(self.store, person.athlete.id, counts, self.now(), started_utc=started_utc)
        return counts.model_copy(update={"unknown_words": [sport_words.says_whole(one, language) for one in new]})

    def delete_gone(self, folders: Iterable[Path], present: Iterable[Path], athlete: str | None = None) -> None:
        """The problems of files that are no longer in these folders are over."""
        self._person(athlete).importer.delete_gone(folders, present)

    def sink(self, athlete: str | None = None) -> ServiceIngestor:
        """Where a sync run of a source puts what it got. Labels follow with the next `refresh`."""
        return self._person(athlete).ingestor

    def tell_problem(self, source: str, problem: Problem, athlete: str | None = None) -> None:
        """A bad record that is to be shown."""
        self._person(athlete).importer.tell_problem(source, problem)

    # --- what the runner types --------------------------------------------------------------------

    def perform(self, command: TypedCommand, *, arrived_utc: datetime | None = None, follow: bool = True) -> Receipt:
        """Once, however often it is sent. Without ``follow`` the next `refresh` works out what comes of it.

        Raises PersonMustAct for an athlete who is not in the config.
        """
        person = self._person(command.athlete)
        athlete, language = person.athlete, self._language(person.athlete)
        with self._typing:
            before = typed.command(self.store, command.command_id)
            if before is not None:
                return self._again(athlete, before, command, language)
            seq = typed.next_command_seq(self.store)
            now_utc = arrived_utc or self.now()
            answer, refused = self._do(CommandContext(self.store, self.config, athlete, now_utc, seq), command)
        if follow:
            self._refresh_quietly(athlete.id)
        if refused is not None:
            return _refusal(command.command_id, refused, language)
        says = self._told(answer, command, language)
        return Receipt(command_id=command.command_id, stored=True, says=says)

    def _again(self, athlete: Athlete, before: CommandRow, command: TypedCommand, language: Language) -> Receipt:
        """The command changes nothing a second time. What was taken back since stays so, and is not called stored."""
        stored = before.refused is None
        if before.refused is not None:
            refused = _refusal(before.command_id, CodedText.from_text(before.refused), language)
            says = language.say("command.again", said=refused.says)
            return refused.model_copy(update={"again": True, "says": says})
        said = self._told(CodedText.from_text(before.says), command, language)
        says = language.say("command.again", said=said)
        if stored and taken_back(self.store, athlete.id, before):
            stored, says, said = False, language.say("command.again_removed"), ""
        return Receipt(command_id=before.command_id, stored=stored, again=True, says=says, said=said)

    def _told(self, answer: CodedText, command: TypedCommand, language: Language) -> str:
        """The answer with the warning that belongs to it; a sentence of an older springstep holds it already."""
        says = render_answer(answer, language)
        if answer.code == RENDERED:
            return says
        return with_warning(says, command, thresholds(self.config.rules), language)

    def _do(self, context: CommandContext, command: TypedCommand) -> tuple[CodedText, CodedText | None]:
        """The command and its entry in the log, in one transaction; a refused one leaves nothing but its entry."""
        refused = None
        try:
            with self.store.transaction():
                answer = handle(context, command).coded("command")
                self._log_command(context, command, answer, None)
        except CommandRejected as error:
            answer = refused = Message(error.key, error.values_).coded("refused")
            with self.store.transaction():
                self._log_command(context, command, answer, refused)
        return answer, refused

    def _log_command(
        self, context: CommandContext, command: TypedCommand, answer: CodedText, refused: CodedText | None
    ) -> None:
        typed.insert_command(
            self.store,
            context.athlete.id,
            command_id=command.command_id,
            seq=context.seq,
            name=command.name,
            payload_json=command.model_dump_json(),
            typed_utc=naive_utc(command.typed_utc),
            arrived_utc=context.now_utc,
            says=answer.to_text(),
            refused=None if refused is None else refused.to_text(),
        )

    # --- what follows -----------------------------------------------------------------------------

    def refresh(self, athlete: str | None = None) -> None:
        """Labels, dose changes and prescriptions as of now. With nothing new it changes nothing."""
        person = self._person(athlete)
        with person.lock:
            zone_changes.look_at_stored(self.store, person.athlete)
            zone_changes.settle(self.store, person.athlete)
            # Until nothing is left: what was typed while the runs were judged could not be labelled by its entry.
            while person.labeller.derive():
                pass
        self._issue_work(person.athlete)

    def labels_outdated(self, athlete: str | None = None) -> bool:
        """Whether the next `refresh` judges every run again, because other rules or settings made the labels."""
        return self._person(athlete).labeller.all_to_do()

    def _issue_work(self, athlete: Athlete) -> None:
        now_utc = self.now()
        with self.store.transaction():
            state = footwork_state.load_state(self.store, athlete, self.config, now_utc)
            if changes := review(state):
                for change in changes:
                    issued.insert_dose_change(self.store, athlete.id, dose_change_to_facts(change), issued_utc=now_utc)
                    self._raise_flag(athlete, change, now_utc)
                state = footwork_state.load_state(self.store, athlete, self.config, now_utc)
            for prescription in plan(state).issue:
                issued.insert_prescription(
                    self.store, athlete.id, prescription_to_facts(prescription), issued_utc=now_utc
                )

    def _raise_flag(self, athlete: Athlete, change: DoseChange, now_utc: datetime) -> None:
        """Two weeks without relief raise a flag that the runner clears like one of their own."""
        if (name := flag_raised(change)) is not None:
            seq = typed.next_command_seq(self.store)
            typed.upsert_flag(
                self.store, athlete.id, flag_id=change.change_id, name=name, at_utc=now_utc, day=change.day, seq=seq
            )

    def _refresh_quietly(self, athlete_id: str) -> None:
        """What was typed is stored already: a fault in what follows from it must not look like a lost entry."""
        person = self._person(athlete_id)
        try:
            # While runs arrive, the entry does not label them: that is the import's work, and may take seconds.
            # After an update all runs are judged again: the next refresh does that; a start and an entry wait for none.
            if not person.arriving and person.lock.acquire(blocking=False):
                try:
                    if not person.labeller.all_to_do():
                        person.labeller.derive()
                finally:
                    person.lock.release()
            self._issue_work(person.athlete)
        except Exception:
            log.exception("engine.refresh_failed")

    def rebuild(
        self, athlete: str | None = None, *, progress: Progress | None = None, stopping: Callable[[], bool] = never
    ) -> ImportCounts:
        """Everything derived made again from the originals; typed and issued things stay."""
        person = self._person(athlete)
        with _arriving(person):
            report = rebuild(person.importer, progress=progress, stopping=stopping)
        self.refresh(person.athlete.id)
        self.store.checkpoint()
        problems = housekeeping.problems(self.store, person.athlete.id)
        return report.counts(problems, self._language(person.athlete))

    def label_by_map(self, athlete: str, *, progress: Progress, stopping: Callable[[], bool] = never) -> int:
        """A runner's runs over the map that is there now, and their labels after it; gives how many it was."""
        person = self._person(athlete)
        with person.lock:
            laid = label_runs(self.store, person.athlete, self.atlas, progress=progress, stopping=stopping)
        self.refresh(athlete)
        return laid

    def _person(self, athlete: str | None) -> _Person:
        who = self.config.athlete(athlete)
        with self._meeting:
            if who.id not in self._people:
                self._people[who.id] = self._person_of(who, threading.Lock())
            return self._people[who.id]

    def _person_of(self, who: Athlete, lock: threading.Lock) -> _Person:
        importer = Importer(self.store, self.config, self.home, who, now=self.now)
        ingestor = ServiceIngestor(self.store, self.home, who, importer.limits, now=self.now)
        return _Person(who, importer, ingestor, Labeller(self.store, self.config, who, self.atlas), lock)

    @staticmethod
    def _language(athlete: Athlete) -> Language:
        return load_language(athlete.language)


@contextmanager
def _arriving(person: _Person) -> Iterator[None]:
    person.arriving += 1
    try:
        yield
    finally:
        person.arriving -= 1


def _refusal(command_id: str, refused: CodedText, language: Language) -> Receipt:
    says = render_answer(refused, language)
    return Receipt(command_id=command_id, stored=False, says=says, refused=says, refused_code=refused.to_json())
