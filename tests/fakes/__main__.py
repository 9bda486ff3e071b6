"""``python -m tests.fakes HOME``: the three made-up services on fixed ports, with a fortnight of runs, until Ctrl-C.

HOME gets a config that leads to them, and tokens as garth would have saved them. What to link with is printed.
"""

from __future__ import annotations

import json
import signal
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sync.app.demo.fake_garmin import KEY as GARMIN_KEY
from sync.app.demo.fake_garmin import FakeGarmin
from tests.fakes.intervals import KEY as INTERVALS_KEY
from tests.fakes.intervals import FakeIntervals
from tests.fakes.strava import CLIENT_ID, CLIENT_SECRET, FakeStrava
from tests.linked_home import short_run

PORTS = {"garmin": 8899, "strava": 8898, "intervals": 8897}


def now_utc() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def furnish(home: Path) -> None:
    """A config that redirects every source, and a folder of garth's. Raises FileExistsError: no config is replaced."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "config.toml").open("x") as config:
        config.write("[testing]\n")
        config.writelines(f'redirect_{name} = "http://127.0.0.1:{port}"\n' for name, port in PORTS.items())
    tokens = home / "garth"
    tokens.mkdir(mode=0o700)
    oauth1 = {"oauth_token": "made-up", "oauth_token_secret": "made-up", "domain": "garmin.com"}
    (tokens / "oauth1_token.json").write_text(json.dumps(oauth1))
    # Its day is over: the first request exchanges the lasting token for a new one.
    (tokens / "oauth2_token.json").write_text(json.dumps({"access_token": "made-up", "expires_at": 1}))


def fill(garmin: FakeGarmin, strava: FakeStrava, intervals: FakeIntervals) -> None:
    """A run a day; every other one at Strava too, every third at intervals.icu."""
    morning = now_utc().replace(minute=0, second=0, microsecond=0)
    for day in range(1, 15):
        recording = short_run(morning - timedelta(days=day))
        garmin.add(recording, f"Garmin's run of {day} days ago")
        if day % 2:
            strava.add(recording, f"Strava's run of {day} days ago")
        if day % 3 == 0:
            intervals.add(recording, f"The relay's run of {day} days ago")
    intervals.add_stub("123456", morning - timedelta(days=2))
    strava.codes.add("a-code")


def main(home: Path) -> None:
    garmin, strava, intervals = FakeGarmin(clock=now_utc), FakeStrava(clock=now_utc), FakeIntervals(clock=now_utc)
    fill(garmin, strava, intervals)
    furnish(home)
    with ExitStack() as stack:
        for name, fake in (("garmin", garmin), ("strava", strava), ("intervals", intervals)):
            fake.start(PORTS[name])
            stack.callback(fake.stop)
        print(f"garmin     {garmin.url}  key {GARMIN_KEY}, or the tokens in {home / 'garth'}")
        print(f"strava     {strava.url}  client id {CLIENT_ID}, secret {CLIENT_SECRET}, code a-code (once)")
        print(f"intervals  {intervals.url}  key {INTERVALS_KEY}", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        main(Path(sys.argv[1]))
    except IndexError:
        sys.exit("Name a home for trying: python -m tests.fakes HOME")
    except FileExistsError as error:
        sys.exit(f"{error.filename} is there already; name a new home.")
