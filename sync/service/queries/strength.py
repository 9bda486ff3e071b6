"""The strength card as the pages show it: today's, where one is due or was told, and how the week stands."""

from __future__ import annotations

from rules.facts.foot_work import Dose
from rules.knowledge.may_say import LOADED
from rules.knowledge.strength import StrengthDrill
from rules.plan.strength import StrengthCard, card_id, strength_card
from rules.state.feet import FootState
from rules.text import Language
from sync.service.messages import reason_says
from sync.service.queries.footwork_views import reason_view, sets_say
from sync.wire.footwork import DrillView, StrengthView


def strength_view(state: FootState, language: Language) -> StrengthView | None:
    """None while it is not wished for, and on days without a card."""
    card = strength_card(state)
    if card is None or not (card.due or card.told):
        return None
    return StrengthView(
        card_id=card_id(card.day),
        day=card.day,
        title=language.say("strength.title"),
        when=language.say("strength.when"),
        minutes=card.minutes,
        drills=[_drill_view(one, language) for one in card.drills],
        reasons=[reason_view(card.reason, language)],
        warnings=[language.say("reason.stop_sharp"), language.say("reason.stop_scale")],
        told=card.told,
        week=_week(card, language),
        done=card.done,
        asked=card.asked,
        evidence=language.say("strength.evidence"),
    )


def strength_says(state: FootState, language: Language) -> str:
    """How the week stands and why there is a card today or none; empty while it is not wished for."""
    card = strength_card(state)
    return "" if card is None else f"{_week(card, language)} {reason_says(card.reason, language)}"


def _week(card: StrengthCard, language: Language) -> str:
    return language.say("strength.week", done=card.done, asked=card.asked)


def _drill_view(one: StrengthDrill, language: Language) -> DrillView:
    def text(part: str) -> str:
        return language.say(f"strength.{one.drill_id}.{part}")

    dose = Dose(one.sets, one.reps, one.hold_s, one.per_side, one.seconds, one.rest_s)
    says = sets_say(dose, language)
    return DrillView(
        drill=one.drill_id,
        name=text("name"),
        dose=language.say("strength.per_side", dose=says) if one.per_side else says,
        seconds=dose.seconds,
        sets=dose.sets,
        reps=dose.reps,
        hold_s=dose.hold_s,
        per_side=dose.per_side,
        how=text("how"),
        cue=text("cue"),
        breath=text("breath"),
        feel=text("feel"),
        stop=text("stop"),
        equipment=[],
        facts=list(one.origin.facts),
        rest_s=dose.rest_s,
        family=one.part,
        element="strengthen",
        load=LOADED if one.loads_the_foot else 0,
    )
