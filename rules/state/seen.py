"""A stored run as the foot work sees it, how the toes felt after it, and the day the plan began (M13, M17, M28)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from rules.facts.foot_work import DiaryEntry, DoseChange, Prescription, SessionDone
from rules.facts.kinds import EASY, Facet, Hills, Intensity, Kind, Surface
from rules.facts.labels import Labels
from rules.knowledge.thresholds import Thresholds
from rules.state.feet import RunSeen, SurfaceFeel
from rules.state.shoes import ShoeWorn

Feel = Literal["freer", "same", "tighter"]
FEELS: tuple[Feel, ...] = ("freer", "same", "tighter")
"""The answers to "how did the toes feel?"."""


class StoredRun(Protocol):
    """What a run's row tells of it."""

    @property
    def run_id(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def start_utc(self) -> datetime: ...
    @property
    def utc_offset_s(self) -> int: ...
    @property
    def elapsed_s(self) -> float: ...
    @property
    def timer_s(self) -> float | None: ...
    @property
    def moving_s(self) -> float | None: ...
    @property
    def distance_m(self) -> float | None: ...
    @property
    def arrived_utc(self) -> datetime: ...


def is_fresh(end_utc: datetime, arrived_utc: datetime, limits: Thresholds) -> bool:
    """Whether a run asks for work now; one from a backfill never does."""
    return arrived_utc - end_utc <= timedelta(hours=limits.fresh_hours)


def run_seen(run: StoredRun, labels: Labels | None, worn: ShoeWorn, limits: Thresholds, *, minimalist: bool) -> RunSeen:
    """A run with its label and its shoe. Without a label it may be of any kind."""

    def value(facet: Facet) -> str | None:
        return labels.facets[facet].value if labels is not None and facet in labels.facets else None

    intensity, hills, surface, long = (
        value(facet) for facet in (Facet.INTENSITY, Facet.HILLS, Facet.SURFACE, Facet.LONG)
    )
    end_utc = run.start_utc + timedelta(seconds=run.elapsed_s)
    speed = run.distance_m / run.moving_s if run.distance_m and run.moving_s else None
    return RunSeen(
        run_id=run.run_id,
        day=run.day,
        start_utc=run.start_utc,
        end_utc=end_utc,
        duration_s=run.moving_s or run.timer_s or run.elapsed_s,
        distance_m=run.distance_m,
        primary=labels.primary if labels else None,
        possible=labels.possible if labels else frozenset(Kind),
        intensity=Intensity(intensity) if intensity else None,
        long={"yes": True, "no": False}.get(long or ""),
        hills=Hills(hills) if hills else None,
        surface=Surface(surface) if surface and surface != Surface.UNKNOWN else None,
        easy_gap_mps=speed if intensity in EASY else None,
        shoe=worn.name,
        minimalist=minimalist,
        fresh=is_fresh(end_utc, run.arrived_utc, limits),
        utc_offset_s=run.utc_offset_s,
    )


def textures(issued: Sequence[Prescription], sessions: Sequence[SessionDone]) -> dict[str, str]:
    """The texture of the bare block that was done in answer to a run, by the run: the reason names it, or in what was
    issued before, the prescription does."""
    done = {one.prescription_id for one in sessions if one.state != "skipped"}
    return {
        str(run_id): str(reason.values["texture"])
        for one in issued
        if one.prescription_id in done
        for reason in one.reasons
        if reason.key == "texture" and (run_id := reason.values.get("run") or one.run_id) is not None
    }


def surface_feel(
    day: date, answer: str, run_id: str, surfaces: Mapping[str, str | None], done: Mapping[str, str]
) -> SurfaceFeel | None:
    """What the answer about a run says: ``freer``, ``same`` or ``tighter``, a texture behind a colon; without one it is
    the texture that was ``done`` after that run. None for another answer, and for a run of unknown ground."""
    surface = surfaces.get(run_id)
    feel, _, texture = answer.partition(":")
    if surface is None or feel not in FEELS:
        return None
    return SurfaceFeel(day, Surface(surface), feel, texture or done.get(run_id), run_id)


def plan_began(
    today: date, first_issued: date | None, diary: Sequence[DiaryEntry], changes: Sequence[DoseChange]
) -> date:
    """The day of the first thing that was typed, or issued."""
    issued = [] if first_issued is None else [first_issued]
    return min([today, *issued, *(entry.day for entry in diary[:1]), *(change.day for change in changes[:1])])
