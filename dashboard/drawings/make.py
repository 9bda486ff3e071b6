"""Draws every file again: ``python -m dashboard.drawings.make`` (``make drawings``)."""

from __future__ import annotations

from pathlib import Path

from dashboard.drawings.read import names, read
from dashboard.drawings.svg import animated, still

FOLDER = Path(__file__).parent


def drawn() -> dict[str, str]:
    """Every file that the folder must hold, by name."""
    found: dict[str, str] = {}
    for name in names():
        drawing = read(name)
        found[f"{name}.svg"] = animated(drawing)
        found[f"{name}.still.svg"] = still(drawing)
    return found


def main() -> None:
    wanted = drawn()
    for old in FOLDER.glob("*.svg"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
