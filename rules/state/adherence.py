"""What was done of what was prescribed then: shares, minutes, on-time share, forgiving score, week streak."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sqrt

from rules.facts.answers import SkipReason
from rules.facts.foot_work import Prescription, Window
from rules.state.diary import by_day
from rules.state.feet import FootState
from rules.state.habit import HABIT
from rules.state.week import CARE, monday, slot_of, standing

EXCUSED_SKIPS = frozenset(SkipReason) - {SkipReason.TIME, SkipReason.FORGOT}


@dataclass(frozen=True, slots=True)
class Share:
    """Days done of days prescribed in one window, and their minutes; excused days are in neither."""

    done: int
    prescribed: int
    minutes_done: float = 0.0
    """All of them, those of excused days too."""
    minutes_prescribed: float = 0.0
    excused_days: int = 0

    @property
    def share(self) -> float | None:
        """0–1, capped; None when nothing was prescribed."""
        return min(self.done, self.prescribed) / self.prescribed if self.prescribed else None

    @property
    def over(self) -> int:
        """Days done beyond what was prescribed: shown apart, it matters for soreness."""
        return max(0, self.done - self.prescribed)


@dataclass(frozen=True, slots=True)
class Adherence:
    week: Share
    """The 7 days that end at ``last``."""
    month: Share
    """The 28 days that end at ``last``."""
    on_time: int
    before_runs: int
    """Warm-up blocks of the last 28 days before a hard run that was run: the denominator of ``on_time``."""
    score: float
    """0–1, the exponential score of Loop Habit Tracker over all days from ``first`` on: half of it is forgotten in 20
    days, so a year is as good as ever."""
    streak_weeks: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day as adherence sees it."""

    day: date
    prescribed: Prescription | None
    done: bool
    excused: bool
    minutes_done: float
    times_a_week: int


def adherence(state: FootState, first: date, last: date) -> Adherence:
    """Adherence from ``first`` to ``last``; ``state.issued`` and ``state.sessions`` must reach back to ``first``.

    Today counts once it is done; until then it is in no denominator.
    """
    days = days_between(state, min(first, last - timedelta(days=27)), last)
    inside = [day for day in days if day.day >= first]
    on_time, before_runs = _on_time(state, max(first, last - timedelta(days=27)), last)
    return Adherence(
        share(days[-7:], state.today),
        share(days[-28:], state.today),
        on_time,
        before_runs,
        score(inside),
        streak_weeks(days, state.today),
    )


def share(days: Sequence[Day], today: date) -> Share:
    """Days done against days prescribed; a day moved within the window counts."""
    counted = [day for day in days if counts(day, today)]
    return Share(
        sum(day.done and not day.excused for day in days),
        len(counted),
        round(sum(day.minutes_done for day in days), 1),
        round(sum(day.prescribed.minutes for day in counted if day.prescribed is not None), 1),
        sum(day.excused for day in days),
    )


def month_share(state: FootState, last: date) -> Share:
    """The 28 days that end at ``last``: the ladder's gate."""
    return share(days_between(state, last - timedelta(days=27), last), state.today)


def days_between(state: FootState, first: date, last: date) -> list[Day]:
    """Every day from ``first`` to ``last`` with what was prescribed *then*, not what today's rules would say."""
    ran = {run.day for run in state.runs}
    primers = {one.prescription_id for one in state.issued if one.window is Window.PRIMER}
    belongs = {one.prescription_id: one.day for one in state.issued}
    minutes = {one.prescription_id: one.minutes for one in state.issued}
    extra = {one.prescription_id for one in state.issued if not one.counts}
    done: set[date] = set()
    done_minutes: dict[date, float] = {}
    skipped: set[date] = set()
    for session in state.sessions:
        day = belongs.get(session.prescription_id or "", session.day)
        if not first <= day <= last or session.prescription_id in primers:
            continue
        if session.state == "skipped":
            if session.reason in EXCUSED_SKIPS:
                skipped.add(day)
        else:
            length = session.minutes if session.minutes is not None else minutes.get(session.prescription_id or "", 0.0)
            done_minutes[day] = done_minutes.get(day, 0.0) + length
            # Care and the plan's own extras are in no denominator, so doing them is neither kept nor too much.
            if session.prescription_id not in extra:
                done.add(day)
    stands = {
        one.day: one
        for one in standing(state.issued)
        if one.counts and first <= one.day <= last and not _in_vain(one, ran, done, state.today)
    }
    sore = by_day(state.diary, "soreness", first, last)
    changes, levels = [one.day for one in state.dose_changes], [one.after for one in state.dose_changes]
    found: list[Day] = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        at = bisect_right(changes, day) - 1
        level = levels[at] if at >= 0 else None
        held = level is not None and level.level != "steady"
        stopped = sore.get(day, 0) > state.thresholds.stop_above
        excused = held or stopped or state.paused(day) is not None or (day in skipped and day not in done)
        times = level.days_per_week if level is not None else state.thresholds.start_days
        found.append(Day(day, stands.get(day), day in done, excused, done_minutes.get(day, 0.0), times))
    return _moved_on(found, state.today)


def _moved_on(days: Sequence[Day], today: date) -> list[Day]:
    """What was missed is offered again on a later day of the week: more than the week's sessions were never due, so the
    earliest misses of a week leave the denominator first."""
    weeks: dict[date, list[Day]] = {}
    for day in days:
        weeks.setdefault(monday(day.day), []).append(day)
    moved: set[date] = set()
    for week in weeks.values():
        due = [day for day in week if counts(day, today)]
        missed = [day.day for day in due if not day.done]
        moved.update(missed[: max(0, len(due) - max(day.times_a_week for day in week))])
    return [replace(day, prescribed=None) if day.day in moved else day for day in days]


def _in_vain(one: Prescription, ran: Collection[date], done: Collection[date], today: date) -> bool:
    """A block before a run that was never run is nobody's miss."""
    return one.window is Window.BEFORE and one.day < today and one.day not in ran and one.day not in done


def care_kept(state: FootState, first: date, last: date) -> tuple[int, int]:
    """How often care was asked for from ``first`` to ``last``, and how often it was done: warm-ups, resets and mornings
    after, in a count of their own. What was withdrawn or succeeded was not asked for; today's counts once it is done,
    a warm-up before a run that was never run once it was done."""
    told = {one.prescription_id for one in state.sessions if one.state != "skipped"}
    ran = {run.day for run in state.runs}
    asked = done = 0
    for one in standing(state.issued):
        if not first <= one.day <= last or slot_of(one) not in CARE:
            continue
        was_done = one.prescription_id in told
        in_vain = _in_vain(one, ran, (), state.today)
        if was_done or (one.day < state.today and not in_vain and state.paused(one.day) is None):
            asked, done = asked + 1, done + was_done
    return asked, done


def counts(day: Day, today: date) -> bool:
    """Whether the day stands in a denominator: today only once it is done."""
    return day.prescribed is not None and not day.excused and (day.day < today or day.done)


def _on_time(state: FootState, first: date, last: date) -> tuple[int, int]:
    """Blocks finished 0–180 minutes before the hard run began, and all blocks whose run was run (M15); what a habit
    offered is asked for only once it was done."""
    on_time = blocks = 0
    chains: dict[date, set[str]] = {}
    done = {session.prescription_id for session in state.sessions if session.state != "skipped"}
    for one in state.issued:
        told = one.prescription_id in done or one.counts or not (one.run_id or "").startswith(HABIT)
        if one.window is Window.BEFORE and told and first <= one.day <= last:
            chains.setdefault(one.day, set()).add(one.prescription_id)
    for day, ids in chains.items():
        starts = [run.start_utc for run in state.runs if run.day == day and run.hard]
        if not starts or state.paused(day) is not None:
            continue
        blocks += 1
        ends = [one.at_utc for one in state.sessions if one.prescription_id in ids and one.state != "skipped"]
        limit = timedelta(minutes=state.thresholds.on_time_minutes)
        on_time += any(timedelta(0) <= start - end <= limit for start in starts for end in ends)
    return on_time, blocks


def score(days: Sequence[Day]) -> float:
    """Loop Habit Tracker's score after ``days``, one a day from the first; an excused day leaves it unchanged.

    f = times a week / 7; m = 0.5^(√f / 13); score = score · m + v · (1 − m). Below one a day numerator and denominator
    are doubled: v = min(1, done in the last 14 days / (2 · times)). The weekly target may change on the way.
    Source: uhabits ``Score.kt``, ``ScoreList.kt``.
    """
    found = 0.0
    for index, day in enumerate(days):
        if day.excused and not day.done:
            continue
        window, target = (14, 2 * day.times_a_week) if day.times_a_week < 7 else (7, 7)
        keep = 0.5 ** (sqrt(day.times_a_week / 7) / 13)
        seen = sum(one.done for one in days[max(0, index - window + 1) : index + 1])
        found = found * keep + min(1.0, seen / target) * (1 - keep)
    return found


def streak_weeks(days: Sequence[Day], today: date) -> int:
    """ISO weeks in a row that were kept, up to now. A week with nothing to do neither breaks nor adds; the current week
    breaks it only when its target cannot be reached any more."""
    weeks: dict[date, list[Day]] = {}
    for day in days:
        weeks.setdefault(monday(day.day), []).append(day)
    streak = 0
    for first in sorted(weeks, reverse=True):
        week = weeks[first]
        done = sum(day.done for day in week)
        if first == monday(today):
            free = 7 - sum(day.excused for day in week)
            target = min(week[-1].times_a_week, free)
            rest = (first + timedelta(days=6) - today).days + (not any(day.day == today and day.done for day in week))
            if done >= target > 0:
                streak += 1
            elif done + rest < target:
                return 0
            continue
        target = min(week[-1].times_a_week, sum(counts(day, today) for day in week))
        if target == 0:
            continue
        if done < target:
            break
        streak += 1
    return streak
