"""What a case expects beside what was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def compare(expect: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """What differs. ``x_have`` and ``x_lack`` look into a list, ``x_most`` and ``x_least`` compare numbers; a mapping
    compares the keys that it names."""
    wrong: list[str] = []
    for key, value in expect.items():
        name, _, how = key.rpartition("_")
        if key not in found and how in ("have", "lack", "most", "least") and name in found:
            got = found[name]
            values = value if isinstance(value, list) else [value]
            if how == "have" and not set(values) <= set(got):
                wrong.append(f"{name} {got} lacks {sorted(set(values) - set(got))}")
            if how == "lack" and set(values) & set(got):
                wrong.append(f"{name} {got} has {sorted(set(values) & set(got))}")
            if how == "most" and got > value:
                wrong.append(f"{name} is {got}, at most {value} expected")
            if how == "least" and got < value:
                wrong.append(f"{name} is {got}, at least {value} expected")
        elif isinstance(value, Mapping) and isinstance(found.get(key), Mapping):
            wrong += [f"{key}: {text}" for text in compare(value, found[key])]
        elif key not in found:
            wrong.append(f"nothing is called {key!r}")
        elif found[key] != value:
            wrong.append(f"{key} is {found[key]!r}, {value!r} expected")
    return wrong
