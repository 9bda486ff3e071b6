"""Cards: what the runner may answer. Each has an id, a sentence, and answers to tap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rules.facts.answers import DrillAnswer
from rules.facts.card_answers import CARRY_ON, LIGHTER, NEVER, NONE, NOT_NOW, ONLY, SIGNS, STOP
from rules.facts.foot_work import Reason
from rules.facts.kinds import Kind
from rules.plan.cards import asked_of_coming, self_checked
from rules.plan.plan import Plan as Work
from rules.state.advice import CARD as PROFESSIONAL
from rules.state.big_toe import CARD as BIG_TOE
from rules.state.feet import FootState
from rules.state.put_off import WENT_CARD, asked_today
from rules.state.seen import FEELS
from rules.text import Language
from sync.service.footwork_state import FEEL_CARD
from sync.service.handlers.cards import PAIN_CARD, PLAN_CARD, SILENT
from sync.service.messages import reason_says
from sync.service.queries import sport_words
from sync.service.queries.context import QueryContext
from sync.service.queries.dates import local_time
from sync.service.queries.zone_card import zone_cards
from sync.service.watch_sessions import CARD as WORK_CARD
from sync.service.watch_sessions import candidates
from sync.storage import recordings
from sync.storage.footwork import FootworkRepository
from sync.storage.rows.arrived import ActivityRow, QuestionRow, ToldRow
from sync.wire.footwork import Card

"""About recordings, newest first: an old archive may raise dozens, and a page of them is nagging."""
RED_FLAG = "red_flag"
PLANNED_KINDS = (Kind.EASY, Kind.TEMPO, Kind.LONG, Kind.HILLS)
ADVICE = (CARRY_ON, LIGHTER, STOP, ONLY)
ANSWERED_ELSEWHERE = frozenset({"step_offer"})
"""Shown with the dose, where the runner chooses."""


@dataclass(frozen=True, slots=True)
class Cards:
    """Of all that may be asked, what is asked today: what safety asks, and one card more."""

    today: list[Card]
    later: list[Card]
    """Open too, and asked on other days or by whoever looks for them."""


def cards_of(asking: QueryContext, state: FootState, work: Work, language: Language) -> Cards:
    """What was answered is gone, and so is what was put off."""
    every = {
        card.card_id: card.model_copy(update={"put_off": _put_off(language)})
        for card in _open(asking, state, work, language)
    }
    today, later = asked_today(every, state.card_answers, state.today, state.thresholds, had_card=self_checked(state))
    return Cards([every[name] for name in today], [every[name] for name in later])


def _put_off(language: Language) -> list[tuple[str, str]]:
    return [(NOT_NOW, language.say("answer.not_now")), (NEVER, language.say("answer.never"))]


def _open(asking: QueryContext, state: FootState, work: Work, language: Language) -> list[Card]:
    """The foot work's cards, work that a watch recorded, then questions about recordings; those answered are gone."""
    repository = FootworkRepository(asking.store, asking.athlete.id)
    answered = {row.card_id for row in repository.card_answers()}
    found = [
        _card(reason, state, language)
        for reason in work.cards
        if not reason.key.startswith(RED_FLAG) and reason.key not in ANSWERED_ELSEWHERE
    ]
    found += _coming(state, language)
    found += zone_cards(asking, language)
    found += [_recorded(row, asking, language) for row in candidates(asking.store, asking.athlete, state)]
    open_ = [row for row in repository.questions() if _question_id(row) not in answered]
    asked = open_[: state.thresholds.questions_at_once]
    words = sport_words.cards(asking, language)[: state.thresholds.questions_at_once]
    return [*(card for card in found if card.card_id not in answered), *words, *_questions(asked, asking, language)]


def _card(reason: Reason, state: FootState, language: Language) -> Card:
    run_id = str(reason.values["run"]) if reason.values.get("run") else None
    says = reason_says(reason, language)
    match reason.key:
        case "ask_feel":
            feels = [(str(feel), language.say(f"feel.{feel}")) for feel in FEELS]
            return Card(card_id=f"{FEEL_CARD}{run_id}", kind="feel", says=says, answers=feels, run_id=run_id)
        case "ask_went":
            said = [(answer.value, language.say(f"went.{answer}")) for answer in DrillAnswer]
            card_id = f"{WENT_CARD}:{reason.values['session']}"
            return Card(card_id=card_id, kind="went", says=says, answers=said, facts=list(reason.facts))
        case "ask_pain":
            card_id = f"{PAIN_CARD}{reason.values['session']}"
            return Card(card_id=card_id, kind="pain", says=says, facts=list(reason.facts))
        case "big_toe_first" | "big_toe_again" | "big_toe_named":
            signs = [(sign, language.say(f"big_toe.{sign.replace('-', '_')}")) for sign in (*SIGNS, NONE)]
            card_id = f"{BIG_TOE}:{state.today}"
            return Card(card_id=card_id, kind="big-toe", says=says, answers=signs, facts=list(reason.facts))
        case "professional" | "professional_again":
            said = [(word, language.say(f"professional.{word.replace('-', '_')}")) for word in ADVICE]
            card_id = f"{PROFESSIONAL}:{reason.values['flag']}"
            return Card(card_id=card_id, kind="professional", says=says, answers=said, facts=list(reason.facts))
        case "silent":
            said = [(word, language.say(f"silent.{word.replace('-', '_')}")) for word in SILENT]
            card_id = f"{reason.key}:{reason.values['day']}"
            return Card(card_id=card_id, kind="silent", says=says, answers=said, facts=list(reason.facts))
        case "ask_kind":
            return Card(card_id=f"kind:{run_id}", kind="ask-kind", says=says, run_id=run_id, facts=list(reason.facts))
        case key if key.startswith("self_check"):
            return Card(card_id=f"{key}:{state.today}", kind="self-check", says=says, facts=list(reason.facts))
        case key:
            seen = [("seen", language.say("answer.seen"))]
            return Card(
                card_id=f"{key}:{_week(reason.values.get('day', state.today))}",
                kind=key,
                says=says,
                answers=seen,
                facts=list(reason.facts),
            )


def _coming(state: FootState, language: Language) -> list[Card]:
    """What only the runner knows of today and tomorrow: what a calendar's run is, and whether a habit holds."""
    found = []
    for one in asked_of_coming(state):
        if one.kind is None:
            says = language.say("answer.card_plan", day=one.day, title=one.title or "")
            answers = [(str(kind), language.say(f"kind.{kind}")) for kind in PLANNED_KINDS]
        else:
            says = language.say("answer.card_habit", day=one.day, percent=round(100 * one.probability))
            answers = [(str(Kind.TEMPO), language.say("answer.yes")), (str(Kind.EASY), language.say("answer.no"))]
        found.append(Card(card_id=f"{PLAN_CARD}{one.day}", kind="ask-plan", says=says, answers=answers, facts=["M15"]))
    return found


def _week(day: date) -> str:
    """A card comes once a week; one about a run, in the run's week."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _recorded(row: ActivityRow, asking: QueryContext, language: Language) -> Card:
    at = local_time(row.start_utc, asking.athlete.zone)
    says = language.say("answer.card_was_work", minutes=_minutes(row), day=at.date(), hour=f"{at:%H:%M}")
    return Card(card_id=f"{WORK_CARD}{row.activity_id}", kind="was-work", says=says, answers=_yes_or_no(language))


def _yes_or_no(language: Language) -> list[tuple[str, str]]:
    return [("yes", language.say("answer.yes")), ("no", language.say("answer.no"))]


def _minutes(row: ActivityRow | ToldRow) -> int:
    return max(1, round(row.elapsed_s / 60))


def _question_id(row: QuestionRow) -> str:
    return f"{row.kind}:{row.question_id}"


def _questions(rows: list[QuestionRow], asking: QueryContext, language: Language) -> list[Card]:
    ids = [one for row in rows for one in (row.recording_a, row.recording_b) if one is not None]
    told = recordings.told(asking.store, asking.athlete.id, ids) if ids else {}
    return [_question(row, told, asking, language) for row in rows]


def _question(row: QuestionRow, told: Mapping[str, ToldRow], asking: QueryContext, language: Language) -> Card:
    day = local_time(row.start_utc, asking.athlete.zone).date()
    a, b = told.get(row.recording_a), told.get(row.recording_b or "")
    if row.kind != "same-run":
        says = language.say("answer.card_is_run", day=day)
    elif a is None or b is None:
        says = language.say("answer.card_merge", day=day)
    else:
        first, second = (_copy(one, asking, language) for one in (a, b))
        says = language.say("answer.card_merge_two", day=day, a=first, b=second)
    return Card(
        card_id=_question_id(row),
        kind=row.kind,
        says=says,
        answers=_yes_or_no(language),
        run_id=row.recording_a,
        other_id=row.recording_b,
    )


def _copy(row: ToldRow, asking: QueryContext, language: Language) -> str:
    """ "07:12, 48 min (morning.fit)": what the runner can tell two recordings by."""
    at = local_time(row.start_utc, asking.athlete.zone)
    source = f"source.name.{row.source}"
    name = row.name or row.device or (language.say(source) if source in language else row.source)
    return language.say("answer.card_copy", hour=f"{at:%H:%M}", minutes=_minutes(row), name=name)
