"""Every text as a table: its key, what it said at an older commit, what it says now, and the German.

    python -m bench.texts [--since COMMIT] [--changed] [--draw N --seed SEED] [OUT]

What `make texts` runs; it writes texts.md, which git ignores. ``--changed`` keeps the texts that differ, the most
changed first; ``--draw`` takes as many keys at random and prints the seed. A text of several forms shows them all.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import tomllib
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("rules/knowledge/language", "dashboard/language")
HEAD = ("key", "before", "now", "German")


def flat(table: Mapping[str, Any], above: str = "") -> dict[str, str]:
    """The texts of one file by key; of a text with forms all of them."""
    found: dict[str, str] = {}
    for key, value in table.items():
        if not isinstance(value, dict):
            found[above + key] = str(value)
        elif isinstance(value.get("text"), str):
            found[above + key] = value["text"]
        elif isinstance(value.get("count"), str) and "other" in value:
            found[above + key] = " / ".join(f"{form}: {text}" for form, text in value.items() if form != "count")
        else:
            found |= flat(value, f"{above}{key}.")
    return found


def texts(code: str) -> dict[str, str]:
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).glob(f"*.{code}.toml"))]
    return {key: text for path in paths for key, text in flat(tomllib.loads(path.read_text("utf-8"))).items()}


def texts_at(commit: str, code: str) -> dict[str, str]:
    """The same as ``commit`` had them. Raises CalledProcessError for a commit that is not there."""
    listed = git("ls-tree", "--name-only", commit, *(f"{folder}/" for folder in FOLDERS)).split()
    found: dict[str, str] = {}
    for path in listed:
        if path.endswith(f".{code}.toml"):
            found |= flat(tomllib.loads(git("show", f"{commit}:{path}")))
    return found


def git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def change(before: str, now: str) -> float:
    """0 for the same text, 1 for nothing in common."""
    return 1 - SequenceMatcher(None, before, now, autojunk=False).ratio()


def table(rows: list[tuple[str, str, str, str]]) -> str:
    lines = [HEAD, ("---",) * len(HEAD), *rows]
    return "".join(
        f"| {' | '.join(cell.replace('|', '¦').replace(chr(10), ' ⏎ ') for cell in row)} |\n" for row in lines
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.texts")
    parser.add_argument("out", type=Path, nargs="?", default=ROOT / "texts.md")
    parser.add_argument("--since", default="HEAD~20", help="compare with this commit (default: HEAD~20)")
    parser.add_argument("--changed", action="store_true", help="keep only what differs, the most changed first")
    parser.add_argument("--draw", type=int, help="draw this many keys")
    parser.add_argument("--seed", type=int, help="draw the same keys again")
    given = parser.parse_args()
    before, now, german = texts_at(given.since, "en"), texts("en"), texts("de")
    keys = list(now)
    if given.changed:
        keys = [key for key in keys if key in before and before[key] != now[key]]
        keys.sort(key=lambda key: -change(before[key], now[key]))
    if given.draw:
        seed = random.randrange(10**6) if given.seed is None else given.seed
        print(f"seed {seed}")
        keys = (
            sorted(random.Random(seed).sample(keys, min(given.draw, len(keys))))
            if not given.changed
            else keys[: given.draw]
        )
    given.out.write_text(table([(key, before.get(key, "–"), now[key], german.get(key, "–")) for key in keys]), "utf-8")
    print(f"{given.out}: {len(keys)} texts")


if __name__ == "__main__":
    main()
