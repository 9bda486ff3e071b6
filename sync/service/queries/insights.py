"""Insights: what the diary and the runs show, each with its n and its uncertainty; never an injury figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from rules.dose.readiness import stiffness_by_day
from rules.facts.foot_work import Reason
from rules.insight import AfterFootWork, Group, GroupBy, Groups, Trend, by_group, kept, signs, trend, wins
from rules.knowledge.thresholds import Thresholds
from rules.measure.polarisation import polarisation
from rules.since import Since, since
from rules.state.diary import level_by_day
from rules.state.feet import FootState
from rules.state.load import averaged, minutes_by_day, monotony, spike, week_rise, weekly_distance
from rules.state.shoes import shoe_changes
from rules.text import Language, load_language
from sync.service.footwork_state import load_state
from sync.service.messages import in_words
from sync.service.queries.context import QueryContext, query
from sync.service.queries.dates import today_of
from sync.service.queries.dose_views import kept_so_far, level_says
from sync.storage import labels
from sync.storage import runs as stored_runs
from sync.wire.pages import Insights, Opening, RunningSoFar, RunningYear, SurfaceFelt

SHOWN_DAYS = 112
ABOUT: tuple[GroupBy, ...] = ("surface", "kind", "shoe")
GROUP_NAMES = {"surface": "value.surface", "kind": "kind"}


@query("insights")
def insights(asking: QueryContext, _params: Mapping[str, str]) -> Insights:
    """The same all day while nothing is stored: it is worked out once."""
    config = asking.config
    depends = (today_of(asking), str(asking.athlete), str(config.rules), str(config.shoes))
    return asking.store.cached(("insights", *depends), lambda: _insights(asking))


def _insights(asking: QueryContext) -> Insights:
    language = load_language(asking.athlete.language)
    state = load_state(asking.store, asking.athlete, asking.config, asking.now_utc)
    limits = state.thresholds
    first = state.today - timedelta(days=SHOWN_DAYS - 1)
    scores = stiffness_by_day(state.diary, first, state.today)
    found = trend(state)
    minutes = minutes_by_day(state.runs, first, state.today)
    ran_first = max(first, min((run.day for run in state.runs), default=first))
    zones = zone_seconds(asking, state.today, limits.polarisation_days)
    streak = kept_so_far(asking).streak_weeks
    groups = {about: by_group(state, about) for about in ABOUT}
    return Insights(
        stiffness=sorted(scores.items()),
        level=level_by_day(scores, first, state.today, limits),
        trend_says=_trend_says(found, language),
        trend_per_4_weeks=found.slope,
        trend_low=found.low_80,
        trend_high=found.high_80,
        n=found.entries,
        dose_changes=[
            (change.day, level_says(change.after, language))
            for change in state.dose_changes
            if change.day >= first and change.before != change.after
        ],
        shoe_changes=shoe_changes(state.runs, first),
        by_surface=_felt(groups["surface"], "surface", language),
        by_kind=_felt(groups["kind"], "kind", language),
        by_shoe=_felt(groups["shoe"], "shoe", language),
        felt_says={about: says for about, found in groups.items() if (says := _compared(found, about, language))},
        adherence_says=_kept_says(kept(state), language),
        weekly_distance_m=weekly_distance(state.runs, ran_first, state.today),
        load_short=_from(ran_first, averaged(minutes, first, limits.load_short_days)),
        load_long=_from(ran_first, averaged(minutes, first, limits.load_long_days)),
        load_says=_load_says(state, minutes, language),
        polarisation_says=_polarisation(zones, limits, language),
        polarisation_s=zones,
        wins=[_say(one, language) for one in wins(state, streak)],
        # Both feet may say the same.
        signs=list(dict.fromkeys(_say(one, language) for one in signs(state))),
        evidence_note=language.say("evidence_note.text"),
        lead=_lead(since(state.diary, state.today), language),
        running=_running(asking),
        opens=_opens(found, groups, limits),
    )


def _lead(found: Since | None, language: Language) -> str:
    if found is None:
        return ""
    key = "same" if not found.noticed else "looser" if found.points < 0 else "stiffer"
    one = "_one" if found.noticed and abs(found.points) == 1 else ""
    return language.say(f"insight.since_{key}{one}", points=abs(found.points), month=language.month(found.month))


def _running(asking: QueryContext) -> RunningSoFar | None:
    rows = stored_runs.by_year(asking.store, asking.athlete.id)
    if not rows:
        return None
    kinds: dict[str, int] = defaultdict(int)
    years: dict[int, tuple[int, float]] = {}
    for row in rows:
        kinds[row.kind or "unsure"] += row.runs
        runs, distance_m = years.get(row.year, (0, 0.0))
        years[row.year] = (runs + row.runs, distance_m + row.distance_m)
    longest = stored_runs.longest(asking.store, asking.athlete.id)
    return RunningSoFar(
        years=[
            RunningYear(year=year, runs=runs, distance_m=round(far, 1)) for year, (runs, far) in sorted(years.items())
        ],
        kinds=dict(sorted(kinds.items(), key=lambda one: (-one[1], one[0]))),
        longest_id=longest.run_id if longest else None,
        longest_day=longest.day if longest else None,
        longest_m=longest.distance_m if longest else None,
    )


def _opens(found: Trend, groups: Mapping[GroupBy, Groups], limits: Thresholds) -> list[Opening]:
    """What shows nothing yet. Two groups can be compared: the two that are nearest to it are counted."""
    opens = []
    if found.word == "not_enough":
        more = max(limits.trend_entries - found.entries, limits.trend_days - found.days, 1)
        opens.append(Opening(part="stiffness", logs=more))
    for about, compared in groups.items():
        counts = sorted((one.n for one in compared.groups), reverse=True)[:2]
        logs = sum(max(0, limits.group_entries - n) for n in [*counts, 0, 0][:2])
        if compared.word == "not_enough" and logs:
            opens.append(Opening(part=about, logs=logs))
    return opens


def _say(reason: Reason, language: Language) -> str:
    return language.say(f"insight.{reason.key}", **in_words(reason.values, language))


def _trend_says(found: Trend, language: Language) -> str:
    if found.slope is None:
        return language.say("insight.trend_not_enough", n=found.entries)
    word = language.say(f"insight.{found.word}")
    numbers = {name: getattr(found, name) for name in ("slope", "low_80", "high_80", "low_95", "high_95")}
    return language.say(
        "insight.trend", days=found.days, word=word, n=found.entries, missing=found.missing, **_signed(numbers)
    )


def _signed(numbers: Mapping[str, float]) -> dict[str, str]:
    return {name: f"{value:+.1f}" for name, value in numbers.items()}


def _felt(found: Groups, about: str, language: Language) -> list[SurfaceFelt]:
    return [_group(one, about, language) for one in found.groups]


def _compared(found: Groups, about: str, language: Language) -> str:
    """Whether one felt better than another, in one sentence; nothing while there is too little to compare."""
    if found.word == "not_enough" or not found.groups:
        return ""
    if found.better is None:
        return language.say("insight.no_difference", n=sum(one.mean is not None for one in found.groups))
    a, b, difference, chance = found.better
    counts = {one.name: one.n for one in found.groups}
    return language.say(
        "insight.felt_better",
        a=_named(a, about, language),
        b=_named(b, about, language),
        difference=difference,
        percent=round(100 * chance),
        n_a=counts[a],
        n_b=counts[b],
    )


def _group(one: Group, about: str, language: Language) -> SurfaceFelt:
    name = _named(one.name, about, language)
    if one.mean is None:
        says = language.say("insight.group_few", group=name, n=one.n)
    else:
        says = language.say("insight.group", group=name, difference=f"{one.mean:+.1f}", n=one.n)
    return SurfaceFelt(group=one.name, n=one.n, mean=one.mean, low=one.low, high=one.high, says=says)


def _named(name: str, about: str, language: Language) -> str:
    key = f"{GROUP_NAMES.get(about, '')}.{name}"
    return language.say(key) if key in language else name


def _kept_says(found: AfterFootWork, language: Language) -> str:
    if found.word == "not_enough" or found.with_mean is None or found.without_mean is None:
        return language.say("insight.kept_not_enough", n_with=found.n_with, n_without=found.n_without)
    return language.say(
        "insight.kept",
        with_mean=f"{found.with_mean:+.1f}",
        n_with=found.n_with,
        without_mean=f"{found.without_mean:+.1f}",
        n_without=found.n_without,
        word=language.say(f"insight.{found.word}"),
    )


def _from(ran_first: date, days: Sequence[tuple[date, float]]) -> list[tuple[date, float]]:
    """Nothing is drawn of the weeks before the first run that is known."""
    return [row for row in days if row[0] >= ran_first]


def _load_says(state: FootState, minutes: list[float], language: Language) -> list[str]:
    said = []
    if state.runs:
        run, history = state.runs[-1], state.runs[:-1]
        over = spike(run, history)
        if over is not None:
            said.append(language.say("load.spike", percent=f"{100 * over:+.0f}"))
        rise = week_rise(run, history, state.thresholds)
        if rise is not None and rise[1] > 0:
            said.append(language.say("load.week", percent=f"{100 * (rise[0] / rise[1] - 1):+.0f}"))
    if any(minutes[-7:]):
        said.append(language.say("load.monotony", value=f"{monotony(minutes[-7:]):.1f}"))
    return [*said, language.say("load.no_number")]


def zone_seconds(asking: QueryContext, today: date, days: int) -> dict[str, float]:
    """Seconds in each heart-rate zone over the last ``days``."""
    total: dict[str, float] = defaultdict(float)
    since = today - timedelta(days=days - 1)
    for run in labels.zones(asking.store, asking.athlete.id, first_day=since, last_day=today):
        for zone, seconds in run.zone_s.items():
            total[zone] += seconds
    return {zone: round(seconds, 1) for zone, seconds in sorted(total.items())}


def _polarisation(zones: Mapping[str, float], limits: Thresholds, language: Language) -> str:
    """The three shares, and the index where it is defined."""
    found = polarisation(zones, limits)
    if found is None:
        return language.say("answer.polarisation_none")
    said = {"low": found.low_s, "middle": found.middle_s, "high": found.high_s}
    total = sum(said.values())
    shares = {name: f"{100 * seconds / total:.0f}" for name, seconds in said.items()}
    if found.index is None:
        return language.say("answer.polarisation_shares", **shares)
    return language.say("answer.polarisation", index=f"{found.index:.1f}", **shares)
