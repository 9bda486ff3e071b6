"""Which words for a sport are known: services invent new ones every year, and nothing is dropped without a word."""

from __future__ import annotations

from rules.facts.sports import CHOSEN, UNKNOWN
from sync.formats.services import garmin_json, strava_json
from sync.formats.sport_heard import heard_word
from sync.formats.sport_words import EXACT

KNOWN = CHOSEN.union(
    *({sport for sport, _ in table.values()} for table in (garmin_json.SPORTS, strava_json.SPORTS, EXACT)),
    garmin_json.PARENTS.values(),
)


def is_unknown_word(sport: str | None) -> bool:
    """Whether a service named a sport by a word that is in none of the tables and that no word in it explains."""
    return sport is not None and sport not in KNOWN and sport not in UNKNOWN and heard_word(sport) == "unknown"
