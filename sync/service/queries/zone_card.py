"""The one question about runs that were stored with home's clock and lie in another zone."""

from __future__ import annotations

from rules.text import Language
from sync.runs import zone_changes
from sync.service.handlers.runs import ZONES
from sync.service.queries.context import QueryContext
from sync.wire.footwork import Card


def zone_cards(asking: QueryContext, language: Language) -> list[Card]:
    """One card while it is open, else none. Its id stays the same until it is answered."""
    asked = zone_changes.question(asking.store, asking.athlete)
    if asked is None:
        return []
    zone = asked.zone.rpartition("/")[2].replace("_", " ")
    key = "answer.card_zone" if asked.runs == 1 else "answer.card_zones"
    says = language.say(key, count=asked.runs, zone=zone, day=asked.day)
    answers = [("yes", language.say("answer.yes")), ("no", language.say("answer.no"))]
    return [Card(card_id=f"{ZONES}{asked.newest}", kind="zones", says=says, answers=answers)]
