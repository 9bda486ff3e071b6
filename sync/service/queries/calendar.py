"""The calendar: each day's runs, foot work and scores, and what each week came to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from rules.facts.foot_work import Pause, Prescription, SessionDone, Window
from rules.plan.plan import Plan, plan
from rules.state.adherence import Share, days_between, share
from rules.state.diary import between, means_by_day
from rules.state.feet import FootState
from rules.state.week import sessions_by_prescription, standing
from rules.text import Language, load_language
from sync.errors import PersonMustAct
from sync.service.footwork_state import load_state
from sync.service.queries.context import QueryContext, query
from sync.service.queries.dates import day_param, today_of
from sync.service.queries.dose_views import adherence_view
from sync.service.queries.footwork_views import prescription_view, session_view
from sync.service.queries.runs import run_line
from sync.storage.footwork import FootworkRepository
from sync.wire.pages import CalendarPage, DayView, WeekView

WEEK_STARTS = {"monday": 0, "saturday": 5, "sunday": 6}
MOST_DAYS = 400


@query("calendar")
def calendar(asking: QueryContext, params: Mapping[str, str]) -> CalendarPage:
    """``first`` and ``last`` are days; the last four weeks when not given."""
    today = today_of(asking)
    last = day_param(params, "last") or today
    first = day_param(params, "first") or last - timedelta(days=27)
    if not first <= last <= first + timedelta(days=MOST_DAYS):
        raise PersonMustAct("service.too_many_days", days=MOST_DAYS)
    state = load_state(asking.store, asking.athlete, asking.config, asking.now_utc)
    days = day_views(asking, state, first, last)
    starts = WEEK_STARTS[asking.athlete.week_start]
    return CalendarPage(
        first=first,
        last=last,
        days=days,
        weeks=list(_weeks(days, _kept_days(asking, state, first, last), _uncounted(asking, first, last), starts)),
        adherence=adherence_view(asking, load_language(asking.athlete.language)),
    )


def day_views(asking: QueryContext, state: FootState, first: date, last: date) -> list[DayView]:
    """One view a day from ``first`` to ``last``, days without anything included. ``state`` is today's."""
    language = load_language(asking.athlete.language)
    repository = FootworkRepository(asking.store, asking.athlete.id)
    sessions = [one for one in repository.sessions(first) if one.day <= last]
    pauses = repository.pauses()
    runs = defaultdict(list)
    for row, _ in reversed(repository.runs(first, last)):
        runs[row.day].append(run_line(row, language, units=asking.athlete.units))
    scores = means_by_day(between(repository.diary(), first, last))
    issued = repository.issued(first, last)
    work = _work_by_day(issued, sessions, plan(state), state.today)
    answers = sessions_by_prescription(sessions, issued)
    views = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        views.append(
            DayView(
                day=day,
                runs=runs[day],
                work=[prescription_view(one, answers.get(one.prescription_id), language) for one in work[day]],
                sessions=[session_view(one) for one in sessions if one.day == day],
                stiffness=scores.get((day, "stiffness")),
                soreness=scores.get((day, "soreness")),
                paused=_paused(pauses, day, language),
            )
        )
    return views


def _work_by_day(
    issued: Sequence[Prescription], sessions: Sequence[SessionDone], now: Plan, today: date
) -> dict[date, list[Prescription]]:
    """What stood on each day, and from today on what the plan says now; a primer only where it was done."""
    done = {one.prescription_id for one in sessions if one.state != "skipped"}
    primers = [one for one in issued if one.window is Window.PRIMER and one.prescription_id in done]
    stood = [one for one in standing(issued) if one.day < today or one.prescription_id in done]
    stands = [one for one in (*now.today, *now.ahead) if one.window is not Window.PRIMER and one not in stood]
    by_day: dict[date, list[Prescription]] = defaultdict(list)
    for one in (*stood, *stands, *primers):
        by_day[one.day].append(one)
    return by_day


def _paused(pauses: Sequence[Pause], day: date, language: Language) -> str | None:
    for pause in pauses:
        if pause.from_day <= day and (pause.until_day is None or day <= pause.until_day):
            return language.say(f"pause.{pause.reason}")
    return None


def _kept_days(asking: QueryContext, state: FootState, first: date, last: date) -> dict[date, Share]:
    """Each day by itself as adherence counts it, so that a week of the calendar says what the share says."""
    repository = FootworkRepository(asking.store, asking.athlete.id)
    days = days_between(
        replace(state, issued=repository.given(first), sessions=repository.sessions(first)), first, last
    )
    return {day.day: share([day], state.today) for day in days}


def _uncounted(asking: QueryContext, first: date, last: date) -> frozenset[str]:
    """The runs that are shown and are in no load: by an unknown word for a sport alone, or taken out."""
    rows = FootworkRepository(asking.store, asking.athlete.id).runs(first, last)
    return frozenset(row.run_id for row, _ in rows if row.sport_word is not None or row.removed)


def _weeks(
    days: list[DayView], kept_days: Mapping[date, Share], uncounted: frozenset[str], starts: int
) -> Iterator[WeekView]:
    weeks: dict[date, list[DayView]] = defaultdict(list)
    for view in days:
        weeks[view.day - timedelta(days=(view.day.weekday() - starts) % 7)].append(view)
    for first, week in sorted(weeks.items()):
        shares = [kept_days[view.day] for view in week]
        due, done = sum(one.prescribed for one in shares), sum(one.done for one in shares)
        distance_m = sum(run.distance_m or 0.0 for view in week for run in view.runs if run.id not in uncounted)
        kept = done >= due > 0
        yield WeekView(first=first, due=due, done=done, distance_m=round(distance_m, 1), kept=kept)
