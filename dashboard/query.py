"""What the page's address says behind its "?": read, and written by a tap.

Streamlit keeps one copy of it for all that runs for a browser. A run of the script that is just ending, or one asked
for before the tap, brings that copy back to what stood there before; then the tap would be lost. So what a tap wrote
holds for a moment, as long as the address is still the one of before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic

import streamlit as st

SETTLES_S = 4.0
"""So long after the run of the script that a tap began the address of before may still come; then it alone counts, so
that *Back* leads back."""
_TAPPED = "query:tapped"


@dataclass(frozen=True, slots=True)
class Tapped:
    """What a tap wrote, the addresses that may still come from before it, and how often the script began since.

    ``at_s`` is when it first did.
    """

    before: tuple[dict[str, str], ...]
    after: dict[str, str]
    runs: int = 0
    at_s: float = 0.0


def now() -> dict[str, str]:
    return said(st.query_params.to_dict(), st.session_state.get(_TAPPED), monotonic())


def get(name: str) -> str | None:
    return now().get(name)


def said(stands: dict[str, str], tapped: Tapped | None, at_s: float) -> dict[str, str]:
    """What counts: the address as it ``stands``, or what the last tap wrote while that has not arrived in it."""
    if tapped is None or stands not in tapped.before:
        return stands
    return tapped.after if tapped.runs <= 1 or at_s - tapped.at_s < SETTLES_S else stands


def begin() -> None:
    """The script begins anew: first of all because of the tap, then for whatever reason."""
    tapped = st.session_state.get(_TAPPED)
    if tapped is not None:
        at_s = tapped.at_s if tapped.runs else monotonic()
        st.session_state[_TAPPED] = replace(tapped, runs=tapped.runs + 1, at_s=at_s)


def write(**values: str | None) -> None:
    """For a tap. None takes a name out; names that are not given stay, an earlier tap's too that has not arrived."""
    stands, counts = st.query_params.to_dict(), now()
    after = {name: value for name, value in {**counts, **values}.items() if value is not None}
    st.query_params.from_dict(after)
    st.session_state[_TAPPED] = Tapped((stands,) if counts == stands else (stands, counts), after)


def clear() -> None:
    """For a tap: nothing stands there any more."""
    write(**dict.fromkeys(now()))


def hold(name: str, value: str) -> None:
    """Let the browser's address say what the page shows.

    A link from a page to the same page tells the server alone: without this the next tap would ask
    with the address of before, and lead back to what was left.
    """
    st.query_params[name] = value
