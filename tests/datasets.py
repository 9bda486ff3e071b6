"""Three homes for the pages, each with its real daemon: the demo's runner, nobody yet, and ten years of running."""

from __future__ import annotations

import fcntl
import math
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from rules.classify.judge import RULES_VERSION
from rules.facts.kinds import Facet
from rules.facts.recorded import Samples
from rules.measure.features import FEATURES_VERSION
from sync.runs.labelling import LABELS, classify_settings, made_with
from sync.service.client import Client
from sync.settings.config import Config
from sync.settings.config import load_config as load_config
from sync.settings.paths import DataDir
from sync.storage import housekeeping
from sync.storage.database import Store, to_json
from sync.storage.open import open_store
from sync.storage.serialize.recordings import to_table
from tests import forked

UP_WITHIN_S = 90
YEARS = 10
ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".pytest_cache" / "homes"
WITH_SAMPLES = 5
CONFIG = '[athlete]\nname = "Demo"\nmade_up = true\ntime_zone = "Europe/Berlin"\n'
KINDS = {1: "easy", 2: "tempo", 3: "surface", 5: "hills", 6: "long"}
DISTANCES_M = {"easy": 8200.0, "tempo": 10400.0, "hills": 9100.0, "surface": 7600.0, "long": 17800.0}
FACETS = {
    "easy": {"intensity": "easy", "long": "no", "hills": "flat", "surface": "road"},
    "tempo": {"intensity": "tempo", "long": "no", "hills": "flat", "surface": "road"},
    "hills": {"intensity": "steady", "long": "no", "hills": "hill_repeats", "surface": "road"},
    "surface": {"intensity": "easy", "long": "no", "hills": "rolling", "surface": "trail"},
    "long": {"intensity": "easy", "long": "yes", "hills": "rolling", "surface": "road"},
}


def now_utc() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def fill_demo(home: DataDir) -> None:
    """The demo as of today. Playing sixteen weeks takes minutes, so it is kept for as long as the code is the same."""
    from sync.app.demo import play

    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test processes may want it at once: one plays, the other waits
        kept = KEPT / f"demo-{now_utc():%Y%m%d}-{_fingerprint()}"
        if not kept.exists():
            for old in [*KEPT.glob("demo-*"), *KEPT.glob("part-*")]:
                shutil.rmtree(old, ignore_errors=True)
            part = KEPT / f"part-{os.getpid()}"
            play.prepare(DataDir(part), now_utc())
            part.rename(kept)
        shutil.copytree(kept, home.root, dirs_exist_ok=True)


def _fingerprint() -> str:
    """Of everything that the demo's store is made from."""
    total = sha256()
    for package in ("rules", "sync"):
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in (".py", ".toml", ".sql"):
                total.update(path.read_bytes())
    return total.hexdigest()[:16]


def fill_nothing(home: DataDir) -> None:
    home.make("runner")


def fill_ten_years(home: DataDir) -> None:
    """Rows straight into the store: thousands of labelled runs, a diary, foot work, and samples for the newest runs."""
    home.make("runner")
    home.config.write_text(CONFIG)
    config = load_config(home.config)
    today = now_utc().date()
    first = today - timedelta(days=365 * YEARS)
    days = [first + timedelta(days=n) for n in range((today - first).days)]
    with open_store(home, config, read_only=False) as store:
        _made_with(store, config)
        runs = [(day, KINDS[day.weekday()]) for day in days if day.weekday() in KINDS]
        _insert(store, "run", [_run(day, kind) for day, kind in runs])
        _insert(store, "diary", [_entry(number, day) for number, day in enumerate(days) if number % 5 < 3])
        store.insert_rows("insert_labels", [_label(day, kind) for day, kind in runs], athlete="runner")
        _insert(store, "original_name", [_name(day) for day, _ in runs])
        _insert(store, "recording", [_recording(_run(day, kind)) for day, kind in runs])
        _insert(store, "prescription", [_prescription(number, day, kind) for number, (day, kind) in enumerate(runs)])
        _insert(store, "session", [_session(number, day) for number, (day, _) in enumerate(runs) if number % 6])
        for day, kind in runs[-WITH_SAMPLES:]:
            _put_samples(store, _run(day, kind))


def _insert(store: Store, table: str, rows: list[dict[str, Any]]) -> None:
    """Thousands of rows at once; the store's own statements take one each."""
    with store.exclusive() as cursor:
        cursor.register("incoming", pa.Table.from_pylist(rows))
        cursor.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")
        cursor.unregister("incoming")


def _made_with(store: Store, config: Config) -> None:
    """As if these rules had made the labels: else the daemon would make them anew from features that are not there."""
    wanted = made_with(config.first, classify_settings(config))
    housekeeping.upsert_source_state(store, "runner", LABELS, "made_with", wanted)


def _run(day: date, kind: str) -> dict[str, Any]:
    distance_m = DISTANCES_M[kind] * (1 + 0.12 * math.sin(day.toordinal()))
    moving_s = distance_m / 2.8
    start = datetime.combine(day, datetime.min.time()) + timedelta(hours=6, minutes=day.toordinal() % 50)
    return {
        "athlete": "runner",
        "run_id": f"{day:%Y%m%d}0000",
        "start_utc": start,
        "utc_offset_s": 3600,
        "offset_assumed": False,
        "day": day,
        "title": f"{kind.title()} run",
        "device": "A watch",
        "distance_m": distance_m,
        "elapsed_s": moving_s + 60,
        "timer_s": moving_s,
        "moving_s": moving_s,
        "ascent_m": 240.0 if kind == "hills" else 50.0,
        "descent_m": 50.0,
        "mean_heart_rate_bpm": 142.0,
        "max_heart_rate_bpm": 171.0,
        "partial": False,
        "sport_inferred": False,
        "removed": False,
        "arrived_utc": start + timedelta(hours=2),
        "provenance": to_json({"distance_m": "inbox"}),
        "features": to_json({}),
        "features_version": str(FEATURES_VERSION),
    }


def _put_samples(store: Store, run: dict[str, Any]) -> None:
    samples = to_table(_samples(run["moving_s"]))
    store.insert_arrow("insert_samples", samples, athlete="runner", number=run["day"].toordinal())


def _recording(run: dict[str, Any]) -> dict[str, Any]:
    """Every one says that it has samples; only the newest have some here."""
    same = ("athlete", "start_utc", "device", "distance_m", "elapsed_s", "timer_s", "partial", "sport_inferred")
    return {
        **{name: run[name] for name in same},
        "recording_id": run["run_id"],
        "activity_id": run["run_id"],
        "number": run["day"].toordinal(),
        "source": "inbox",
        "source_ref": None,
        "sha256": run["run_id"],
        "format": "fit",
        "leg": 0,
        "sport": "running",
        "sub_sport": None,
        "serial_number": None,
        "time_created_utc": run["start_utc"],
        "sample_count": int(run["moving_s"]),
        "richness": 9,
        "arrived_utc": run["start_utc"],
        "removed": False,
        "facts": to_json({}),
        "laps": to_json([]),
        "steps": to_json([]),
    }


def _name(day: date) -> dict[str, Any]:
    return {"athlete": "runner", "sha256": f"{day:%Y%m%d}0000", "name": f"{day:%Y-%m-%d}-morning.fit"}


def _prescription(number: int, day: date, kind: str) -> dict[str, Any]:
    dose = {"seconds": 90, "sets": 2, "reps": 8, "hold_s": None, "per_side": True}
    drills = ("slow-toe-flexion", "ankle-rock", "toe-spread")
    return {
        "athlete": "runner",
        "prescription_id": f"work-{number}",
        "seq": number - 1_000_000,  # before whatever the daemon issues
        "issued_utc": datetime.combine(day, datetime.min.time()) + timedelta(hours=9),
        "day": day,
        "time_window": "after",
        "kind": kind,
        "run_id": f"{day:%Y%m%d}0000",
        "minutes": 5.0,
        "drills": to_json(
            [{"drill": one, "dose": dose, "stage": 1, "equipment": [], "facts": ["M4"]} for one in drills]
        ),
        "reasons": to_json([]),
        "warnings": to_json([]),
        "rules_version": RULES_VERSION,
        "one_minute": False,
        "gentle": False,
        "counts": True,
        "supersedes": None,
        "inputs": to_json({}),
    }


def _session(number: int, day: date) -> dict[str, Any]:
    return {
        "athlete": "runner",
        "session_id": f"session-{number}",
        "at_utc": datetime.combine(day, datetime.min.time()) + timedelta(hours=18),
        "day": day,
        "state": "done",
        "prescription_id": f"work-{number}",
        "minutes": 5.0,
        "reason": None,
        "seq": number,
    }


def _samples(moving_s: float) -> Samples:
    t = np.arange(0.0, moving_s)
    none = np.full_like(t, np.nan)
    speed = 2.8 + 0.3 * np.sin(t / 200)
    return Samples(
        t_s=t,
        distance_m=np.cumsum(speed),
        speed_mps=speed,
        heart_rate_bpm=140 + 8 * np.sin(t / 300),
        cadence_spm=none + 170,
        altitude_m=100 + 20 * np.sin(t / 500),
        latitude_deg=none,
        longitude_deg=none,
        power_w=none,
        temperature_c=none,
    )


def _label(day: date, kind: str) -> dict[str, Any]:
    run = _run(day, kind)
    facets = {
        facet.value: {
            "value": FACETS[kind][facet.value],
            "confidence": 0.86,
            "probabilities": {FACETS[kind][facet.value]: 0.86},
            "evidence": [],
            "corrected": False,
        }
        for facet in Facet
    }
    return {
        "run_id": run["run_id"],
        "start_utc": run["start_utc"],
        "primary_kind": kind,
        "primary_confidence": 0.86,
        "possible": to_json([kind]),
        "facets": to_json(facets),
        "tier": "full",
        "rules_version": RULES_VERSION,
        "asks": False,
        "corrected": False,
        "segments": to_json([]),
        "zone_s": to_json({"1": 600.0, "2": 1500.0, "3": 400.0}),
        "thresholds": to_json([]),
    }


def _entry(number: int, day: date) -> dict[str, Any]:
    return {
        "athlete": "runner",
        "entry_id": f"entry-{number}",
        "what": "stiffness",
        "at_utc": datetime.combine(day, datetime.min.time()) + timedelta(hours=5, minutes=10),
        "day": day,
        "score": max(0, min(10, round(3 + 2 * math.sin(number / 90)))),
        "place": "big-toe-joint",
        "side": "left",
        "at_when": "waking",
        "seq": number,
    }


SETS: dict[str, Callable[[DataDir], None]] = {
    "demo": fill_demo,
    "empty": fill_nothing,
    "ten-years": fill_ten_years,
}


@contextmanager
def owned(name: str, root: Path) -> Iterator[DataDir]:
    """The home of that name under ``root``, filled, with its daemon in a process of its own."""
    home = DataDir(root)
    SETS[name](home)
    env = {key: value for key, value in os.environ.items() if not key.startswith("SPRINGSTEP_")}
    log = (root / "daemon.out").open("wb")
    daemon = forked.start("sync", ["--home", str(root), "daemon"], env, stdout=log, stderr=log)
    try:
        client = Client(home, now=now_utc)
        end = time.monotonic() + UP_WITHIN_S
        while not client.healthy():
            if time.monotonic() > end or daemon.poll() is not None:
                raise AssertionError(f"the daemon did not come up: {(root / 'daemon.out').read_text()[-2000:]}")
            time.sleep(0.2)
        yield home
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(45)
        log.close()
