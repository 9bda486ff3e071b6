"""Turns the cases of tests/cases/feet_*.yaml into states, lives them through the shipped rules, and compares.

A case has ``given`` (the runner before today), and either ``expect`` or ``steps``: each step may move the clock, add
what the runner logged, do today's work, answer an offer, and expect. Days count from today (0), which is a Wednesday
unless ``weekday`` says otherwise. The safety screen is answered with no, but for what ``screen`` names; ``screen: {}``
is one never answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from rules.dose.ladder import Choice, accept, change_by_hand, open_offer, review, step_by_hand
from rules.facts.answers import Place, SkipReason, When
from rules.facts.foot_work import (
    Assessment,
    DiaryEntry,
    DoseChange,
    DoseLevel,
    FlagRaised,
    FootCheck,
    Pause,
    PlannedRun,
    Prescription,
    Reason,
    SessionDone,
    Window,
)
from rules.facts.kinds import Hills, Intensity, Kind, Surface
from rules.knowledge.thresholds import thresholds
from rules.plan.plan import Plan, plan
from rules.state.adherence import adherence
from rules.state.feet import SCREEN, FootState, PlanSettings, RunSeen, SurfaceFeel
from rules.state.load import revisits
from rules.state.put_off import CardAnswer
from rules.text import load_language

MONDAY = date(2026, 3, 2)


class Story:
    """One case as it is lived."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.zero = MONDAY + timedelta(days=given.get("weekday", 2))
        self.count = 0
        started = self.day(given.get("started", -60))
        self.state = FootState(
            "case",
            self.zero,
            self.at(0, given.get("hour", 20)),
            started,
            settings=self._settings(given.get("settings", {})),
            thresholds=thresholds(given.get("thresholds")),
        )
        self.add(given)
        if "level" in given and not self.state.dose_changes:
            self.add({"changes": [{"day": given["level"].get("since", -60), **given["level"], "verdict": "start"}]})
        self.plan: Plan | None = None
        self.changes: tuple[DoseChange, ...] = ()
        self.refused: Reason | None = None

    def day(self, offset: int) -> date:
        return self.zero + timedelta(days=offset)

    def at(self, offset: int, hour: float) -> datetime:
        return datetime.combine(self.day(offset), time(int(hour), round(60 * (hour % 1))))

    def name(self, what: str) -> str:
        self.count += 1
        return f"{what}{self.count}"

    def _settings(self, raw: Mapping[str, Any]) -> PlanSettings:
        raw = dict(raw)
        if raw.get("screen") != {}:
            raw["screen"] = dict.fromkeys(SCREEN, False) | raw.get("screen", {})
        if "equipment" in raw:
            raw["equipment"] = frozenset(raw["equipment"])
        for name in ("hard_weekdays", "weekdays"):
            if name in raw:
                raw[name] = frozenset(raw[name])
        if "lengths" in raw:
            raw["lengths"] = {self.day(day): length for day, length in raw["lengths"].items()}
        if "shoes_since" in raw:
            raw["shoes_since"] = self.day(raw["shoes_since"])
        for name in ("anchors", "textures"):
            if name in raw:
                raw[name] = tuple(raw[name])
        return PlanSettings(**raw)

    def add(self, more: Mapping[str, Any]) -> None:
        """What arrives: runs, plans, diary rows (and those erased), flags, pauses, checks, answers, changes of dose,
        settings."""
        state = self.state
        if "settings" in more and state.dose_changes:
            kept = {name: getattr(state.settings, name) for name in PlanSettings.__slots__}
            state = replace(state, settings=replace(self._settings(more["settings"])))
            given = set(more["settings"])
            keep = {name: value for name, value in kept.items() if name not in given}
            state = replace(state, settings=replace(state.settings, **keep))
        runs = [*state.runs]
        for raw in more.get("runs", ()):
            run = self._run(raw)
            runs = [one for one in runs if one.run_id != run.run_id] + [run]
        erased = {(what, self.day(day)) for what, day in more.get("erase", ())}
        diary = [entry for entry in state.diary if (entry.what, entry.day) not in erased]
        diary += [entry for raw in more.get("diary", ()) for entry in self._entries(raw)]
        flags = [*state.flags]
        for raw in more.get("flags", ()):
            if raw.get("clear"):
                flags = [replace(one, cleared_utc=state.now_utc) if one.name == raw["name"] else one for one in flags]
                continue
            cleared = self.at(raw["cleared"], 12) if "cleared" in raw else None
            day = raw.get("day", (state.today - self.zero).days)
            flags.append(FlagRaised(self.name("flag"), raw["name"], self.at(day, 0), self.day(day), cleared))
        planned = more.get("planned")
        self.state = replace(
            state,
            runs=tuple(sorted(runs, key=lambda run: run.start_utc)),
            diary=tuple(sorted(diary, key=lambda entry: entry.day)),
            flags=tuple(flags),
            planned=state.planned if planned is None else tuple(self._planned(raw) for raw in planned),
            pauses=(*state.pauses, *(self._pause(raw) for raw in more.get("pauses", ()))),
            assessments=(*state.assessments, *(self._check(raw) for raw in more.get("checks", ()))),
            feels=(*state.feels, *(self._feel(raw) for raw in more.get("feels", ()))),
            dose_changes=(*state.dose_changes, *(self._change(raw) for raw in more.get("changes", ()))),
            issued=(*state.issued, *(self._issued(raw) for raw in more.get("issued", ()))),
            card_answers=(*state.card_answers, *(self._answer(raw) for raw in more.get("cards", ()))),
        )
        for raw in more.get("sessions", ()):
            self._session_row(raw)

    def _run(self, raw: Mapping[str, Any]) -> RunSeen:
        kind = Kind(raw["kind"]) if raw.get("kind", "?") != "?" else None
        possible = frozenset(Kind(one) for one in raw.get("possible", ()))
        start = self.at(raw["day"], raw.get("hour", 7))
        minutes = raw.get("minutes", 50)
        return RunSeen(
            raw.get("id", f"run{raw['day']}-{raw.get('hour', 7)}"),
            self.day(raw["day"]),
            start,
            start + timedelta(minutes=minutes),
            60.0 * minutes,
            1000.0 * raw["km"] if "km" in raw else 9000.0,
            kind,
            possible,
            Intensity(raw["intensity"]) if "intensity" in raw else None,
            raw.get("long"),
            Hills(raw["hills"]) if "hills" in raw else None,
            Surface(raw["surface"]) if "surface" in raw else None,
            raw.get("gap"),
            raw.get("shoe"),
            raw.get("minimalist", False),
            raw.get("fresh", True),
        )

    def _entries(self, raw: list[Any]) -> list[DiaryEntry]:
        """``[what, day or [first, last], score, place?, when?]``"""
        what, days, score, *rest = raw
        first, last = days if isinstance(days, list) else (days, days)
        place = Place(rest[0]) if rest and rest[0] is not None else None
        when = When(rest[1]) if len(rest) > 1 else None
        return [
            DiaryEntry(self.name("entry"), what, self.at(day, 6), self.day(day), score, place, None, when)
            for day in range(first, last + 1)
        ]

    def _planned(self, raw: Mapping[str, Any]) -> PlannedRun:
        kind = Kind(raw["kind"]) if raw.get("kind") else None
        start = self.at(raw["day"], raw["hour"]) if "hour" in raw else None
        chance = raw.get("p", 1.0)
        name, race = f"plan{raw['day']}", raw.get("race", False)
        return PlannedRun(self.day(raw["day"]), kind, raw.get("source", "runner"), start, None, chance, name, race)

    def _pause(self, raw: Mapping[str, Any]) -> Pause:
        until = self.day(raw["until"]) if "until" in raw else None
        return Pause(self.name("pause"), raw.get("reason", "ill"), self.day(raw["day"]), until)

    def _answer(self, raw: list[Any]) -> CardAnswer:
        """``[card, answer, day]``"""
        card, answer, day = raw
        return CardAnswer(card, answer, self.day(day))

    def _check(self, raw: Mapping[str, Any]) -> Assessment:
        left = FootCheck(gathers=Place(raw["left"]) if raw.get("left") else None)
        right = FootCheck(gathers=Place(raw["right"]) if raw.get("right") else None)
        return Assessment(self.name("check"), self.day(raw["day"]), left, right, None, raw.get("screen", {}))

    def _feel(self, raw: Mapping[str, Any]) -> SurfaceFeel:
        surface = Surface(raw.get("surface", "trail"))
        return SurfaceFeel(self.day(raw["day"]), surface, raw["feel"], raw.get("texture"), raw.get("run"))

    def _change(self, raw: Mapping[str, Any]) -> DoseChange:
        after = DoseLevel(
            raw.get("minutes", 6.0),
            raw.get("days", 3),
            raw.get("reps", 0),
            raw.get("level", "steady"),
            raw.get("families", {}),
        )
        before = self.state.dose_changes[-1].after if self.state.dose_changes else after
        reason = Reason(raw.get("reason", "start"), {}, ())
        return DoseChange(self.name("change"), self.day(raw["day"]), raw["verdict"], before, after, (reason,), "feet-1")

    def _issued(self, raw: Mapping[str, Any]) -> Prescription:
        day = raw["day"]
        window = Window(raw.get("window", "base"))
        return Prescription(
            raw.get("id", f"given{day}"),
            "case",
            self.day(day),
            window,
            None,
            raw.get("run"),
            raw.get("minutes", 5.0),
            (),
            (),
            (),
            "feet-1",
            counts=raw.get("counts", True),
            inputs={"plan": "given", "avoid": []},
        )

    def _session_row(self, raw: Mapping[str, Any]) -> None:
        reason = SkipReason(raw["reason"]) if "reason" in raw else None
        session = SessionDone(
            self.name("session"),
            self.at(raw["day"], raw.get("hour", 20)),
            self.day(raw["day"]),
            raw.get("state", "done"),
            raw.get("of"),
            raw.get("minutes"),
            reason,
        )
        self.state = replace(self.state, sessions=(*self.state.sessions, session))

    # --- living -------------------------------------------------------------------------------------

    def step(self, step: Mapping[str, Any]) -> None:
        """Moves the clock, adds, lives the day (and the days between, when ``live`` says so), then acts."""
        if "day" in step:
            target = self.day(step["day"])
            if step.get("live"):
                while self.state.today < target - timedelta(days=1):
                    self._move(self.state.today + timedelta(days=1), 20)
                    self._think()
                    if step["live"] == "done":
                        self._do("done")
            self._move(target, step.get("hour", 20))
        elif "hour" in step:
            self._move(self.state.today, step["hour"])
        self.add(step.get("add", {}))
        self.refused = None
        self._think()
        if "accept" in step:
            offer = open_offer(self.state)
            self._take(accept(self.state, offer.change_id if offer else "none", Choice(step["accept"])))
        if "hand" in step:
            self._take(change_by_hand(self.state, **step["hand"]))
        if "step" in step:
            self._take(step_by_hand(self.state, step["step"], step.get("days")))
        if "do" in step:
            self._do(step["do"])
        if "do_primer" in step:
            self._do(step["do_primer"], primer=True)

    def _move(self, day: date, hour: float) -> None:
        now = datetime.combine(day, time(int(hour), round(60 * (hour % 1))))
        self.state = replace(self.state, today=day, now_utc=now)

    def _think(self) -> None:
        self.changes = review(self.state)
        self.state = replace(self.state, dose_changes=self.state.dose_changes + self.changes)
        assert review(self.state) == (), "a second review over an unchanged world must change nothing"
        self.plan = plan(self.state)
        self.state = replace(self.state, issued=self.state.issued + self.plan.issue)
        assert plan(self.state).issue == (), "a second plan over an unchanged world must issue nothing"

    def _take(self, answer: DoseChange | Reason) -> None:
        if isinstance(answer, Reason):
            self.refused = answer
            return
        self.changes = (*self.changes, answer)
        self.state = replace(self.state, dose_changes=(*self.state.dose_changes, answer))

    def _do(self, how: str, *, primer: bool = False) -> None:
        assert self.plan is not None
        how, _, reason = how.partition(":")
        for one in self.plan.today:
            if (one.window is Window.PRIMER) is primer:
                day = (self.state.today - self.zero).days
                raw = {
                    "day": day,
                    "state": how,
                    "of": one.prescription_id,
                    "hour": self.state.now_utc.hour + self.state.now_utc.minute / 60,
                }
                self._session_row(raw | ({"reason": reason} if reason else {}))
        self.plan = plan(self.state)


def seen(story: Story) -> dict[str, Any]:
    """Everything a case may expect, by the name it is expected under."""
    assert story.plan is not None
    shown, state = story.plan, story.state
    work = next((one for one in reversed(shown.today) if one.window is not Window.PRIMER), None)
    level = state.dose_changes[-1].after
    found: dict[str, Any] = {
        "cards": [card.key for card in shown.cards],
        "first_card": shown.cards[0].key if shown.cards else None,
        "card_values": {card.key: dict(card.values) for card in shown.cards},
        "nothing": shown.nothing.key if shown.nothing else None,
        "stopped": shown.stopped,
        "primer": any(one.window is Window.PRIMER for one in shown.today),
        "changes": [change.verdict for change in story.changes],
        "change_reasons": [reason.key for change in story.changes for reason in change.reasons],
        "refused": story.refused.key if story.refused else None,
        "level": {
            "minutes": level.minutes,
            "days": level.days_per_week,
            "reps": level.extra_reps,
            "level": level.level,
        },
        "revisits": [one.detector for one in revisits(state)],
        "work": work is not None,
        **_about(work),
        "ahead": _about(shown.ahead[0]) if shown.ahead else None,
        "primer_drills": [drill.drill for one in shown.today if one.window is Window.PRIMER for drill in one.drills],
        "primer_reasons": [reason.key for one in shown.today if one.window is Window.PRIMER for reason in one.reasons],
        "tips": [reason.key for one in shown.today for reason in one.reasons if reason.key.startswith("tip_")],
        "flags_named": [card.values["flag"] for card in shown.cards if "flag" in card.values],
    }
    english, german = load_language("en"), load_language("de")
    drills = [drill.drill for one in (*shown.today, *shown.ahead) for drill in one.drills]
    found["wordless"] = [
        f"{drill}.{part}"
        for drill in drills
        for part in ("name", "how", "cue", "breath", "feel", "stop")
        if not english.say(f"drill.{drill}.{part}") or not german.say(f"drill.{drill}.{part}")
    ]
    found["breaths"] = len({english.say(f"drill.{drill}.breath") for drill in drills})
    kept = adherence(state, state.today - timedelta(days=27), state.today)
    found["adherence"] = {
        "done_7": kept.week.done,
        "due_7": kept.week.prescribed,
        "done_28": kept.month.done,
        "due_28": kept.month.prescribed,
        "over_28": kept.month.over,
        "on_time": kept.on_time,
        "before_runs": kept.before_runs,
        "streak": kept.streak_weeks,
        "excused": kept.month.excused_days,
    }
    return found


def _about(work: Prescription | None) -> dict[str, Any]:
    if work is None:
        return {"window": None, "drills": [], "reasons": [], "warnings": []}
    doses = {drill.drill: drill.dose for drill in work.drills}
    return {
        "window": work.window.value,
        "recipe": work.inputs.get("recipe"),
        "kind": work.kind.value if work.kind else None,
        "run": work.run_id,
        "minutes": work.minutes,
        "one_minute": work.one_minute,
        "gentle": work.gentle,
        "counts": work.counts,
        "succeeds": work.supersedes is not None,
        "drills": list(doses),
        "stages": [drill.stage for drill in work.drills],
        "sets": {name: dose.sets for name, dose in doses.items()},
        "reps": {name: dose.reps for name, dose in doses.items()},
        "holds": {name: dose.hold_s for name, dose in doses.items()},
        "reasons": [reason.key for reason in work.reasons],
        "reason_values": {reason.key: dict(reason.values) for reason in work.reasons},
        "warnings": [reason.key for reason in work.warnings],
        "facts": sorted({fact for reason in (*work.reasons, *work.warnings) for fact in reason.facts}),
    }
