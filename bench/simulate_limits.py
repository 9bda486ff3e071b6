"""What must never happen, watched from outside: the limits of the foot work, reckoned without the rules' own code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from rules.facts.answers import Place
from rules.facts.foot_work import DiaryEntry, DoseChange, DoseLevel, Prescription, Window
from rules.facts.kinds import Kind
from rules.plan.plan import Plan
from rules.state.feet import FootState

LOADED = {"towel-curl", "band-curl", "texture-walk", "calf-raise"}
FOREFOOT = (Place.TOES, Place.BALL, Place.BIG_TOE_JOINT, None)


class Watch:
    """Looks at each day's state, changes of dose and plan; ``breaches`` are (limit, example)."""

    def __init__(self) -> None:
        self.breaches: list[tuple[str, str]] = []
        self.counts: Counter[str] = Counter()
        self._week: date | None = None
        self._given: dict[str, Prescription] = {}
        self._most: tuple[int, float] = (0, 0.0)
        self._issued_week: list[Prescription] = []

    def day(self, state: FootState, changes: Sequence[DoseChange], plan: Plan) -> None:
        self.counts["days"] += 1
        self._flags(state, plan)
        self._soreness(state)
        for change in changes:
            self._change(state, change)
        self._given |= {one.prescription_id: one for one in plan.issue}
        self._sessions(state, plan)
        self._care(state, plan)
        self._hard_runs(state, plan)
        self._budget(state, plan)

    def again(self, changes: Sequence[DoseChange], plan: Plan) -> None:
        if changes or plan.issue:
            self._breach("a second look issues and changes nothing", f"{changes} {plan.issue}")

    def end(self, state: FootState) -> None:
        self._close_week(state)

    def _breach(self, limit: str, example: object) -> None:
        self.breaches.append((limit, str(example)[:300]))

    def _flags(self, state: FootState, plan: Plan) -> None:
        sore = [one.score for one in _entries(state, state.today, state.today) if one.what == "soreness"]
        standing = [flag for flag in state.flags if flag.cleared_utc is None]
        if not standing and max(sore, default=0) <= 5:
            return
        self.counts["flag-days"] += 1
        if not any(card.key.startswith("red_flag") for card in plan.cards):
            self._breach("red-flag text in every such state", (state.today, standing, sore))
        if plan.today or plan.issue:
            self._breach("no drills while a red flag stands", (state.today, plan.issue))

    def _soreness(self, state: FootState) -> None:
        entries = _entries(state, state.today, state.today)
        if any(one.what == "soreness" and one.score > 5 and one.place in FOREFOOT for one in entries):
            self.counts["sore-above-5"] += 1
            if not any(one.verdict == "dial_back" and one.day == state.today for one in state.dose_changes):
                self._breach("dial-back within one session of soreness above 5", state.today)

    def _change(self, state: FootState, change: DoseChange) -> None:
        before, after = change.before, change.after
        if after.minutes > 15 or after.days_per_week > 5:
            self._breach("ceiling 15 minutes on 5 days", after)
        rises = [after.minutes > before.minutes, after.extra_reps > before.extra_reps]
        if not _rises(before, after):
            return
        self.counts["steps-up"] += 1
        if all(rises):
            self._breach("never minutes and repetitions in one step", change)
        more = (after.minutes - before.minutes) / 2, after.days_per_week - before.days_per_week
        if max(*more, after.extra_reps - before.extra_reps) > 1:
            self._breach("no more than one step of minutes, days or repetitions", change)
        earlier = [
            one.day
            for one in state.dose_changes
            if one.change_id != change.change_id and _rises(one.before, one.after) and one.day <= change.day
        ]
        if earlier and (change.day - earlier[-1]).days < 7:
            self._breach("at most one step up in 7 days", (earlier[-1], change.day))
        if _jumped(state, change.day):
            self._breach("no step up on or the day after a jump", change)
        if change.verdict != "way_back" and _spike_unanswered(state):
            self._breach("no step up while a revisit is unanswered", change)

    def _sessions(self, state: FootState, plan: Plan) -> None:
        level = state.dose_changes[-1].after
        for one in plan.issue:
            self._unloaded(state, one)
            if one.window is Window.PRIMER:
                self.counts["primers"] += 1
                if one.counts or one.minutes > 1:
                    self._breach("the primer is never counted", one)
                continue
            self.counts["sessions"] += 1
            if one.window is Window.AFTER and not one.counts and one.minutes > 5:
                self._breach("no reset or warm-up longer than five minutes", one)
            most = 1 if one.one_minute else level.minutes + level.extra_reps
            if _care_of(one) is None and one.counts and one.minutes > most:
                self._breach("no counted plan longer than the ladder's minutes", (one.minutes, level))
            drills = {drill.drill for drill in one.drills}
            if level.level == "dialled_back":
                self.counts["dialled-back-sessions"] += 1
                if drills & {"band-curl", "texture-walk", "towel-curl"}:
                    self._breach("no band or barefoot work while dialled back", drills)
            if one.window is Window.BEFORE:
                self.counts["before-sessions"] += 1
                if drills & {"band-curl", "towel-curl", "texture-walk"}:
                    self._breach("before-work never loads", drills)
        done = [one for one in self._done(state) if one.counts and one.day == state.today]
        new = [one for one in plan.issue if one.counts and one.day == state.today]
        if len(new) + len(done) > 1:
            self._breach("at most one counted session a day", (done, new))

    def _done(self, state: FootState) -> list[Prescription]:
        """What was given and done or partly done, of the last sessions."""
        did = [one.prescription_id for one in state.sessions[-20:] if one.state != "skipped"]
        return [self._given[name] for name in did if name in self._given]

    def _care(self, state: FootState, plan: Plan) -> None:
        """Warm-ups before hard runs, resets and mornings after long and hilly ones: outside the count, within their own
        limits."""
        sore = [one.score for one in _entries(state, state.today, state.today) if one.what == "soreness"]
        dialled_back = state.dose_changes[-1].after.level == "dialled_back"
        done = [(one.day, _care_of(one), one.run_id) for one in self._done(state)]
        for one in plan.issue:
            what = _care_of(one)
            if what is None:
                continue
            self.counts["care"] += 1
            drills = {drill.drill for drill in one.drills}
            if one.counts:
                self._breach("resets and warm-ups are outside the count", one)
            if one.minutes > 5:
                self._breach("no reset or warm-up longer than five minutes", one)
            # A second long run of the day has its own reset.
            if (one.day, what, one.run_id) in done or sum(
                _care_of(other) == what and other.day == one.day for other in plan.issue
            ) > 1:
                self._breach("at most one warm-up, one morning after and one reset a run", (one, done))
            if dialled_back and (one.minutes > 2.5 or drills & (LOADED | {"toe-curl", "arch-lift", "spread-grip"})):
                self._breach("resets and warm-ups are lighter while dialled back", one)
            ill = [pause.until_day for pause in state.pauses if pause.reason == "ill" and pause.until_day is not None]
            back = any(0 <= (one.day - until).days <= 8 for until in ill)
            spared = back or any(card.key.startswith("lighter_") or card.key == "after_illness" for card in one.reasons)
            careful = dialled_back or max(sore, default=0) >= 4 or spared
            if not careful and one.minutes < 3:
                self._breach("no reset or warm-up is cut", one)

    def _unloaded(self, state: FootState, one: Prescription) -> None:
        loaded = {drill.drill for drill in one.drills} & LOADED
        told = set(state.settings.screen).union(*(check.screen for check in state.assessments))
        if len(told) < 3:
            self.counts["unscreened-sessions"] += 1
            if loaded:
                self._breach("no towel, band or bare feet before the safety screen", loaded)
        starts = [run.start_utc for run in state.planned if run.day == state.today == one.day and run.start_utc]
        ran = [run.end_utc for run in state.runs[-3:] if run.day == state.today]
        coming = [start for start in starts if start > max(ran, default=state.now_utc - timedelta(days=1))]
        if any(timedelta(0) <= start - state.now_utc <= timedelta(hours=3) for start in coming):
            self.counts["before-run-sessions"] += 1
            if loaded:
                self._breach("no towel, band or bare feet in the three hours before a run", (loaded, coming))

    def _hard_runs(self, state: FootState, plan: Plan) -> None:
        if any(run.day == state.today and run.primary is Kind.TEMPO for run in state.runs[-3:]):
            self.counts["hard-runs"] += 1
            if any(one.window is Window.BEFORE and one.day == state.today for one in plan.issue):
                starts = [one.start_utc for one in state.planned if one.day == state.today]
                self._breach("no block before a run that is over", (state.today, starts))

    def _budget(self, state: FootState, plan: Plan) -> None:
        monday = state.today - timedelta(days=state.today.weekday())
        if monday != self._week:
            self._close_week(state)
            ahead = [one for one in self._issued_week if one.day >= monday]
            self._week, self._issued_week, self._most = monday, ahead, (0, 0.0)
        # What was given before a dial-back stays given, so the week is held against its largest level.
        levels = [one.after for one in state.dose_changes if monday <= one.day] + [state.dose_changes[-1].after]
        levels += [one.before for one in state.dose_changes if monday <= one.day]
        days = max(one.days_per_week for one in levels)
        self._most = (
            max(self._most[0], days),
            max(self._most[1], days * max(one.minutes + one.extra_reps for one in levels)),
        )
        self._issued_week += plan.issue

    def _close_week(self, state: FootState) -> None:
        if self._week is None:
            return
        self.counts["weeks"] += 1
        sunday = self._week + timedelta(days=6)
        did = {one.prescription_id for one in state.sessions[-40:] if one.state != "skipped"}
        counted = [
            one
            for one in self._issued_week
            if one.counts and one.prescription_id in did and self._week <= one.day <= sunday
        ]
        days = [one.day for one in counted]
        if len(days) != len(set(days)):
            self._breach("at most one counted session a day", days)
        if len(set(days)) > self._most[0]:
            self._breach("the week's days", (days, self._most))
        if sum(one.minutes for one in counted) > self._most[1] + 1e-6:
            self._breach("the week's minutes", (counted, self._most))


def _care_of(one: Prescription) -> str | None:
    """Which care it is: told by window and run, so that a plan that is counted by mistake is still seen."""
    if one.window is Window.BEFORE:
        return "warm-up"
    if one.window is Window.MORNING:
        return "morning"
    if one.window is Window.AFTER and one.kind in (Kind.LONG, Kind.HILLS):
        return "reset"
    return None


def _rises(before: DoseLevel, after: DoseLevel) -> bool:
    return (
        after.minutes > before.minutes
        or after.extra_reps > before.extra_reps
        or after.days_per_week > before.days_per_week
    )


def _entries(state: FootState, first: date, last: date) -> list[DiaryEntry]:
    found = []
    for entry in reversed(state.diary):
        if entry.day < first:
            break
        if entry.day <= last:
            found.append(entry)
    return found


def _jumped(state: FootState, day: date) -> bool:
    for entry in _entries(state, day - timedelta(days=1), day):
        week = _entries(state, entry.day - timedelta(days=7), entry.day - timedelta(days=1))
        scores = [one.score for one in week if one.what == entry.what]
        if scores and entry.score >= 2 + sum(scores) / len(scores):
            return True
    return False


def _spike_unanswered(state: FootState) -> bool:
    """A run of the last fortnight more than 10 % over the longest of the 30 days before it, and no self-check since."""
    checked = max((one.day for one in state.assessments), default=date.min)
    for index, run in enumerate(state.runs):
        if (state.today - run.day).days >= 14 or run.day <= checked or (run.day - state.runs[0].day).days < 30:
            continue
        before = [one.distance_m or 0 for one in state.runs[:index] if (run.day - one.day).days <= 30]
        if before and max(before) > 0 and (run.distance_m or 0) > 1.1 * max(before):
            return True
    return False
