"""What answers teach, through the real program and its shipped weights; and labels that other rules made, mended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.grade import start_of_fits
from bench.grade_learning import learning_tables
from bench.grade_runs import judged, verdict
from bench.labelled import Athlete, Labelled, Truth
from rules.classify.model import KNOWLEDGE, classifier_knowledge
from rules.facts.kinds import Kind
from rules.measure.features import RunFeatures
from sync.runs.labelling import BEGINNING, LABELS
from sync.settings.config import Config
from sync.settings.config import load_config as load_config
from sync.settings.paths import DataDir
from sync.storage import housekeeping, runs
from sync.storage.database import Store
from sync.storage.open import open_store
from sync.wire.commands import CorrectRun, LogScore, LogSession, SetDose
from tests.factories_engine import Shop
from tests.factories_weeks import weeks
from tests.shell import Shell, stop, until

MONDAY = date(2026, 1, 5)
RUNS, BEFORE = 50, 20
"""Runs of the log, and how many of them lie before the thirty that must keep their kinds."""
OLD_RULES = "classify-5"
ADA = '[athlete]\nid = "ada"\nname = "Ada"\ntime_zone = "Europe/Berlin"\n'
EARLIER = (
    "SELECT * FROM prescription ORDER BY seq",
    "SELECT * FROM session ORDER BY seq",
    "SELECT * FROM dose_change ORDER BY seq",
    "SELECT * FROM correction ORDER BY seq",
)


# --- what answers teach ---------------------------------------------------------------------------


def test_six_easy_runs_confirmed_leave_the_kinds_of_the_next_thirty(home: Path, tmp_path: Path) -> None:
    shell, fresh, made = Shell(home), Shell(home, fresh=True), weeks(MONDAY, RUNS)
    (tmp_path / "log.csv").write_text(made.log)
    assert shell("import", tmp_path / "log.csv").code == 0
    with shell.daemon():
        assert _kinds(shell)[BEFORE:] == list(made.kinds[BEFORE:])
        for run_id in [run_id for run_id, kind in _runs(shell)[:BEFORE] if kind == "easy"][:6]:
            said = fresh("label", run_id, "--right", "--json").json
            assert said["stored"] or said["waiting"], said  # a busy machine answers after the client's two seconds
        until(lambda: shell.client().status().outbox_waiting == 0)
        assert sum(run["corrected"] for run in shell("runs", "--limit", "100", "--json").json) == 6
        assert _kinds(shell)[BEFORE:] == list(made.kinds[BEFORE:])


def _runs(shell: Shell) -> list[tuple[str, str | None]]:
    """(id, primary kind) of each run in order of time, as ``runs --json`` prints them."""
    found = shell("runs", "--limit", "100", "--json").json
    return [(run["id"], run["primary"]) for run in sorted(found, key=lambda run: str(run["start_utc"]))]


def _kinds(shell: Shell) -> list[str | None]:
    return [kind for _, kind in _runs(shell)]


def test_the_learning_curve_is_that_of_the_shipped_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], shop: Shop
) -> None:
    assert "\npull = 3\n" in KNOWLEDGE.read_text(), "the file may say 3 for 3.0"
    assert start_of_fits().runner == classifier_knowledge().runner
    runner = _labelled(shop, tmp_path)
    taught, never = judged(runner, classifier_knowledge(), told="all"), judged(runner, classifier_knowledge())
    right = [
        sum(verdict(one.labels, "primary")[0] == one.one.truth.kind for one in found[BEFORE:])
        for found in (taught, never)
    ]
    assert right[0] >= right[1] >= 25
    learning_tables([runner], {runner.name: classifier_knowledge()}, {runner.name: never})
    assert "| 10 | primary | 20 | | | | |" in capsys.readouterr().out


def _labelled(shop: Shop, folder: Path) -> Athlete:
    """The made-up weeks as the bench reads them, each run with its truth."""
    made = _taken_in(shop, folder)
    rows = runs.features(shop.store, shop.athlete.id)
    truths = {kind: Truth(Kind(kind), kind == "tempo", kind == "long", False, source="hand", weight=1.0)
              for kind in made}  # fmt: skip
    return Athlete(
        "ada",
        [
            Labelled("ada", RunFeatures.from_json(row.features), truths[kind], row.run_id)
            for row, kind in zip(rows, made, strict=True)
        ],
    )


# --- labels that other rules made -----------------------------------------------------------------


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with Store.open(tmp_path / "store.duckdb", read_only=False) as store:
        yield Shop(tmp_path / "shop", store=store)


def _taken_in(shop: Shop, folder: Path) -> list[str]:
    made = weeks(MONDAY, RUNS)
    (folder / "log.csv").write_text(made.log)
    shop.take_in(folder / "log.csv")
    return list(made.kinds)


def _spoil(store: Store, athlete: str) -> None:
    """Leaves the labels as the older rules made them after a few answers: every run easy, and sure of it."""
    made = housekeeping.source_state(store, athlete, LABELS)["made_with"]
    housekeeping.upsert_source_state(store, athlete, LABELS, "made_with", made | {"rules": OLD_RULES})
    with store.exclusive() as cursor:
        cursor.execute(
            "UPDATE label SET primary_kind = 'easy', primary_confidence = 0.93, rules_version = ?", [OLD_RULES]
        )


def _begun(store: Store, athlete: str) -> None:
    """A start that was killed while it judged: what is to be done is noted, the labels are still the old ones."""
    made = housekeeping.source_state(store, athlete, LABELS)["made_with"]
    _spoil(store, athlete)
    store.execute("mark_dirty", athlete=athlete, from_utc=BEGINNING)
    housekeeping.upsert_source_state(store, athlete, LABELS, "made_with", made)


@pytest.mark.parametrize("spoil", [_spoil, _begun])
def test_an_entry_does_not_wait_for_all_runs_to_be_judged_anew(shop: Shop, tmp_path: Path, spoil: Any) -> None:
    kinds = _taken_in(shop, tmp_path)
    spoil(shop.store, shop.athlete.id)
    shop.again()
    fast = shop.runs()[kinds.index("tempo")]["id"]
    for command in (
        LogScore(typed_utc=shop.now, what="stiffness", score=3, at_utc=shop.now),
        CorrectRun(typed_utc=shop.now, run_id=fast, kind=Kind.TEMPO),
    ):
        assert shop.perform(command).stored
        assert (shop.engine.labels_outdated(), {run["primary"] for run in shop.runs()}) == (True, {"easy"})
    shop.engine.refresh()
    healed = [run["primary"] for run in shop.runs()]
    assert (shop.engine.labels_outdated(), healed[BEFORE:]) == (False, kinds[BEFORE:])
    assert [run["id"] for run in shop.runs() if run["corrected"]] == [fast]


def test_labels_of_older_rules_heal_once_the_daemon_is_ready_and_what_was_issued_stays(
    home: Path, tmp_path: Path
) -> None:
    config = _lived(DataDir(home))
    with open_store(DataDir(home), config, read_only=False) as store:
        labels = _kept(store, config)
        _spoil(store, config.first.id)
    before = _issued(DataDir(home), config)
    assert all(before)
    shell = Shell(home)
    # What waiting to be saved is taken in before the daemon is ready, and must not judge all runs there.
    assert Shell(home, fresh=True)("log", "stiffness", "2", "--json").json["waiting"]
    with shell.daemon() as daemon:
        until(lambda: _runs(shell) == labels, 40)
        assert shell.client().status().outbox_waiting == 0
        assert stop(daemon) == 0
    after = _issued(DataDir(home), config)
    assert [rows[: len(earlier)] for rows, earlier in zip(after, before, strict=True)] == before
    # A new day may bring new work; nothing else was added by itself.
    assert [len(rows) for rows in after[1:]] == [len(rows) for rows in before[1:]]
    before_ready, *after_ready = _daemon_log(DataDir(home)).split("daemon.ready")
    assert [part.count("labels.all_made_again") for part in (before_ready, *after_ready)] == [0, 1]


def _lived(home: DataDir) -> Config:
    """Weeks of runs up to a fortnight ago, six of them confirmed, then ten days of foot work with a step by hand."""
    made = weeks(_monday(), RUNS)
    home.make("ada")
    home.config.write_text(ADA)
    config = load_config(home.config)
    first = datetime.combine(_monday() + timedelta(weeks=RUNS // 5), time(6))
    with open_store(home, config, read_only=False) as store:
        shop = Shop(home.root, store=store, config=config, now=first)
        log = home.root / "log.csv"
        log.write_text(made.log)
        shop.take_in(log)
        for run in [run for run in shop.runs()[:BEFORE] if run["primary"] == "easy"][:6]:
            shop.perform(CorrectRun(typed_utc=shop.now, run_id=run["id"], confirm=True))
        assert [run["primary"] for run in shop.runs()[BEFORE:]] == list(made.kinds[BEFORE:])
        for _ in range(10):
            shop.later(days=1)
            shop.engine.refresh()
        shop.perform(LogScore(typed_utc=shop.now, what="stiffness", score=3, at_utc=shop.now))
        shop.perform(LogSession(typed_utc=shop.now, at_utc=shop.now, state="done", minutes=5))
        shop.perform(SetDose(typed_utc=shop.now, day=shop.now.date(), step="minutes"))
    return config


def _monday() -> date:
    today = date.today()
    return today - timedelta(days=today.weekday(), weeks=RUNS // 5 + 2)


def _kept(store: Store, config: Config) -> list[tuple[str, str | None]]:
    with store.exclusive() as cursor:
        return cursor.execute("SELECT run_id, primary_kind FROM label ORDER BY start_utc").fetchall()


def _issued(home: DataDir, config: Config) -> list[list[tuple[Any, ...]]]:
    with open_store(home, config, read_only=False) as store, store.exclusive() as cursor:
        return [cursor.execute(question).fetchall() for question in EARLIER]


def _daemon_log(home: DataDir) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(home.log.glob("daemon*.log")))
