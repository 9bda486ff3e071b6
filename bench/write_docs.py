"""The command lists of docs/operating.md and docs/design.md, written from the command line itself.

python -m bench.write_docs        what `make papers` runs; a test holds both equal to `--help`
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from rules.text import load_language
from sync.app.cli.main import parser
from sync.settings.atomic_files import atomic_write

ROOT = Path(__file__).resolve().parent.parent
PAPERS = ("docs/operating.md", "docs/design.md")


def command_list() -> list[str]:
    """One line a command: its usage without the flags that every command has, and what it does."""
    (commands,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    english = load_language("en")
    lines = []
    for name, one in commands.choices.items():
        usage = " ".join(one.format_usage().split()).removeprefix("usage: ")
        for flag in ("[-h]", "[--home DIR]", "[--config FILE]", "[--athlete NAME]"):
            usage = usage.replace(flag + " ", "").replace(" " + flag, "")
        lines += [usage, f"    {english.say(f'help.{name}.does')}"]
    return lines


def with_list(text: str, lines: list[str]) -> str:
    """``text`` with ``lines`` in the code block after its ``<!-- commands`` comment."""
    block = "```\n" + "\n".join(lines) + "\n```"
    return re.sub(r"(<!-- commands[^\n]*\n)```\n.*?```", lambda found: found[1] + block, text, count=1, flags=re.DOTALL)


def main() -> None:
    for name in PAPERS:
        path = ROOT / name
        atomic_write(path, with_list(path.read_text("utf-8"), command_list()).encode(), mode=0o644)


if __name__ == "__main__":
    main()
