"""Answers to what springstep asks: the cards of Today, and the step that is offered."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from rules.facts.answers import Place
from rules.facts.card_answers import read_advice, signs_of
from rules.facts.kinds import Kind
from sync.app.cli import dates
from sync.app.cli.command import DONE, CliCommand, Context, json_flag
from sync.app.cli.entries import RACE, send
from sync.app.cli.text_format import wrapped
from sync.errors import PersonMustAct, TryLater

if TYPE_CHECKING:
    from sync.wire.footwork import Card

STEPS = {"minutes": "minutes", "two-minutes": "two-minutes", "rep": "repetition", "level": "level", "no": "decline"}
"""As it is typed → the answer to the offer."""
BY_HAND = {"minutes": "minutes", "rep": "repetition", "level": "level", "less": "less"}
SHORT_ID = 10
ANSWERS = ("0..10", "yes", "no")
"""What a question without choices may be answered with."""
SELF_CHECK = "self_check"


def _answer_arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument(
        "card",
        metavar="CARD",
        nargs="?",
    )
    parser.add_argument("value", metavar="VALUE", nargs="?")


def _answer(context: Context, given: Namespace) -> int:
    from sync.wire.commands import AnswerCard

    try:
        today = context.client.today()
        cards: Sequence[Card] | None = [*today.cards, *today.later_cards]
    except TryLater:
        # What is meant must not be lost because nobody can say just now what is asked.
        cards = None
    if given.card is None and given.json:
        context.talk.answer_json([*(cards or ())])
        return DONE
    if given.card is None:
        lines = [line for card in cards or () for line in card_lines(card)]
        context.talk.answer("\n".join(lines or [context.text("answer.nothing")]))
        return DONE
    if given.value is None:
        raise PersonMustAct("cli.answer_what", card=given.card)
    card_id = given.card
    if given.card.startswith(SELF_CHECK) and "=" in given.value:
        return _self_check(context, given)
    if cards is not None:
        card = _card(cards, given.card)
        card_id = card.card_id
        if not _may_be(card, given.value):
            raise PersonMustAct("cli.answer_which", typed=given.value, known=", ".join(values_of(card)))
    return send(context, AnswerCard(typed_utc=context.now(), card_id=card_id, answer=given.value), given)


def _self_check(context: Context, given: Namespace) -> int:
    """The self-check in one line: ``diabetes_or_numb=no,left.range_0_10=5``; what is not named is skipped."""
    from sync.app.cli.feet import READ
    from sync.wire.commands import Assess

    questions = {str(one["id"]): one for one in context.client.plan().self_check}
    feet: dict[str, dict[str, Any]] = {"left": {}, "right": {}}
    screen: dict[str, bool] = {}
    cramps: bool | None = None
    for pair in given.value.split(","):
        named, _, typed = pair.strip().partition("=")
        foot, dot, name = named.rpartition(".")
        question = questions.get(name)
        if question is None or (bool(dot) != bool(question["each_foot"])) or (dot and foot not in feet):
            known = ", ".join(f"left.{one}" if q["each_foot"] else one for one, q in questions.items())
            raise PersonMustAct("cli.no_question", typed=named, known=known)
        choices = [str(value) for value, _ in question["choices"]]
        try:
            answer = typed if typed in choices else READ[question["kind"]](typed, choices)
        except (ValueError, IndexError):
            raise PersonMustAct("cli.answer_which", typed=typed, known=", ".join(choices or ANSWERS)) from None
        if dot:
            feet[foot][name] = answer
        elif question["kind"] == "screen":
            screen[name] = bool(answer)
        else:
            cramps = bool(answer)
    now = context.now()
    day = dates.local_day(now, context.athlete.zone)
    check = Assess(typed_utc=now, day=day, left=feet["left"], right=feet["right"], night_cramps=cramps, screen=screen)
    return send(context, check, given)


def _card(cards: Sequence[Card], typed: str) -> Card:
    """Raises PersonMustAct for none and for several."""
    whole = [card for card in cards if card.card_id == typed]
    found = whole or [card for card in cards if card.card_id.startswith(typed)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise PersonMustAct("cli.no_card", typed=typed)
    raise PersonMustAct("cli.many_cards", typed=typed, cards=", ".join(short_id(card) for card in found))


def values_of(card: Card) -> list[str]:
    """What the card may be answered with."""
    told = [value for value, _ in card.answers]
    if card.kind == "pain":
        told = ["PLACE=0..10"]
    elif card.kind == "ask-kind":
        told = [str(kind) for kind in Kind]
    elif card.kind == "ask-plan":
        told = [*told, RACE]
    elif card.kind == "professional":
        told = ["carry-on", "lighter", "stop-until:DAY", "only:DRILL+DRILL"]
    elif card.kind == "self-check":
        told = ["QUESTION=ANSWER,…"]
    return [*told, *(value for value, _ in card.put_off)]


def _may_be(card: Card, typed: str) -> bool:
    if typed in values_of(card):
        return True
    if card.kind == "big-toe":
        return signs_of(typed) is not None
    if card.kind == "professional":
        return read_advice(typed, date.min) is not None
    if card.kind != "pain":
        return False
    place, _, score = typed.rpartition("=")
    return score.isdecimal() and int(score) <= 10 and (not place or place in set(Place))


def short_id(card: Card) -> str:
    """As much of the id as is typed easily."""
    head, colon, rest = card.card_id.partition(":")
    return card.card_id if len(rest) <= SHORT_ID else head + colon + rest[:8]


def card_lines(card: Card) -> list[str]:
    """The question, then the command that answers it."""
    told = [wrapped(f"? {card.says}", hanging=2)]
    values = values_of(card)
    if card.kind == "self-check":
        # Question by question; what all of them take on one line is for programs.
        told.append(wrapped("springstep assess", 2))
        values = [value for value, _ in card.put_off]
    told.append(wrapped(f"springstep answer {short_id(card)} {'|'.join(values)}", 2, hanging=2))
    return [*told, pain_command()] if card.kind == "pain" else told


def pain_command() -> str:
    """The command that answers where it hurts and how much, on a line of its own, then what may stand in it."""
    places = ", ".join(Place)
    return "\n".join(["  springstep log soreness N --where PLACE", wrapped(f"N: 0..10  PLACE: {places}", 2, hanging=2)])


def _step_arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument("step", metavar="STEP", choices=(*STEPS, "less"))
    parser.add_argument("--by-hand", action="store_true")


def _step(context: Context, given: Namespace) -> int:
    from sync.wire.commands import ChooseStep, SetDose

    now = context.now()
    if given.by_hand or given.step == "less":
        by_hand: Mapping[str, str] = BY_HAND
        if given.step not in by_hand:
            raise PersonMustAct("cli.step_by_hand", known=", ".join(by_hand))
        day = dates.local_day(now, context.athlete.zone)
        return send(context, SetDose(typed_utc=now, day=day, step=by_hand[given.step]), given)  # type: ignore[arg-type]
    dose = context.client.today().dose
    if dose.offer is None:
        raise PersonMustAct("cli.no_offer")
    if STEPS[given.step] not in dose.choices:
        known = ", ".join(name for name, choice in STEPS.items() if choice in dose.choices)
        raise PersonMustAct("cli.step_which", typed=given.step, known=known)
    choice = ChooseStep(typed_utc=now, change_id=dose.offer.change_id, choice=STEPS[given.step])  # type: ignore[arg-type]
    return send(context, choice, given)


COMMANDS = (
    CliCommand("answer", _answer, _answer_arguments),
    CliCommand("step", _step, _step_arguments),
)
