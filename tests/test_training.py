"""Training sessions: what they hold, how long they are, and what twelve weeks of them add up to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from feet_stories import Story
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.facts.answers import DrillAnswer, Place, SkipReason
from rules.facts.foot_work import Dose, DoseLevel, PlannedRun, PrescribedDrill, Prescription, SessionDone, Window
from rules.facts.kinds import Kind, Surface
from rules.knowledge.loader import AVOID, CHANGE_S, ELEMENTS, EQUIPMENT, FAMILIES, WARM_UP_FAMILY, knowledge
from rules.plan.compose import MOST_DRILL_S, CompositionOrder, compose, minutes_of, most_drills
from rules.plan.training import training_order
from rules.state.feet import FootState, RunSeen
from rules.state.variety import levels

MONDAY = date(2026, 3, 2)
PLAYER = Path(__file__).parents[1] / "dashboard" / "parts" / "player.js"
DRILLS = knowledge().drills
BARRED = frozenset(AVOID) - {"new_plan_hard"}


def state_on(day: date) -> FootState:
    return FootState("case", day, datetime.combine(day, time(20)), MONDAY - timedelta(days=60))


def done(
    state: FootState, drills: tuple[PrescribedDrill, ...], *, hurt: bool = False, counts: bool = True
) -> FootState:
    """``state`` after these drills were done on its day."""
    name = f"p{state.today}"
    work = Prescription(
        name, "case", state.today, Window.AFTER, None, None, minutes_of(drills), drills, (), (), "feet-5", counts=counts
    )
    reason = SkipReason.PAIN if hurt else None
    session = SessionDone(
        f"s{state.today}", state.now_utc, state.today, "partial" if hurt else "done", name, None, reason
    )
    return replace(state, issued=(*state.issued, work), sessions=(*state.sessions, session))


def on(state: FootState, day: date) -> FootState:
    return replace(state, today=day, now_utc=datetime.combine(day, time(20)))


def session_of(
    state: FootState, order: CompositionOrder, families: dict[str, int] | None = None
) -> tuple[PrescribedDrill, ...]:
    level = DoseLevel(order.minutes, 3, families=families or {})
    return compose(training_order(state, order, level, state.today))


def work(drills: tuple[PrescribedDrill, ...]) -> list[str]:
    """Without warming up."""
    return [one.drill for one in drills if DRILLS[one.drill].family != WARM_UP_FAMILY]


ORDERS = st.builds(
    CompositionOrder,
    recipe=st.sampled_from(["finisher", "base"]),
    minutes=st.integers(4, 30).map(lambda half: half / 2),
    extra_reps=st.integers(0, 3),
    avoid=st.frozensets(st.sampled_from(sorted(BARRED)), max_size=4),
    equipment=st.frozensets(st.sampled_from(EQUIPMENT)),
    gathers=st.frozensets(st.sampled_from(list(Place)), max_size=2),
    texture_blocks=st.integers(1, 3),
)
HISTORIES = st.lists(st.tuples(st.integers(1, 27), st.sets(st.sampled_from(sorted(DRILLS)), min_size=1, max_size=4)))


def lived(history: list[tuple[int, set[str]]]) -> FootState:
    state = state_on(MONDAY)
    today = state.today
    for days, names in sorted(history, key=lambda one: -one[0]):
        drills = tuple(compose(CompositionOrder("base", 1, drills=(name,)))[0] for name in sorted(names))
        state = done(on(state, today - timedelta(days=days)), drills)
    return on(state, today)


@settings(max_examples=150)
@given(ORDERS, HISTORIES, st.dictionaries(st.sampled_from(FAMILIES), st.integers(1, 4)))
def test_a_session_is_as_long_as_it_says_and_holds_nothing_that_may_not_be(
    order: CompositionOrder, history: list[tuple[int, set[str]]], families: dict[str, int]
) -> None:
    state = lived(history)
    drills = session_of(state, order, families)
    plain = session_of(state, replace(order, extra_reps=0), families)
    player_s = sum(CHANGE_S + one.dose.seconds for one in drills)
    assert abs(60 * minutes_of(drills) - player_s) <= 3
    assert minutes_of(plain) <= order.minutes
    assert all(one.dose.seconds <= MOST_DRILL_S for one in drills)
    assert len(work(drills)) <= most_drills(order.minutes)
    assert len(set(work(drills))) == len(work(drills))
    for one in drills:
        assert not DRILLS[one.drill].not_with & order.avoid
        assert set(DRILLS[one.drill].needs) <= order.equipment
    if "lighter" not in order.avoid and len(work(plain)) >= min(3, most_drills(order.minutes)) and order.minutes <= 8:
        assert minutes_of(plain) >= order.minutes - 0.5
    assert [one.drill for one in drills] == [one.drill for one in plain]


@pytest.mark.parametrize(
    ("minutes", "most"), [(2, 2), (3, 3), (4, 4), (8, 4), (10.9, 4), (11, 5), (13.9, 5), (14, 6), (15, 6), (30, 6)]
)
def test_so_many_drills_at_most(minutes: float, most: int) -> None:
    assert most_drills(minutes) == most


@pytest.mark.parametrize("recipe", ["finisher", "base"])
@pytest.mark.parametrize("minutes", range(2, 15))
def test_a_minute_more_is_a_minute_more_and_no_longer_rest(recipe: str, minutes: int) -> None:
    state = state_on(MONDAY)
    shorter, longer = (
        session_of(state, CompositionOrder(recipe, some, equipment=frozenset({"towel"})))
        for some in (minutes, minutes + 1)
    )
    assert 0.5 <= minutes_of(longer) - minutes_of(shorter) <= 1.5
    rests = [one.dose.rest_s for one in longer]
    assert rests == [DRILLS[one.drill].timing.rest_s for one in longer]


def test_a_short_session_of_any_two_drills_holds_both() -> None:
    drills = [name for name, one in DRILLS.items() if one.family != WARM_UP_FAMILY]
    for names in permutations(drills, 2):
        if DRILLS[names[0]].family != DRILLS[names[1]].family:
            found = compose(CompositionOrder("base", 2.0, drills=names, equipment=frozenset(EQUIPMENT)))
            assert {one.drill for one in found} == set(names)
            assert minutes_of(found) <= 2.0


def test_the_time_to_get_ready_is_the_players() -> None:
    [found] = re.findall(r"const CHANGE_MS = (\d+);", PLAYER.read_text(encoding="utf-8"))
    assert int(found) == 1000 * CHANGE_S


def test_no_drill_is_loaded_where_nothing_loaded_may_be() -> None:
    for tag in ("before", "unscreened", "dialled_back", "lighter", "rest_loaded"):
        assert [name for name, drill in DRILLS.items() if drill.loaded and tag not in drill.not_with] == []


def test_a_stiff_big_toe_keeps_ends_of_range_bare_feet_and_heights_out() -> None:
    state = state_on(MONDAY)
    barred = {"slow-toe-flexion", "towel-curl", "band-curl", "big-toe-lift", "toe-yoga", "texture-walk", "calf-raise"}
    barred |= {"calf-raise-towel", "calf-raise-one-leg", "calf-raise-bent", "fascia-stretch", "fascia-stretch-standing"}
    assert barred == {name for name, drill in DRILLS.items() if "stiff_big_toe" in drill.not_with} - {"pick-up"}
    for recipe in knowledge().recipes:
        order = CompositionOrder(recipe, 5, avoid=frozenset({"stiff_big_toe"}), equipment=frozenset(EQUIPMENT))
        assert not barred & {one.drill for one in session_of(state, order, dict.fromkeys(FAMILIES, 4))}
    reset = compose(CompositionOrder("reset", 5, avoid=frozenset({"stiff_big_toe"})))
    assert [one.drill for one in reset] == ["toe-bend-middle", "ankle-rock", "calf-stretch"]


# --- twelve weeks ---------------------------------------------------------------------------------

LIVES: dict[str, tuple[str, tuple[int, ...], float, frozenset[str]]] = {
    "finishers": ("finisher", (0, 2, 4), 6.0, frozenset()),
    "finishers in shoes": ("finisher", (0, 2, 4), 6.0, frozenset({"no_barefoot"})),
    "two a week": ("finisher", (1, 5), 6.0, frozenset()),
    "foot days": ("base", (0, 2, 4), 6.0, frozenset()),
    "five a week": ("base", (0, 1, 2, 4, 5), 8.0, frozenset()),
    "long ones": ("finisher", (0, 2, 4), 12.0, frozenset()),
    "diabetes": ("finisher", (0, 2, 4), 6.0, frozenset({"no_barefoot", "diabetes_or_numb", "one_leg"})),
    "stiff big toe": ("finisher", (0, 2, 4), 6.0, frozenset({"no_barefoot", "stiff_big_toe"})),
    "under 18": ("finisher", (0, 2, 4), 6.0, frozenset({"under_18"})),
}


def weeks_of(name: str) -> Iterator[list[tuple[PrescribedDrill, ...]]]:
    recipe, weekdays, minutes, avoid = LIVES[name]
    state = state_on(MONDAY)
    for week in range(12):
        found = []
        for weekday in weekdays:
            state = on(state, MONDAY + timedelta(days=7 * week + weekday))
            early = frozenset({"early"}) if week < 4 else frozenset[str]()
            drills = session_of(state, CompositionOrder(recipe, minutes, 0, avoid | early, frozenset({"towel"})))
            state = done(state, drills)
            found.append(drills)
        yield found


@pytest.mark.parametrize("name", LIVES)
def test_every_week_holds_the_four_elements(name: str) -> None:
    for week in weeks_of(name):
        assert {DRILLS[drill].element for session in week for drill in work(session)} == set(ELEMENTS)


@pytest.mark.parametrize("name", LIVES)
def test_from_week_five_each_family_comes_every_third_week(name: str) -> None:
    weeks = [{DRILLS[drill].family for session in week for drill in work(session)} for week in weeks_of(name)]
    avoid = LIVES[name][3]
    allowed = {
        drill.family
        for drill in DRILLS.values()
        if drill.level == 1 and not drill.not_with & avoid and not set(drill.needs) - {"towel"}
    } & (set(FAMILIES) - {"bend"})
    for first in range(4, 10):
        missing = allowed - set().union(*weeks[first : first + 3])
        assert missing == set(), first


@pytest.mark.parametrize("name", [name for name, life in LIVES.items() if len(life[1]) >= 3])
def test_three_a_week_are_at_least_twelve_different_sessions(name: str) -> None:
    assert len({frozenset(work(session)) for week in weeks_of(name) for session in week}) >= 12


def test_the_finisher_keeps_its_curls_and_at_most_one_other_gives_way() -> None:
    before: set[str] = set()
    for week in weeks_of("finishers"):
        for session in week:
            families = {DRILLS[drill].family for drill in work(session)}
            assert "curl" in families
            gone = {"stretch", "arch_lift"} - families
            assert len(gone) <= 1
            assert not gone & before
            before = gone


@pytest.mark.parametrize(
    ("km", "planned", "least", "most"), [(8.0, False, 9, 11), (20.0, False, 14, 20), (20.0, True, 9, 11)]
)
def test_heel_raises_come_weekly_and_about_twice_from_fifty_kilometres_a_week_on(
    km: float, planned: bool, least: int, most: int
) -> None:
    """Three sessions and runs a week over ten weeks; with ``planned`` each session is before a hard run's day."""
    state, found = state_on(MONDAY), 0
    for number in range(-5, 10):
        for weekday in (0, 2, 4):
            day = MONDAY + timedelta(days=7 * number + weekday)
            start = datetime.combine(day, time(8))
            run = RunSeen(f"{day}", day, start, start + timedelta(hours=1), 3600, 1000 * km, Kind.EASY)
            state = replace(state, runs=(*state.runs, run))
            if number < 0:
                continue
            hard = PlannedRun(day + timedelta(days=1), Kind.TEMPO, "runner", None, None, 1.0, "hard")
            state = replace(on(state, day), planned=(hard,) if planned else ())
            drills = session_of(state, CompositionOrder("finisher", 8.0, equipment=frozenset({"towel"})))
            found += any(DRILLS[one.drill].family == "heel_raise" for one in drills)
            state = done(state, drills)
    assert least <= found <= most


# --- levels and textures --------------------------------------------------------------------------


def test_an_old_store_stands_where_its_painless_work_stands() -> None:
    band, towel = (
        (compose(CompositionOrder("base", 5, drills=(name,), equipment=frozenset(EQUIPMENT)))[0],)
        for name in ("band-curl", "towel-curl")
    )
    state = done(state_on(MONDAY), towel)
    later = MONDAY + timedelta(days=2)
    hurts = done(on(state, later), band, hurt=True)
    level = DoseLevel(6, 3)
    assert levels(state, level, later)["curl"] == 2
    assert levels(hurts, level, later + timedelta(days=1))["curl"] == 2
    assert levels(done(on(state, later), band), level, later + timedelta(days=1))["curl"] == 3
    assert levels(done(on(state, later), band, counts=False), level, later + timedelta(days=1))["curl"] == 2
    assert levels(state, level, MONDAY + timedelta(days=57))["curl"] == 1
    assert levels(state, replace(level, families={"curl": 1}), later)["curl"] == 1
    assert set(levels(state, level, later)) == set(FAMILIES)


def test_a_level_without_its_equipment_is_skipped_and_a_dial_back_lowers_it() -> None:
    state, every = state_on(MONDAY), dict.fromkeys(FAMILIES, 3)
    order = CompositionOrder("finisher", 6)
    with_all = session_of(state, replace(order, equipment=frozenset({"band", "towel"})), every)
    without = session_of(state, order, every)
    lowered = session_of(state, replace(order, equipment=frozenset({"band"}), avoid=frozenset({"dialled_back"})), every)
    assert [work(one)[0] for one in (with_all, without, lowered)] == ["band-curl", "toe-curl", "toe-curl"]
    assert {DRILLS[one].load for one in work(lowered)} <= {0, 1}


def test_after_a_surface_run_the_texture_block_takes_the_place_of_one_drill() -> None:
    state = state_on(MONDAY)
    walked = compose(CompositionOrder("surface", 5))
    state = on(done(state, walked), MONDAY + timedelta(days=2))
    start = datetime.combine(MONDAY + timedelta(days=1), time(8))
    run = RunSeen("r", start.date(), start, start + timedelta(hours=1), 3600, 9000, Kind.SURFACE, surface=Surface.TRAIL)
    order = CompositionOrder("finisher", 6)
    assert "texture-walk" not in work(session_of(state, order))
    after = work(session_of(replace(state, runs=(run,)), order))
    assert "texture-walk" in after
    assert len(after) == 4
    shod = replace(order, avoid=frozenset({"no_barefoot"}))
    assert "texture-walk" not in work(session_of(replace(state, runs=(run,)), shod))


def test_a_session_skipped_for_pain_does_not_come_again_as_it_was() -> None:
    """Answered at once, and mild: nothing is lighter then, but it is another session (S6)."""
    story = Story({"weekday": 0, "hour": 20})
    story.step({"do": "skipped:pain"})
    left = [drill.drill for one in story.state.issued if one.counts for drill in one.drills]
    story.step({"day": 1, "add": {"diary": [["soreness", 1, 2, "ball"]]}})
    story.step({"day": 2})
    again = [drill.drill for one in story.state.issued if one.counts and one.day > story.zero for drill in one.drills]
    assert again
    assert set(again) != set(left)


@pytest.mark.parametrize("surface", ["trail", "grass", "sand", "gravel", "track"])
def test_the_block_after_another_ground_takes_the_place_of_one_drill(surface: str) -> None:
    """Two days after the run, on a foot day: as many drills as after a road run, one of them bare, no minute more."""

    def session(ground: str) -> Prescription:
        story = Story({"level": {"since": -20}, "runs": [{"day": -2, "kind": "easy", "surface": ground}]})
        # A walk on another texture is known already: the block comes for the run alone.
        story.add({"issued": [{"day": -3}], "sessions": [{"day": -3, "of": "given-3"}]})
        walked = PrescribedDrill("texture-walk", Dose(1), 5)
        given = tuple(replace(one, drills=(walked,)) for one in story.state.issued)
        story.state = replace(story.state, issued=given)
        story.step({})
        assert story.plan is not None
        return next(one for one in story.plan.today if one.counts)

    road, soft = session("road"), session(surface)
    before, after = ({drill.drill for drill in one.drills} for one in (road, soft))
    assert "texture-walk" in after - before
    assert len(after) == len(before)
    assert abs(soft.minutes - road.minutes) <= 0.5


def test_what_hurt_comes_back_with_one_set_until_it_went_well() -> None:
    """The curl hurt a fortnight ago and has rested: one set and no extra repetition, then as before."""
    order = CompositionOrder("base", 8.0, extra_reps=2, equipment=frozenset({"towel"}))
    day = MONDAY + timedelta(days=30)
    plain = session_of(state_on(day), order)
    curl = next(one for one in plain if DRILLS[one.drill].family == "curl")
    hurting = done(state_on(day - timedelta(days=15)), plain)
    last = replace(hurting.sessions[-1], drills={curl.drill: DrillAnswer.HURT})
    back = on(replace(hurting, sessions=(last,)), day)
    tried = next(one for one in session_of(back, order) if DRILLS[one.drill].family == "curl")
    again = on(done(back, session_of(back, order)), day + timedelta(days=2))
    whole = next((one for one in session_of(again, order) if DRILLS[one.drill].family == "curl"), None)
    assert (tried.dose.sets, tried.dose.reps) == (1, DRILLS[tried.drill].timing.reps)
    assert curl.dose.sets > 1
    assert whole is None or whole.dose.sets > 1
