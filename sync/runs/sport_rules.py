"""What the runner said of words for sports: "these are runs" holds for all activities of that word, now and later.

The answer to a word's card is the rule: it is typed, so it survives every rebuild, and it is applied when copies are
clustered, never written into what a file or service said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rules.classify.what_is_a_run import asks_about_word
from rules.facts.recorded import Recording
from sync.formats.sport_heard import SPORT_WORD, word_key
from sync.storage import recordings, typed
from sync.storage.database import Store
from sync.storage.rows.arrived import IdentityRow

CARD = "sport-word:"
"""What a word's card is called, before the word."""
Said = Mapping[str, bool]
"""Whether the activities of a word are runs, by word."""


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word for a sport that nobody knows; ``inferred`` when its activities are shown as runs until it is answered."""

    word: str
    count: int
    newest_utc: datetime
    inferred: bool


def said_words(store: Store, athlete_id: str) -> dict[str, bool]:
    """The runner's answers by word, each the latest."""
    return {
        word_key(row.card_id.removeprefix(CARD)): row.answer == "yes"
        for row in typed.card_answers(store, athlete_id)
        if row.card_id.startswith(CARD)
    }


def sport_by(word: str | None, sport: str | None, said: Said) -> str | None:
    """The sport of a recording that was named by ``word``, after the runner's answer."""
    if word is None or word not in said:
        return sport
    return "running" if said[word] else word


def recording_by(recording: Recording, said: Said) -> Recording:
    """The recording as the runner's answer has it: with an answer nothing is inferred any more."""
    word = word_of(recording)
    if word is None or word not in said:
        return recording
    return replace(recording, sport=sport_by(word, recording.sport, said), sport_inferred=False)


def readable(word: str) -> str:
    return word_key(word).replace("_", " ")


def word_of(recording: Recording) -> str | None:
    word = recording.extra.get(SPORT_WORD)
    return word if isinstance(word, str) else None


def open_word(whole: Recording, copies: Iterable[Recording]) -> str | None:
    """The word that alone says that an activity is a run; None where a copy or the runner says it."""
    if not whole.sport_inferred:
        return None
    return next((word for one in copies if one.sport_inferred and (word := word_of(one)) is not None), None)


def asked_words(store: Store, athlete_id: str) -> list[AskedWord]:
    """Words that nobody knows and the runner has not answered, the one with most activities first.

    An activity that another copy names, or of which the runner said what it was, asks for no word.
    """
    said = said_words(store, athlete_id)
    told = {row.activity_id for row in typed.corrections(store, athlete_id) if row.is_run is not None}
    by_activity: dict[str, list[IdentityRow]] = defaultdict(list)
    for row in recordings.identities(store, athlete_id):
        if not row.removed:
            by_activity[row.activity_id].append(row)
    found: dict[str, list[Sequence[IdentityRow]]] = defaultdict(list)
    for activity_id, rows in by_activity.items():
        named = [row.sport for row in rows if row.sport_word is None and not row.sport_inferred]
        words = {row.sport_word for row in rows if row.sport_word is not None and row.sport_word not in said}
        if asks_about_word(words, named, told=activity_id in told):
            found[min(word for word in words if word is not None)].append(rows)
    asked = [
        AskedWord(
            word,
            len(groups),
            max(row.start_utc for rows in groups for row in rows),
            any(row.sport_inferred for rows in groups for row in rows),
        )
        for word, groups in found.items()
    ]
    return sorted(asked, key=lambda one: (-one.count, one.word))


def activities_of(store: Store, athlete_id: str, word: str) -> list[str]:
    """A recording of each activity that holds one named by ``word``, however it is written."""
    key = word_key(word)
    return sorted(row.recording_id for row in recordings.identities(store, athlete_id) if row.sport_word == key)
