"""Words for sports that nobody knows: the question about each, and its line on the status page."""

from __future__ import annotations

from rules.text import Language
from sync.runs import sport_rules
from sync.runs.sport_rules import AskedWord
from sync.service.queries.context import QueryContext
from sync.wire.footwork import Card
from sync.wire.tasks import ProblemLine


def cards(asking: QueryContext, language: Language) -> list[Card]:
    """One question a word: are these runs? The answer holds for all of them."""
    answers = [("yes", language.say("answer.yes")), ("no", language.say("answer.no"))]
    return [
        Card(card_id=f"{sport_rules.CARD}{one.word}", kind="sport-word", says=says(one, language), answers=answers)
        for one in _asked(asking)
    ]


def problem_lines(asking: QueryContext, language: Language) -> list[ProblemLine]:
    """Each word by its name, with how to answer."""
    return [
        ProblemLine(
            problem_id=f"{sport_rules.CARD}{one.word}",
            source="file",
            name=sport_rules.readable(one.word),
            reason=says_whole(one, language),
            first_seen_utc=one.newest_utc,
            last_seen_utc=one.newest_utc,
        )
        for one in _asked(asking)
    ]


def says(one: AskedWord, language: Language) -> str:
    key = "answer.card_sport_word_run" if one.inferred else "answer.card_sport_word"
    return language.say(key, count=one.count, word=sport_rules.readable(one.word))


def says_whole(one: AskedWord, language: Language) -> str:
    """The question with how to answer it."""
    return f"{says(one, language)} {language.say('answer.sport_word_do', word=one.word)}"


def _asked(asking: QueryContext) -> list[AskedWord]:
    who = asking.athlete.id
    return asking.store.cached(("asked_words", who), lambda: sport_rules.asked_words(asking.store, who))
