"""A made-up runner's answers, as the daemon would give them: runs, foot work, a diary and a plan."""

from __future__ import annotations

import math
import random
from datetime import date, datetime, time, timedelta

from rules.text import load_language
from sync.service.queries.plan import self_check
from sync.wire.footwork import (
    Card,
    FlagChoice,
    SessionView,
)
from sync.wire.pages import (
    CalendarPage,
    DayView,
    Diary,
    Insights,
    PlannedView,
    PlanPage,
    SourceLine,
    Status,
    SurfaceFelt,
    SyncRunLine,
    Today,
    WeekView,
)
from sync.wire.runs import FacetLine, Lines, RecordingLine, RunLine, RunPage, SegmentLine
from sync.wire.tasks import ProblemLine
from tests.fakes.athlete import SPEEDS, Athlete, evidence
from tests.fakes.foot_answers import adherence, dose, prescription

NOTE = (
    "Studies disagree: in one (Taddei 2020) runners without foot exercises had 2.42 times the injuries; in another "
    "(Run RCT 2024) novices who did foot exercises before running had more acute ones. Expect weeks, not days."
)


def found_run(athlete: Athlete, run_id: str) -> RunLine:
    run = next((run for run in athlete.runs if run.id == run_id or run_id == "last"), None)
    if run is None:
        raise LookupError(f"There is no run {run_id}. Nothing was changed.")
    return corrected(athlete, run)


def corrected(athlete: Athlete, run: RunLine) -> RunLine:
    said = athlete.labels.get(run.id)
    if said is None:
        return run
    kind = said.get("kind") or run.primary
    changes = {key: said[key] for key in ("intensity", "hills", "surface", "long") if said.get(key) is not None}
    return run.model_copy(update={"primary": kind, "corrected": True, "asked": False, **changes})


def run_page(athlete: Athlete, run_id: str) -> RunPage:
    run = found_run(athlete, run_id)
    ids = [one.id for one in athlete.runs]
    here = ids.index(run.id)
    tempo = run.primary == "tempo"
    seconds = int(run.moving_s or 0)
    step = max(1, seconds // 900)
    times = list(range(0, seconds, step))
    rng = random.Random(run.id)
    blocks = [(900, 1260), (1380, 1740), (1860, 2220), (2340, 2700)] if tempo else []

    def hard(t: int) -> bool:
        return any(a <= t < b for a, b in blocks)

    speed = [(3.75 if hard(t) else SPEEDS["easy"]) + 0.12 * math.sin(t / 70) + rng.gauss(0, 0.05) for t in times]
    height = [120 + 18 * math.sin(t / 400) + 6 * math.sin(t / 90) for t in times]
    heart: list[float | None] = [
        None if 400 < t < 460 else (170 if hard(t) else 138) + 4 * math.sin(t / 200) + rng.gauss(0, 1) for t in times
    ]
    values = {
        "intensity": run.intensity,
        "long": None if run.long is None else str(run.long).lower(),
        "hills": run.hills,
        "surface": run.surface,
    }
    facets = [
        FacetLine(
            facet=name,
            value=value,
            says=(value or "").replace("_", " "),
            confidence=run.confidence[name],
            evidence=evidence(run.primary or "hills"),
            corrected=run.corrected,
        )
        for name, value in values.items()
    ]
    edges = [0, *[edge for block in blocks for edge in block], seconds] if tempo else [0, 600, seconds - 500, seconds]
    roles = ["warmup", *(["work", "recovery"] * 4)[:-1], "cooldown"] if tempo else ["warmup", "steady", "cooldown"]
    segments = [
        SegmentLine(
            start_s=a,
            end_s=b,
            role=role,
            distance_m=(b - a) * 2.9,
            speed_mps=3.75 if role == "work" else 2.75,
            grade_adjusted_mps=3.8 if role == "work" else 2.8,
            mean_heart_rate_bpm=168 if role == "work" else 138,
        )
        for a, b, role in zip(edges, edges[1:], roles, strict=False)
    ]
    recording = RecordingLine(
        recording_id=f"rec-{run.id}",
        source="inbox",
        names=run.source_files,
        device="A watch",
        start_utc=run.start_utc,
        distance_m=run.distance_m,
        duration_s=run.duration_s,
        partial=False,
        lead=True,
    )
    phone = recording.model_copy(
        update={"recording_id": f"phone-{run.id}", "device": "A phone", "lead": False, "names": ["phone.gpx"]}
    )
    return RunPage(
        run=run,
        facets=facets,
        segments=segments,
        zone_s={"low": 2400.0, "middle": 600.0, "high": 1440.0 if tempo else 60.0},
        lines=Lines(
            t_s=[float(t) for t in times],
            distance_m=[t * 2.8 for t in times],
            speed_mps=list(speed),
            grade_adjusted_mps=[v * 1.02 for v in speed],
            heart_rate_bpm=heart,
            altitude_m=list(height),
        ),
        course=athlete.course,
        recordings=[recording, phone] if tempo else [recording],
        provenance={"distance_m": "inbox", "mean_heart_rate_bpm": "inbox", "title": "strava"},
        thresholds=["First threshold near 5:35 /km, second near 4:40 /km, from your last 90 days."],
        previous_id=ids[here + 1] if here + 1 < len(ids) else None,
        next_id=ids[here - 1] if here else None,
    )


def today(athlete: Athlete, inbox: str) -> Today:
    empty = not athlete.runs
    ordered = sorted(athlete.entries.values(), key=lambda one: one.at_utc)
    cards = [
        Card(
            card_id="feel-1", kind="feel", says="After yesterday's forest loop: how do your toes feel?",
            answers=[("freer", "Freer"), ("same", "The same"), ("tighter", "Tighter")], facts=["M17"],
        ),
        Card(
            card_id="merge-1", kind="same-run", says="Two recordings of Thursday overlap by 96 %. One run?",
            answers=[("yes", "One run"), ("no", "Two runs")], run_id="run-a", other_id="run-b",
        ),
    ]  # fmt: skip
    latest = corrected(athlete, athlete.runs[0]) if athlete.runs else None
    return Today(
        athlete="Demo",
        made_up=not empty,
        day=athlete.today,
        now_local=athlete.now,
        owner="daemon",
        empty=empty,
        next_steps=["Drop a file, or copy one into the folder."] if empty else [],
        inbox=inbox,
        last_entry=ordered[-1] if ordered else None,
        preset_when="before",
        preset_place=ordered[-1].place if ordered else None,
        latest_run=latest,
        work=[]
        if empty or athlete.flags
        else [
            prescription(athlete, "after", "Finisher after an easy run", "any time today", 6, run_id=athlete.runs[0].id)
        ],
        before_next=None
        if empty or athlete.flags
        else prescription(
            athlete, "before", "Warm-up block before tempo", "Tuesday, after five easy minutes", 5,
            kind="tempo", day=athlete.today + timedelta(days=2),
        ),
        primer=None
        if empty
        else prescription(athlete, "primer", "Towel curls", "while the coffee brews", 1, one_minute=True),
        says="" if empty else "An easy run this morning, and nothing hard until Tuesday: six calm minutes.",
        stopped=list(athlete.flags.values()),
        cards=[] if empty else [card for card in cards if card.card_id not in athlete.answered],
        dose=dose(athlete),
        changed=[] if empty else ["20 days ago: one minute more, because your mean fell from 5.1 to 3.2 (n = 9)."],
        adherence=adherence(),
        evidence_note=NOTE,
    )  # fmt: skip


def diary(athlete: Athlete, first: date, last: date) -> Diary:
    entries = sorted(
        (one for one in athlete.entries.values() if first <= one.day <= last), key=lambda one: one.at_utc, reverse=True
    )
    signs = [
        FlagChoice(flag="bone-pain", says="Pain on one spot of a bone, or swelling"),
        FlagChoice(flag="hop-pain", says="Pain when hopping"),
        FlagChoice(flag="numb", says="Numb, tingling or burning"),
        FlagChoice(flag="calf-breath", says="Calf pain or swelling with short breath", emergency=True),
    ]
    return Diary(entries=entries, flags=list(athlete.flags.values()), usual=3.0, signs=signs)


def calendar(athlete: Athlete, first: date, last: date) -> CalendarPage:
    days, weeks = [], []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        runs = [run for run in athlete.runs if run.day == day]
        scores = [entry.score for entry in athlete.entries.values() if entry.day == day]
        worked = prescription(athlete, "after", "Finisher", "", 6, day=day)
        past = day < athlete.today and bool(athlete.runs)
        done = SessionView(
            session_id=f"s-{day}", at_utc=datetime.combine(day, time(8)), day=day,
            state="done" if day.toordinal() % 3 else "partial", minutes=6, reason=None, prescription_id=None,
        )  # fmt: skip
        days.append(
            DayView(
                day=day,
                runs=runs,
                work=[worked] if past and day.toordinal() % 2 else [],
                sessions=[done] if past and day.toordinal() % 4 == 1 else [],
                stiffness=sum(scores) / len(scores) if scores else None,
                soreness=None,
                paused=athlete.paused,
            )
        )
        if day.weekday() == 0:
            kept = day.toordinal() % 5 > 0
            weeks.append(WeekView(first=day, due=3, done=3 if kept else 1, distance_m=41000.0, kept=kept))
    return CalendarPage(first=first, last=last, days=days, weeks=weeks, adherence=adherence())


def insights(athlete: Athlete) -> Insights:
    rows = sorted((entry.day, float(entry.score)) for entry in athlete.entries.values())
    level = [(day, 3 + 2 * (1 - n / max(1, len(rows)))) for n, (day, _) in enumerate(rows)]
    enough = len(rows) >= 28
    felt = [
        SurfaceFelt(group="road", n=31, mean=0.1, low=-0.3, high=0.5, says="Road: no difference seen (n = 31)."),
        SurfaceFelt(group="trail", n=14, mean=-0.4, low=-1.0, high=0.2, says="Trail: no difference seen (n = 14)."),
        SurfaceFelt(group="track", n=3, mean=None, low=None, high=None, says="Track: not enough data (n = 3)."),
    ]
    weekly = [
        (athlete.today - timedelta(days=7 * n + 6), 41000.0 + 4000 * math.sin(n)) for n in range(min(athlete.weeks, 52))
    ]
    days = [athlete.today - timedelta(days=n) for n in range(min(athlete.weeks * 7, 180))]
    return Insights(
        stiffness=rows,
        level=level,
        trend_says="Likely eased: −0.9 points in four weeks (80 % interval −1.4 to −0.3, n = 61)."
        if enough
        else f"Not enough data (n = {len(rows)}).",
        trend_per_4_weeks=-0.9 if enough else None,
        trend_low=-1.4 if enough else None,
        trend_high=-0.3 if enough else None,
        n=len(rows),
        dose_changes=[(athlete.today - timedelta(days=20), "6 minutes")] if enough else [],
        shoe_changes=[(athlete.today - timedelta(days=48), "new shoes")] if enough else [],
        by_surface=felt if enough else [],
        by_kind=felt[:2] if enough else [],
        by_shoe=[],
        adherence_says="You did 10 of 12 days.",
        weekly_distance_m=weekly,
        load_short=[(day, 50 + 10 * math.sin(n / 5)) for n, day in enumerate(days)],
        load_long=[(day, 48 + 3 * math.sin(n / 30)) for n, day in enumerate(days)],
        load_says=["Sunday's run was 12 % longer than any of the 30 days before it."] if enough else [],
        polarisation_says="81 % easy, 6 % moderate, 13 % hard in four weeks.",
        polarisation_s={"easy": 29000.0, "moderate": 2100.0, "hard": 4600.0} if enough else {},
        wins=["Two long runs in a row with 2 or less the morning after."] if enough else [],
        signs=["Smoother from mid-foot to forefoot", "Fewer toe cramps at night"],
        evidence_note=NOTE,
    )


def plan(athlete: Athlete) -> PlanPage:
    first = athlete.today
    week = calendar(athlete, first, first + timedelta(days=6)).days
    tuesday = first + timedelta(days=2)
    habit = PlannedView(
        day=tuesday, kind="tempo", source="habit", title=None, start_local=None, probability=0.7,
        says="A tempo run, most likely: seven of your last ten such days had one.",
    )  # fmt: skip
    return PlanPage(
        week=week,
        planned=sorted([habit, *athlete.planned.values()], key=lambda one: one.day) if athlete.runs else [],
        dose=dose(athlete),
        preferences=athlete.preferences,
        paused=athlete.paused,
        assessments=athlete.assessments,
        assessment_due=not athlete.assessments,
        self_check=self_check(load_language("en")),
    )


def status(athlete: Athlete, home: str) -> Status:
    problem = ProblemLine(
        problem_id="p1", source="inbox", name="monday.fit", reason="The file ends in the middle of a record.",
        first_seen_utc=athlete.now - timedelta(hours=20), last_seen_utc=athlete.now - timedelta(hours=2),
    )  # fmt: skip
    return Status(
        owner="daemon", owner_pid=4711, version="0.1.0", rules_version="1", duckdb_version="1.5.5", schema_version=1,
        home=home, inbox=f"{home}/inbox/runner", runs=len(athlete.runs), activities=7, database_bytes=48_000_000,
        originals_bytes=161_000_000, outbox_waiting=0, map_utc=athlete.map_utc, map_bytes=athlete.map_bytes,
        sources=[
            SourceLine(source="inbox", state="ok", says="Watched every 10 seconds.", do_now=None,
                            last_success_utc=athlete.now - timedelta(minutes=3), next_due_utc=None),
            SourceLine(source="garmin", state="act", says="Garmin asked for a fresh login.",
                            do_now="springstep link garmin", last_success_utc=athlete.now - timedelta(days=3),
                            next_due_utc=None),
            SourceLine(source="strava", state="off", says="Not linked.", do_now=None, last_success_utc=None,
                            next_due_utc=None),
        ],
        passes=[SyncRunLine(source="inbox", started_utc=athlete.now - timedelta(minutes=3 + n),
                              ended_utc=athlete.now, result="done", counts={"found": 3, "read": 1, "runs": 1})
                for n in range(3)],
        problems=[problem] if athlete.runs else [], work=[], backup_utc=athlete.now - timedelta(hours=9),
        made_up=bool(athlete.runs),
    )  # fmt: skip
