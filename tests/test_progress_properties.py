"""The dose ladder under any diary, any answers, any order: what never happens."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.dose.dial_back import CAUSE_GONE
from rules.dose.ladder import Choice, accept, change_by_hand, current_level, open_offer, review
from rules.facts.answers import Place, When
from rules.facts.foot_work import DiaryEntry, DoseChange, DoseLevel, FlagRaised, PlannedRun, SessionDone, Window
from rules.facts.kinds import Kind
from rules.plan.plan import plan
from rules.state.feet import FootState, PlanSettings, RunSeen
from rules.state.week import Slot, slot_of

START = date(2026, 3, 2)


@dataclass(frozen=True)
class DayOf:
    """What one day brings."""

    stiffness: int | None
    soreness: int | None
    place: Place | None
    flag: bool
    clear: bool
    answer: Choice | None
    hand: dict[str, float] | None
    does: bool
    erases: bool
    """The latest soreness entry was a slip, and is taken back."""
    runs: Kind | None
    plans: bool
    """A hard run for tomorrow."""


LOADED = {"texture-walk", "band-curl", "towel-curl", "calf-raise"}
DAYS = st.lists(
    st.builds(
        DayOf,
        st.none() | st.integers(0, 10),
        st.none() | st.integers(0, 3) | st.integers(0, 10),
        st.sampled_from([*Place, None]),
        st.integers(0, 40).map(lambda n: n == 0),
        st.booleans(),
        st.none() | st.sampled_from(list(Choice)),
        st.none()
        | st.fixed_dictionaries({"minutes": st.integers(1, 18)})
        | st.fixed_dictionaries({"days": st.integers(0, 8)})
        | st.fixed_dictionaries({"extra_reps": st.integers(-1, 5)})
        | st.fixed_dictionaries({"minutes": st.integers(1, 18), "extra_reps": st.integers(0, 5)}),
        st.booleans(),
        st.integers(0, 5).map(lambda n: n == 0),
        st.none() | st.sampled_from(list(Kind)),
        st.booleans(),
    ),
    min_size=10,
    max_size=60,
)


def lived(days: list[DayOf], settings: PlanSettings) -> list[FootState]:
    """The state at the end of each day."""
    state = FootState("a", START, datetime.combine(START, time(20)), START, settings)
    states = []
    for number, day in enumerate(days):
        today = START + timedelta(days=number)
        now = datetime.combine(today, time(20))
        entries = [
            DiaryEntry(f"{what}{number}", what, now, today, score, day.place, None, When.WAKING)  # type: ignore[arg-type]
            for what, score in (("stiffness", day.stiffness), ("soreness", day.soreness))
            if score is not None
        ]
        slip = next((one for one in reversed(state.diary) if one.what == "soreness"), None) if day.erases else None
        run = None if day.runs is None else _run(number, today, day.runs)
        ahead = PlannedRun(today + timedelta(days=1), Kind.TEMPO, "runner", planned_id=f"p{number}")
        planned = [one for one in state.planned if one.day == today] + ([ahead] if day.plans else [])
        flags = state.flags
        if day.flag:
            flags = (*flags, FlagRaised(f"f{number}", "numb", now, today))
        elif day.clear:
            flags = tuple(replace(one, cleared_utc=one.cleared_utc or now) for one in flags)
        state = replace(
            state,
            today=today,
            now_utc=now,
            diary=(*(one for one in state.diary if one is not slip), *entries),
            flags=flags,
            runs=(*state.runs, *([run] if run is not None else [])),
            planned=tuple(planned),
        )
        state = replace(state, dose_changes=state.dose_changes + review(state))
        offer = open_offer(state)
        answer = accept(state, offer.change_id, day.answer) if offer and day.answer else None
        if answer is None and day.hand:
            answer = change_by_hand(state, **day.hand)  # type: ignore[arg-type]
        if isinstance(answer, DoseChange):
            state = replace(state, dose_changes=(*state.dose_changes, answer))
        shown = plan(state)
        state = replace(state, issued=state.issued + shown.issue)
        if day.does:
            done = [one for one in shown.today if one.window is not Window.PRIMER]
            sessions = [SessionDone(one.prescription_id, now, today, "done", one.prescription_id) for one in done]
            state = replace(state, sessions=(*state.sessions, *sessions))
        states.append(state)
    return states


def _run(number: int, day: date, kind: Kind) -> RunSeen:
    start = datetime.combine(day, time(17))
    return RunSeen(
        f"run{number}", day, start, start + timedelta(minutes=50), 3000.0, 9000.0, kind, long=kind is Kind.LONG
    )


SETTINGS = st.builds(
    PlanSettings,
    days_per_week=st.none() | st.integers(1, 7),
    equipment=st.frozensets(st.sampled_from(["towel", "band", "small-objects"])),
    shoes=st.sampled_from(["usual", "minimalist", "transition"]),
    shoes_since=st.none() | st.just(START - timedelta(days=50)),
)


@given(DAYS, SETTINGS)
def test_the_ladder_keeps_its_promises(days: list[DayOf], settings: PlanSettings) -> None:
    states = lived(days, settings)
    changes = states[-1].dose_changes
    # Taking back what a slip did is no step up.
    rises = [one for one in changes if _rises(one.before, one.after) and one.reasons[0].key != CAUSE_GONE]
    for earlier, later in itertools.pairwise(rises):
        assert (later.day - earlier.day).days >= 7
        if settings.shoes != "usual" and later.verdict == "step_up":
            assert (later.day - earlier.day).days >= 28
    for one in changes:
        assert 1 <= one.after.minutes <= 15
        assert 1 <= one.after.days_per_week <= 5
        assert 0 <= one.after.extra_reps <= 3
        if one.reasons[0].key != CAUSE_GONE:
            assert not (one.after.minutes > one.before.minutes and one.after.extra_reps > one.before.extra_reps)
            assert one.after.minutes - one.before.minutes <= 2
        assert one.reasons
    for before, after in itertools.pairwise(changes):
        assert after.before == before.after, "each row starts where the one before ended"
    for names in ([one.change_id for one in changes], [one.prescription_id for one in states[-1].issued]):
        assert len(set(names)) == len(names), "each row has a name of its own, or the store keeps only the first"


@given(DAYS, SETTINGS)
def test_soreness_above_five_in_toes_or_ball_dials_back_that_day(days: list[DayOf], settings: PlanSettings) -> None:
    states = lived(days, settings)
    for day, state in zip(days, states, strict=True):
        if day.soreness is not None and day.soreness > 5:
            shown = plan(state)
            assert any(card.key.startswith("red_flag") for card in shown.cards)
            assert shown.today == ()
            if day.place in (Place.TOES, Place.BALL, Place.BIG_TOE_JOINT, None):
                assert any(one.verdict == "dial_back" and one.day == state.today for one in state.dose_changes)


@given(DAYS, SETTINGS)
def test_a_plan_keeps_its_limits_and_one_card_is_open_at_a_time(days: list[DayOf], settings: PlanSettings) -> None:
    for state in lived(days, settings):
        gone = {one.supersedes for one in state.issued}
        stands = [one for one in state.issued if one.prescription_id not in gone and one.window is not Window.PRIMER]
        told = {one.prescription_id for one in state.sessions}
        counted = [one.day for one in stands if one.counts and one.prescription_id in told]
        assert len(set(counted)) == len(counted), "one session of the ladder a day"
        open_today = [one for one in stands if one.day == state.today and one.prescription_id not in told]
        assert len([one for one in open_today if one.window is not Window.BEFORE]) <= 1, "one open card at a time"
        shown = plan(state)
        # After one sitting the next may open; what was issued stands.
        assert plan(replace(state, issued=(*state.issued, *shown.issue))).issue == ()
        level = current_level(state.dose_changes)
        scores = [one.score for one in state.diary if one.day == state.today and one.what == "soreness"]
        careful = level.level == "dialled_back" or max(scores, default=0) >= 4
        done = {one.prescription_id for one in state.sessions}
        for one in shown.today:
            if slot_of(one) is not Slot.TRAINING:
                assert one.minutes <= state.thresholds.care_minutes
                assert not one.counts
            elif one.day == state.today and not one.one_minute and one.inputs["level"][0] == level.minutes:
                assert one.minutes <= level.minutes + level.extra_reps
            drills = {drill.drill for drill in one.drills}
            open_ = one.prescription_id not in done
            if one.window is Window.BEFORE or (careful and open_):
                assert not drills & LOADED
            if settings.shoes != "usual" and settings.shoes_since is None:
                assert "texture-walk" not in drills
            if one.window is Window.BEFORE and open_:
                hard = [run for run in state.runs if run.day == one.day and run.hard]
                assert not hard, "never before a run that is over"
            assert all(15 <= drill.dose.hold_s <= 30 for drill in one.drills if drill.drill == "fascia-stretch")
            assert one.reasons
            assert one.warnings


@given(DAYS, SETTINGS)
def test_the_same_days_give_the_same_story(days: list[DayOf], settings: PlanSettings) -> None:
    assert lived(days, settings)[-1] == lived(days, settings)[-1]


@given(DAYS)
def test_what_lies_outside_the_windows_changes_nothing(days: list[DayOf]) -> None:
    """Cutting issued prescriptions to 57 days gives the same plan and the same changes."""
    state = lived(days, PlanSettings())[-1]
    tomorrow = replace(state, today=state.today + timedelta(days=1), now_utc=state.now_utc + timedelta(days=1))
    since = tomorrow.today - timedelta(days=57)
    cut = replace(tomorrow, issued=tuple(one for one in tomorrow.issued if one.day >= since))
    assert review(cut) == review(tomorrow)
    assert plan(cut) == plan(tomorrow)


BARE, LOADED = {"texture-walk"}, {"texture-walk", "band-curl", "towel-curl", "calf-raise"}


def _rises(before: DoseLevel, after: DoseLevel) -> bool:
    return (
        after.minutes > before.minutes
        or after.days_per_week > before.days_per_week
        or after.extra_reps > before.extra_reps
    )
