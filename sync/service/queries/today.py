"""Today: the latest run and its kind, the foot work that fits, and what to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rules.facts.foot_work import DiaryEntry, Prescription, Reason, SessionDone, Window
from rules.insight import wins
from rules.plan.plan import Plan as Work
from rules.plan.plan import plan
from rules.state.diary import likely_when
from rules.state.feet import FootState
from rules.state.safety import open_flags
from rules.state.week import sessions_by_prescription
from rules.text import Language, load_language
from sync.service.footwork_state import load_state
from sync.service.import_summary import to_read
from sync.service.messages import in_words, reason_says
from sync.service.queries.cards import cards_of
from sync.service.queries.context import QueryContext, query
from sync.service.queries.dates import clock_here, local_time, now_local
from sync.service.queries.diary import entry_view, flag_view, waiting_entries
from sync.service.queries.dose_views import adherence_view, changes_lately, dose_view
from sync.service.queries.footwork_views import (
    prescription_view,
    reason_view,
    run_served,
    title,
)
from sync.service.queries.runs import run_line
from sync.service.queries.set_up import set_up
from sync.service.queries.sources import source_refusals
from sync.service.queries.strength import strength_view
from sync.service.queries.week_ahead import days_ahead
from sync.storage.footwork import FootworkRepository
from sync.wire.footwork import EntryView, FlagView, PrescriptionView
from sync.wire.pages import Today

CHECKED_WINS = ("win_curls", "win_balance")
"""Wins of a self-check: they stand among the insights for a week, and here on their day."""
SHOWN_TASKS = ("import", "rebuild")
"""What may take minutes, and changes what Today shows meanwhile."""
FIRST_WEEK_DAYS = 7


@query("today")
def today(asking: QueryContext, _params: Mapping[str, str]) -> Today:
    """What the home page shows. Nothing is written: what the owner has not issued yet is shown as it would be."""
    language = load_language(asking.athlete.language)
    state = load_state(asking.store, asking.athlete, asking.config, asking.now_utc)
    work = plan(state)
    newest = FootworkRepository(asking.store, asking.athlete.id).newest_run()
    last = _last_entry(asking, state.diary)
    sessions = sessions_by_prescription(state.sessions, state.issued)
    starts = {
        run.planned_id: local_time(run.start_utc, clock_here(asking))
        for run in state.planned
        if run.start_utc is not None and run.planned_id
    }

    def view(prescription: Prescription) -> PrescriptionView:
        session = sessions.get(prescription.prescription_id)
        return prescription_view(
            prescription,
            session,
            language,
            starts_local=starts.get(prescription.run_id or ""),
            run=run_served(prescription, state),
        )

    due = (one.prescription_id for one in work.today if one.window is not Window.PRIMER)
    told = [sessions[name] for name in due if name in sessions]
    ago = min((state.now_utc - one.at_utc for one in told), default=None)
    cards = cards_of(asking, state, work, language)
    before = [one for one in work.ahead if one.window is Window.BEFORE]
    return Today(
        athlete=asking.athlete.name,
        made_up=asking.athlete.made_up,
        day=state.today,
        now_local=now_local(asking),
        owner=asking.owner,
        empty=newest is None,
        next_steps=[] if newest else _next_steps(asking, language),
        inbox=str(asking.home.inbox(asking.athlete.id)),
        last_entry=last,
        preset_place=last.place if last else None,
        preset_when=likely_when(now_local(asking), state.thresholds, worked_ago=ago),
        latest_run=run_line(newest, language, units=asking.athlete.units) if newest else None,
        work=[view(one) for one in work.today if one.window is not Window.PRIMER],
        before_next=view(before[0]) if before else None,
        ahead=[view(one) for one in work.ahead if one.window is not Window.BEFORE],
        primer=next((view(one) for one in work.today if one.window is Window.PRIMER), None),
        says=_says(state, work, sessions, newest.day if newest else None, language),
        stopped=_stopped(state, work, language),
        cards=cards.today,
        later_cards=cards.later,
        dose=dose_view(state, language, history=False),
        changed=changes_lately(state, language),
        adherence=adherence_view(asking, language),
        evidence_note=language.say("evidence_note.text"),
        wins=_wins(state, language),
        first_week=(state.today - state.started).days < FIRST_WEEK_DAYS,
        week=days_ahead(asking, state, [view(one) for one in (*work.today, *work.ahead)], language),
        strength=strength_view(state, language),
        under_way=[task for task in asking.tasks if task.what in SHOWN_TASKS],
        needs=source_refusals(asking, language),
        arrived=to_read(asking.store, asking.athlete.id),
        set_up=set_up(asking, state, language, has_runs=newest is not None),
    )


def _wins(state: FootState, language: Language) -> list[str]:
    """Small wins on the morning they happen: of a score of today, or of a self-check done today (M23)."""
    checked = bool(state.assessments) and state.assessments[-1].day == state.today
    found = [one for one in wins(state) if checked or one.key not in CHECKED_WINS]
    return [language.say(f"insight.{one.key}", **in_words(one.values, language)) for one in found]


def _last_entry(asking: QueryContext, diary: Sequence[DiaryEntry]) -> EntryView | None:
    newest = max(reversed(diary), key=lambda entry: entry.at_utc, default=None)
    stored = [] if newest is None else [entry_view(newest, asking.athlete.zone)]
    entries = [*stored, *waiting_entries(asking)]
    return max(entries, key=lambda entry: entry.at_utc, default=None)


def _next_steps(asking: QueryContext, language: Language) -> list[str]:
    inbox = str(asking.home.inbox(asking.athlete.id))
    return [language.say(f"answer.empty_{step}", inbox=inbox) for step in ("drop", "import", "link", "demo")]


def _says(
    state: FootState, work: Work, sessions: Mapping[str, SessionDone], last_run: date | None, language: Language
) -> str:
    """What today is, in a sentence or two."""
    if work.stopped:
        return language.say("answer.today_stopped")
    pause = state.paused(state.today)
    if pause is not None:
        reason = language.say(f"pause.{pause.reason}")
        key = "answer.today_paused_until" if pause.until_day is not None else "answer.today_paused"
        return language.say(key, day=pause.from_day, until=pause.until_day, reason=reason)
    due = [one for one in work.today if one.window is not Window.PRIMER]
    said = {session.state for one in due if (session := sessions.get(one.prescription_id)) is not None}
    still_open = [one for one in due if one.prescription_id not in sessions]
    if said and not still_open:
        best = next(state for state in ("done", "partial", "skipped") if state in said)
        return language.say(f"answer.today_{best}")
    lead = []
    if last_run is None:
        lead.append(language.say("answer.today_empty"))
    elif (quiet := (state.today - last_run).days) >= state.thresholds.quiet_days:
        lead.append(language.say("answer.today_quiet", days=quiet))
    if still_open:
        lead.append(language.say("answer.today_work", titles=", ".join(title(one, language) for one in still_open)))
    elif work.nothing is not None:
        lead.append(reason_says(work.nothing, language))
    else:
        lead.append(language.say("answer.today_nothing"))
    return " ".join(lead)


def _stopped(state: FootState, work: Work, language: Language) -> list[FlagView]:
    """Open red flags, which the runner can clear, then what a score or the screen says, which clears by itself."""
    ticked = [flag_view(flag, language) for flag in open_flags(state)]
    named = {flag.flag for flag in ticked}
    return ticked + [
        FlagView(
            flag_id="",
            flag=str(card.values.get("flag", "")),
            says=reason_view(card, language).says,
            emergency=bool(card.values.get("emergency")),
            day=card.values.get("day", state.today),
        )
        for card in work.cards
        if is_red_flag(card) and card.values.get("flag") not in named
    ]


def is_red_flag(card: Reason) -> bool:
    return "S2" in card.facts and card.key.startswith("red_flag")
