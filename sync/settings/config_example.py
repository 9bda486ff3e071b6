"""Where the example of a config lies, which holds every key with its default."""

from __future__ import annotations

from pathlib import Path

from sync.errors import PersonMustAct

EXAMPLE = "config.example.toml"


def example_path() -> Path:
    """``config.example.toml``: in the package in a wheel, at the top of the tree elsewhere."""
    package = Path(__file__).parent.parent
    found = next((path for path in (package / EXAMPLE, package.parent / EXAMPLE) if path.exists()), None)
    if found is None:
        raise PersonMustAct("settings.no_example", file=EXAMPLE)
    return found


def example_text() -> str:
    return example_path().read_text(encoding="utf-8")
