"""``python -m tests.fakes``: the three made-up services on fixed ports, with a fortnight of runs, until Ctrl-C.

Prints what belongs into the config, and the keys to link with.
"""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from sync.demo.fake_garmin import KEY as GARMIN_KEY
from sync.demo.fake_garmin import FakeGarmin
from tests.fakes.intervals import KEY as INTERVALS_KEY
from tests.fakes.intervals import FakeIntervals
from tests.fakes.strava import CLIENT_ID, CLIENT_SECRET, FakeStrava
from tests.linked_home import short_run

PORTS = {"garmin": 8899, "strava": 8898, "intervals": 8897}


def now_utc() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def main() -> None:
    garmin, strava, intervals = FakeGarmin(clock=now_utc), FakeStrava(clock=now_utc), FakeIntervals(clock=now_utc)
    morning = now_utc().replace(minute=0, second=0, microsecond=0)
    for day in range(1, 15):
        recording = short_run(morning - timedelta(days=day))
        garmin.add(recording, f"Garmin's run of {day} days ago")
        if day % 2:
            strava.add(recording, f"Strava's run of {day} days ago")
        if day % 3 == 0:
            intervals.add(recording, f"The relay's run of {day} days ago")
    intervals.add_stub("123456", morning - timedelta(days=2))
    with ExitStack() as stack:
        for name, fake in (("garmin", garmin), ("strava", strava), ("intervals", intervals)):
            fake.start(PORTS[name])
            stack.callback(fake.stop)
        print("[testing]")
        for name, port in PORTS.items():
            print(f'redirect_{name} = "http://127.0.0.1:{port}"')
        print(f"\n# springstep link garmin: 1, then the key {GARMIN_KEY}")
        print(f"# springstep link intervals: {INTERVALS_KEY}")
        strava.codes.add("a-code")
        print(f"# springstep link strava: {CLIENT_ID}, {CLIENT_SECRET}, then the code a-code")
        sys.stdout.flush()
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main()
