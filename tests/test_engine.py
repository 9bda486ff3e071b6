"""Files into runs: what each file and recording counts as, local time, twins, and the same answer however it came."""

from __future__ import annotations

import gzip
import io
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.app.demo.fit_writer import write
from sync.errors import PersonMustAct
from sync.settings.paths import DataDir
from sync.storage.database import Store
from tests.factories_engine import NOWHERE, Shop, counts
from tests.factories_files import drop, outing, phone
from tests.factories_runs import START, samples
from tests.factories_xml import gpx


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "home")


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


def everything() -> dict[str, bytes]:
    """A folder with one of each fate."""
    morning = outing()
    evening = outing(START + timedelta(hours=10), distance_m=1500.0)
    return {
        "morning.fit": write(morning),
        "again/morning-copy.fit.gz": gzip.compress(write(morning)),
        "phone.gpx": gpx(phone(morning)),
        "evening.fit": write(evening),
        "evening-retitled.fit": write(replace(evening, rpe=3.0)),
        "ride.fit": write(outing(START + timedelta(days=1), sport="cycling", sub_sport=None)),
        "two.zip": packed(a_fit=write(outing(START + timedelta(days=2))), b_txt=b"a note"),
        "cut.fit": write(outing(START + timedelta(days=3)))[:-400],
        "notes.txt": b"slept well",
        ".hidden.fit": write(morning),
        ".trash/old.fit": write(morning),
        "broken.fit": b"\x0e\x10\x00\x00\xff\xff\xff\xff.FIT" + b"\xff" * 90,
        "coming.fit.part": write(morning)[:300],
    }


def test_each_file_and_each_recording_counts_once(shop: Shop, tmp_path: Path) -> None:
    folder = drop(tmp_path / "watch", everything())
    found = shop.take_in(folder)
    assert counts(found) == {
        "found": 14,
        "read": 6,
        "duplicate": 2,
        "ignored": 5,
        "problem": 1,
        "recordings": 6,
        "runs": 4,
        "joined": 1,
        "other": 1,
    }
    assert [problem.name for problem in found.problems] == ["broken.fit"]
    assert found.ignored_names == [
        ".hidden.fit: a hidden file",
        "coming.fit.part: still being copied or downloaded; it is imported once it is complete",
        "notes.txt: not an activity file",
        "old.fit: a hidden file",
        "two.zip/b.txt: not an activity file",
    ]
    assert [(one["source_files"], one["partial"]) for one in shop.runs()] == [
        (["morning-copy.fit.gz", "morning.fit", "phone.gpx"], False),
        (["evening-retitled.fit", "evening.fit"], False),
        (["two.zip/a.fit"], False),
        (["cut.fit"], True),
    ]


def test_a_second_look_changes_nothing_and_says_so(shop: Shop, tmp_path: Path) -> None:
    folder = drop(tmp_path / "watch", everything())
    shop.take_in(folder)
    before = shop.runs_json()
    shop.again()
    second = shop.take_in(folder)
    assert (second.read, second.duplicate, second.ignored, second.problem, second.recordings) == (0, 8, 5, 1, 0)
    assert [problem.name for problem in second.problems] == ["broken.fit"]
    assert shop.runs_json() == before


def test_nothing_in_a_folder_is_changed(shop: Shop, tmp_path: Path) -> None:
    folder = drop(shop.home.inbox(shop.athlete.id), everything())

    def state() -> list[tuple[str, int, bytes]]:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return [(str(path), path.stat().st_mtime_ns, path.read_bytes()) for path in files]

    before = state()
    shop.now = datetime(2036, 1, 1)
    assert shop.take_in(folder).read == 6
    assert state() == before


def test_a_file_that_still_grows_waits_only_where_files_are_watched(shop: Shop, tmp_path: Path) -> None:
    files = {"a.fit": write(outing())}
    inbox = drop(shop.home.inbox(shop.athlete.id), files)
    written = (inbox / "a.fit").stat().st_mtime
    shop.now = datetime.fromtimestamp(written + 1, UTC).replace(tzinfo=None)
    assert shop.take_in(inbox).ignored == 1
    shop.now = datetime.fromtimestamp(written + 30, UTC).replace(tzinfo=None)
    assert shop.take_in(inbox).read == 1


def test_a_problem_is_gone_when_the_file_was_mended(shop: Shop, tmp_path: Path) -> None:
    folder = drop(tmp_path / "watch", {"a.fit": b""})
    assert shop.take_in(folder).problem == 1
    drop(folder, {"a.fit": write(outing())})
    mended = shop.take_in(folder)
    assert (mended.read, mended.problem, mended.problems) == (1, 0, [])
    assert shop.ask("status")["problems"] == []


def test_what_is_not_there_is_said(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(PersonMustAct, match=r"runs\.no_file_or_folder"):
        shop.take_in(tmp_path / "nothing")


# --- local time -----------------------------------------------------------------------------------

TIMES = {
    "the file's own offset, abroad": (outing(datetime(2026, 3, 1, 2), utc_offset_s=-18_000), "2026-02-28T21:00", False),
    "summer time has not begun": (phone(outing(datetime(2026, 3, 29, 0, 58))), "2026-03-29T01:58", True),
    "summer time has just begun": (phone(outing(datetime(2026, 3, 29, 0, 59, 40))), "2026-03-29T03:00", True),
    "the second 2:30 of an autumn night": (phone(outing(datetime(2026, 10, 25, 1, 29, 30))), "2026-10-25T02:30", True),
    "the first 2:30 of an autumn night": (phone(outing(datetime(2026, 10, 25, 0, 29, 30))), "2026-10-25T02:30", True),
}  # fmt: skip


@pytest.mark.parametrize("case", TIMES)
def test_local_time(case: str, shop: Shop, tmp_path: Path) -> None:
    recording, local, assumed = TIMES[case]
    shop.later(days=365)
    content = write(recording) if recording.file_id else gpx(recording)
    shop.take_in(drop(tmp_path / "in", {"a.fit" if recording.file_id else "a.gpx": content}))
    [found] = shop.runs()
    assert (str(found["start_local"])[:16], found["offset_assumed"]) == (local, assumed)
    assert found["day"] == local[:10]


# --- however it came ------------------------------------------------------------------------------


def a_season() -> dict[str, bytes]:
    """Short runs, their twins from a phone, and a twin that links two others."""
    short = {"elapsed_s": 150.0, "timer_s": 150.0, "distance_m": 450.0, "samples": samples(150)}
    files: dict[str, bytes] = {}
    for number in range(3):
        morning = outing(START + timedelta(days=number), title=None, **short)
        files[f"watch-{number}.fit"] = write(morning)
        if number:
            files[f"phone-{number}.gpx"] = gpx(phone(morning))
    files["late.gpx"] = gpx(phone(outing(START + timedelta(seconds=40), **short), title="Late"))
    files["copy-of-0.fit"] = files["watch-0.fit"]
    return files


SEASON = a_season()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("undisturbed")
    shop = Shop(root / "home")
    shop.take_in(drop(root / "in", SEASON))
    assert len(shop.runs()) == 3
    return shop.runs_json()


class Kill(BaseException):
    """Stands for the end of the process: nobody catches it."""


class Brittle(Store):
    """A store whose process dies at the ``left``-th change from now."""

    left: int | None = None

    def _wear(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Kill

    def execute(self, change: str, /, **values: Any) -> None:
        self._wear()
        super().execute(change, **values)

    def insert_arrow(self, change: str, table: Any, /, **values: Any) -> None:
        self._wear()
        super().insert_arrow(change, table, **values)


STEPS = st.one_of(
    st.tuples(st.just("take"), st.sampled_from(sorted(SEASON))),
    st.tuples(st.just("take"), st.just("")),
    st.tuples(st.just("kill"), st.integers(0, 60)),
    st.tuples(st.just("rebuild"), st.just("")),
)


@settings(max_examples=6)
@given(steps=st.lists(STEPS, max_size=4), order=st.permutations(sorted(SEASON)))
def test_any_order_kills_and_rebuilds_give_the_same_runs(
    steps: list[tuple[str, Any]], order: list[str], expected: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("order")
    folders = {name: drop(root / f"in-{name}", {name: SEASON[name]}) for name in SEASON}
    with Brittle.open(NOWHERE, read_only=True) as store:
        assert isinstance(store, Brittle)
        shop = Shop(root / "home", store)
        for what, detail in steps:
            try:
                match what:
                    case "take":
                        shop.take_in(*([folders[detail]] if detail else [folders[name] for name in order[:3]]))
                    case "kill":
                        store.left = detail
                    case "rebuild":
                        shop.engine.rebuild()
            except Kill:
                store.left = None
                shop.again()
        store.left = None
        shop.take_in(*(folders[name] for name in order))
        assert shop.runs_json() == expected


KILLED = """
import sys
from sync.app.cli.main import main
sys.exit(main(["--home", sys.argv[1], "import", sys.argv[2]]))
"""


def test_kill_minus_nine_in_an_import_and_again(expected: str, tmp_path: Path) -> None:
    """A real process, really killed, on a real file; the import is begun again and ends as if nothing had been."""
    folder = drop(tmp_path / "in", SEASON)
    home = DataDir(tmp_path / "home")
    home.make("ada")
    home.config.write_text('[athlete]\nid="ada"\nname="Ada"\ntime_zone="Europe/Berlin"\n')
    command = [sys.executable, "-c", KILLED, str(home.root), str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and sum(path.is_file() for path in home.originals.rglob("*")) < 3:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (finished.returncode, "Traceback" in finished.stderr) == (0, False), finished.stderr
    with Store.open(home.database) as store:
        shop = Shop(home.root, store)
        assert shop.runs_json() == expected


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_folder_of_real_recordings(shop: Shop, real_data: Path) -> None:
    found = shop.take_in(real_data)
    assert found.found == found.read + found.duplicate + found.ignored + found.problem
    assert found.recordings == found.runs + found.joined + found.other
    assert found.runs == shop.ask("runs", limit="1")["total"]
    assert found.problem > 0
    assert shop.take_in(real_data).runs == 0
