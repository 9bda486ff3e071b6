"""What each FIT decoder costs and refuses, and what the chain of all three makes of it: ``make bench-decoders``.

Over the FIT files in the folder that SPRINGSTEP_REAL_DATA names (over a made-up season without it, and says so). CPU
seconds are of one pass on this machine: compare them with each other, not with another machine's.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from sync.app.demo import fit_writer, runner, season
from sync.formats.fit.decoders import LINKS, Decoder
from sync.formats.fit.file import decode, is_fit, parts


def files() -> Iterator[bytes]:
    """The content of each FIT file, once each."""
    named = os.environ.get("SPRINGSTEP_REAL_DATA")
    if named:
        contents = {path.read_bytes() for path in Path(named).rglob("*") if path.suffix.lower() == ".fit"}
        yield from sorted(content for content in contents if is_fit(content))
    else:
        print("No folder of real recordings is named: these are made-up ones.")
        first = season.first_day(date(2026, 1, 4))
        for outing in season.outings(first, date(2026, 1, 4)):
            yield from (fit_writer.write(recording) for recording in runner.recordings(outing, ZoneInfo("UTC")))


def time_link(link: Decoder, sequences: list[bytes]) -> tuple[float, int, int, int]:
    """CPU seconds, sequences read whole, read in part, and refused."""
    outcomes: Counter[str] = Counter()
    started_s = time.process_time()
    for sequence in sequences:
        try:
            outcomes["whole" if link(sequence).whole else "part"] += 1
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException:  # a compiled decoder's panic is no Exception
            outcomes["refused"] += 1
    return time.process_time() - started_s, outcomes["whole"], outcomes["part"], outcomes["refused"]


def main() -> None:
    sequences = [part.data for content in files() for part in parts(content)]
    print(f"{len(sequences)} FIT sequences, {sum(map(len, sequences)) / 1e6:.1f} MB")
    print(f"{'':20}{'CPU s':>8}{'whole':>8}{'in part':>9}{'refused':>9}")
    for link in LINKS:
        seconds, whole, part, refused = time_link(link, sequences)
        print(f"{link.__name__:20}{seconds:8.1f}{whole:8}{part:9}{refused:9}")
    used: Counter[str] = Counter()
    started_s = time.process_time()
    for sequence in sequences:
        decoded = decode(sequence)
        used[decoded.link if decoded is not None else "none"] += 1
    seconds = time.process_time() - started_s
    print(f"{'the chain':20}{seconds:8.1f}   {', '.join(f'{name} {count}' for name, count in used.most_common())}")


if __name__ == "__main__":
    main()
