"""The demo's own home: made on the first start, extended to today on a later one, never anyone else's.

Runs are written as FIT files into the inbox and imported from there; what is typed goes through the app like
everything a runner types. Both happen in the order of the days, with a clock that is set to each moment.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rules.facts.recorded import Recording
from sync.app.demo import fit_writer, runner, season
from sync.errors import PersonMustAct
from sync.settings import config as configs
from sync.settings.atomic_files import atomic_write
from sync.settings.config import Athlete, Config
from sync.settings.paths import DataDir

CONFIG = """\
# Made up by `springstep demo`. `make demo-reset` deletes this folder and everything in it.
[athlete]
id = "demo"
name = "Demo runner"
made_up = true
"""

Progress = Callable[[int, int], None]
"""Days done, days in all."""


@dataclass(frozen=True, slots=True)
class Marker:
    """What makes a home the demo's: when its season began and how far it has been played."""

    first: date
    played_until_utc: datetime
    playing: bool = False
    """It was left in the middle: what follows is still to be played."""


def find(named: str | None, environ: Mapping[str, str]) -> DataDir:
    """``--home``, else ~/.local/share/springstep-demo; SPRINGSTEP_HOME is the real one's and does not count."""
    if named:
        return DataDir(Path(named).expanduser().absolute())
    shared = environ.get("XDG_DATA_HOME") or "~/.local/share"
    return DataDir(Path(shared).expanduser().absolute() / "springstep-demo")


def marker(home: DataDir) -> Marker | None:
    """None when there is no demo in that home. Raises PersonMustAct when something else is."""
    path = home.demo_note
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        until = datetime.fromisoformat(found["played_until_utc"])
        return Marker(date.fromisoformat(found["first"]), until, bool(found["playing"]))
    except FileNotFoundError:
        if home.root.is_dir() and any(home.root.iterdir()):
            raise PersonMustAct("demo.home_in_use", path=home.root) from None
        return None
    except (ValueError, KeyError, TypeError):
        raise PersonMustAct("demo.unreadable", path=path) from None


def reset(home: DataDir) -> bool:
    """Deletes the demo; False when there was none. Raises PersonMustAct when the folder is no demo or in use."""
    from sync.service import lock

    if marker(home) is None:
        return False
    with lock.acquire(home.lock, "demo --reset", patience_s=1.0):
        shutil.rmtree(home.root)
    return True


def lay_out(home: DataDir, now_utc: datetime) -> tuple[Config, Marker]:
    """The home with its config and marker, new or as it is. ``now_utc`` is naive UTC."""
    found = marker(home)
    if found is None:
        home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        zone = configs.parse(CONFIG).first.zone
        first = season.first_day(now_utc.replace(tzinfo=UTC).astimezone(zone).date())
        midnight = datetime.combine(first, time(), zone).astimezone(UTC).replace(tzinfo=None)
        found = Marker(first, midnight, playing=True)
        remember(home, found)
    if not home.config.exists():
        atomic_write(home.config, CONFIG.encode())
    config = configs.load_config(home.config)
    home.make(*(athlete.id for athlete in config.athletes))
    return config, found


def remember(home: DataDir, made: Marker) -> None:
    content = {
        "first": made.first.isoformat(),
        "played_until_utc": made.played_until_utc.isoformat(),
        "playing": made.playing,
    }
    atomic_write(home.demo_note, json.dumps(content, indent=1).encode())


def drop_in(home: DataDir, athlete: Athlete, first: date, day: date, until_utc: datetime) -> list[Path]:
    """Writes that day's runs that are over by ``until_utc`` into the inbox, as their devices would."""
    planned = season.outing(first, day)
    written = []
    if planned is not None:
        for recording in runner.recordings(planned, athlete.zone):
            end_utc = recording.start_utc + timedelta(seconds=recording.elapsed_s)
            if end_utc <= until_utc:
                path = home.inbox(athlete.id) / file_name(recording, athlete.zone)
                if not path.exists():
                    atomic_write(path, fit_writer.write(recording))
                    stamp = end_utc.replace(tzinfo=UTC).timestamp()
                    os.utime(path, (stamp, stamp))
                written.append(path)
    return written


def file_name(recording: Recording, zone: ZoneInfo) -> str:
    local = recording.start_utc.replace(tzinfo=UTC).astimezone(zone)
    return f"{local:%Y-%m-%d-%H%M}-{'phone' if recording.device == runner.PHONE else 'watch'}.fit"


def days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
