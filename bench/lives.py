"""33 named runners, twelve weeks each, through the rules, and eleven of them through the shipped engine.

    python -m bench.lives                      everyone: diaries, then one table
    python -m bench.lives --only trail         one runner's diary and table
    python -m bench.lives --rules              the rules alone
    python -m bench.lives --quiet              the table alone

Exit code 1 when a requirement is not met, or was asked for fewer than 20 times in all lives together.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from bench.lives_day import Life, live
from bench.lives_diary import diary
from bench.lives_rules import RulesWorld
from bench.lives_runners import DAYS, RUNNERS, Runner, named
from bench.lives_table import LEAST, PROPORTION, REQUIREMENTS, Row, last_minutes, proportion, rows_of

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Told:
    """What is left of a life: light enough to come back from another process."""

    name: str
    world: str
    diary: tuple[str, ...]
    rows: dict[str, Row]
    km_a_week: float
    tolerant: bool
    last_minutes: list[float]


def tell(runner: Runner, world: str = "rules", days: int = DAYS) -> Told:
    """One life in ``world``, ``rules`` or ``engine``."""
    if world == "rules":
        return _told(live(runner, RulesWorld(), days))
    # The engine is not needed, nor its libraries, where the rules alone are lived.
    from bench.lives_engine import in_a_home

    with in_a_home() as engine:
        return _told(live(runner, engine, days))


def _told(life: Life) -> Told:
    runner = life.runner
    return Told(
        runner.name,
        life.world,
        tuple(diary(life)),
        rows_of(life),
        sum(one.km for one in runner.week),
        runner.tolerant,
        last_minutes(life),
    )


def table(told: Iterable[Told]) -> dict[str, Row]:
    lives = list(told)
    rows = {one.says: Row() for one in REQUIREMENTS}
    for one in lives:
        for says, row in one.rows.items():
            rows[says].join(row)
    rows[PROPORTION] = proportion([(one.km_a_week, one.tolerant, one.last_minutes) for one in lives])
    return rows


def unmet(rows: dict[str, Row], least: int = LEAST) -> list[str]:
    """The requirements that are not met, or were asked for too seldom."""
    shares = {one.says: one.share for one in REQUIREMENTS}
    found = []
    for says, row in rows.items():
        asked = row.kept + row.broken
        if asked < least or row.kept < shares.get(says, 1.0) * asked - 1e-9:
            found.append(says)
    return found


def say_table(rows: dict[str, Row], say: Callable[[str], object]) -> None:
    bad = set(unmet(rows))
    say(f"{'requirement':<66} {'asked':>6} {'kept':>6} {'excused':>8}")
    for says, row in rows.items():
        mark = "  NOT MET" if says in bad else ""
        say(f"{says:<66} {row.kept + row.broken:>6} {row.kept:>6} {row.excused:>8}{mark}")
    for says in sorted(bad):
        for example in rows[says].examples[:EXAMPLES]:
            say(f"  e.g. {says}: {example}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", metavar="NAME")
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    began = time.monotonic()
    runners = (named(asked.only),) if asked.only else RUNNERS
    with ProcessPoolExecutor(asked.workers) as pool:
        # The long ones first, so that no processor waits for the last.
        engine = () if asked.rules else [pool.submit(tell, one, "engine") for one in runners if one.engine]
        rules = [pool.submit(tell, one) for one in runners]
        told = [one.result() for one in (*rules, *engine)]
    if not asked.quiet:
        for one in told:
            print("\n".join(one.diary), end="\n\n")
    rows = table(told)
    say_table(rows, print)
    print(f"\n{len(told)} lives, {time.monotonic() - began:.0f} s")
    return 1 if unmet(rows) else 0


if __name__ == "__main__":
    sys.exit(main())
