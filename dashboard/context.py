"""Where the pages ask and hand in: one athlete's client, words and pages for one run of the script."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st

from dashboard.format import Words
from rules.text import DRAFTS, languages
from sync.service.client import Client
from sync.settings.config import Athlete, Config
from sync.settings.listening import ADDRESS_IN_SURROUNDINGS
from sync.settings.live_config import LiveConfig
from sync.settings.paths import DataDir, find
from sync.wire.commands import Receipt, TypedCommand

_Answer = TypeVar("_Answer")
PATIENCE_S = 0.2
"""A slower answer shows a skeleton."""

CHOSEN = "runner"
"""The word in the address that names the runner, where a household needs no passwords."""

WEIGHT = re.compile(r"[01](\.[0-9]{0,3})?")
"""How much a browser wants a language (RFC 9110)."""

_WEEK_START = {"monday": 0, "saturday": 5, "sunday": 6}
_waiters = ThreadPoolExecutor(max_workers=16, thread_name_prefix="ask")


@dataclass(frozen=True, slots=True)
class PageContext:
    client: Client
    words: Words
    athlete: Athlete
    athletes: tuple[Athlete, ...]
    now_utc: Callable[[], datetime]
    pages: Mapping[str, Any] = field(default_factory=dict)
    meanwhile: Callable[[], None] = lambda: None
    """What else the page shows while an answer is slow."""
    stands: Callable[[], bool] = lambda: False
    """Whether the page is only drawn anew: then what stood there stays until the answer is here."""

    def ask(self, question: Callable[[], _Answer]) -> _Answer:
        """The answer; while it takes longer than a blink a skeleton stands in its place on a page that is new.

        Its place is always taken, so that nothing below moves to another under the thumb when an answer is slow.
        """
        waiting, place = _waiters.submit(question), st.empty()
        try:
            return waiting.result(PATIENCE_S)
        except NotYet:
            self.meanwhile()
            if self.stands():
                return waiting.result()
            with place.container():
                for height in (90, 160, 120):
                    st.skeleton(height=height)
            try:
                return waiting.result()
            finally:
                place.empty()

    def today(self) -> date:
        """The runner's own day."""
        return self.now_utc().replace(tzinfo=UTC).astimezone(self.athlete.zone).date()

    def send(self, command: TypedCommand, *, about: str) -> Receipt:
        """Hand in what the runner typed; the receipt is kept under ``about`` so that the page can show it."""
        receipt = self.client.send(command)
        st.session_state[f"receipt:{about}"] = receipt
        st.session_state[f"waiting:{about}"] = command if receipt.waiting else None
        return receipt

    def receipt(self, about: str) -> Receipt | None:
        """What became of the last command about that. One that waited and does no longer is asked about once more."""
        receipt: Receipt | None = st.session_state.get(f"receipt:{about}")
        command = st.session_state.get(f"waiting:{about}")
        if receipt is None or command is None or self.client.waits(receipt.command_id):
            return receipt
        receipt = self.send(command, about=about)
        if receipt.stored and receipt.again:  # the runner sent it once
            receipt = st.session_state[f"receipt:{about}"] = receipt.model_copy(update={"says": receipt.said})
        return receipt

    def forget(self, about: str) -> None:
        st.session_state.pop(f"receipt:{about}", None)
        st.session_state.pop(f"waiting:{about}", None)


def now_utc() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def words_of(athlete: Athlete) -> Words:
    return _words(athlete, athlete.language)


def _words(athlete: Athlete, language: str) -> Words:
    return Words.of(language, units=athlete.units, clock=athlete.clock, week_start=_WEEK_START[athlete.week_start])


def words_for(athlete: Athlete, accepts: str) -> Words:
    """For whoever has not signed in: the language that their browser wants most and that we speak, else that runner's.

    A draft is never chosen for anyone.

    ``accepts`` is the header ``Accept-Language``.
    """
    wanted, signed = [], set(languages()) - DRAFTS
    for number, part in enumerate(accepts.split(",")):
        name, _, weight = part.partition(";")
        share = weight.strip().removeprefix("q=") or "1"
        code = name.strip().partition("-")[0].lower()
        if code in signed and WEIGHT.fullmatch(share) and float(share) > 0:
            wanted.append((-float(share), number, code))
    return _words(athlete, min(wanted)[2] if wanted else athlete.language)


def open_context(config: Config, home: DataDir, athletes: tuple[Athlete, ...]) -> PageContext:
    """The context of the athlete this browser has chosen among those it may see, or of the first one.

    Who was chosen stands in the address, so that a reload or a bookmark finds them again.
    """
    chosen = st.session_state.get("athlete") or st.query_params.get(CHOSEN)
    athlete = next((one for one in athletes if one.id == chosen), athletes[0])
    st.session_state["athlete"] = athlete.id
    if athlete != athletes[0] and st.query_params.get(CHOSEN) != athlete.id:
        st.query_params[CHOSEN] = athlete.id
    elif athlete == athletes[0]:
        st.query_params.pop(CHOSEN, None)
    client = Client(home, athlete=athlete.id, now=now_utc, config=config)
    return PageContext(client, words_of(athlete), athlete, athletes, now_utc)


def settings() -> tuple[Config, DataDir]:
    """The config next to the store, or its defaults when there is none.

    While an edit of it is invalid, the last valid ones: `config_mistakes` says what is wrong.
    """
    home = find(None, os.environ)
    return _live(_config_path(home), home.settings_in_force).look(), home


def config_mistakes() -> tuple[str, ...]:
    """What is wrong with the file as it is now."""
    home = find(None, os.environ)
    return _live(_config_path(home), home.settings_in_force).mistakes


def _config_path(home: DataDir) -> Path:
    return Path(os.environ.get("SPRINGSTEP_CONFIG") or home.config)


@lru_cache(maxsize=4)
def _live(path: Path, kept: Path) -> LiveConfig:
    """Where and how this process listens stays as it was at its start, and with it whether the page asks for a sign-in
    and which cookie lets a browser in."""
    started = LiveConfig(path, kept=kept).look().dashboard
    listening = os.environ.get(ADDRESS_IN_SURROUNDINGS) or started.address

    def as_it_listens(from_file: Config) -> Config:
        page = from_file.dashboard.model_copy(update={"certificate": started.certificate, "key": started.key})
        return from_file.model_copy(update={"dashboard": page}).listening_at(listening)

    return LiveConfig(path, adapt=as_it_listens, kept=kept)
