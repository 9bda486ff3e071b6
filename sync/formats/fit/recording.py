"""Decoded FIT messages -> recordings: one for each session, legs of a multisport file cut by session time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from rules.facts.recorded import FileId, Floats, Recording, Samples
from sync.formats.fit.decoders import Decoded, Fields, Messages
from sync.formats.fit.devices import device_name
from sync.formats.fit.fields import began_s, fit_instant, fit_number, fit_positive, fit_text, fit_word
from sync.formats.fit.laps import hr_zone_s, laps_between, splits_between, watch_limits, workout_steps
from sync.formats.fit.records import AFTER_THE_END_S, MOST_PER_LEG, STEPPING, leg_samples, record_columns
from sync.formats.samples import last_finite, max_finite, mean_finite, moving_time_s

TRAINING_EFFECT_LABELS = (
    "UNKNOWN", "RECOVERY", "AEROBIC_BASE", "TEMPO", "LACTATE_THRESHOLD", "VO2MAX", "ANAEROBIC_CAPACITY", "SPEED",
)  # fmt: skip
"""Session field 188, absent from the official profile; it agreed with Garmin's own answer on 286 of 293 activities."""

LARGEST_OFFSET_S = 14 * 3600
BAROMETER, GPS = 4, 0
COVERED = 0.8
"""Samples of a cut file that reach less far than this share of its session say nothing of the moving time."""


def recordings_from(decoded: Decoded) -> tuple[Recording, ...]:
    """Every leg of the activity, in order of time; empty when there is no session and not one record with a time."""
    messages = decoded.messages
    columns = record_columns(messages.get("record", []))
    sessions = sorted(_timed_sessions(messages), key=lambda fields: began_s(fields) or 0.0)
    if not sessions:
        stand_in = _session_from_rest(messages, columns)
        if stand_in is None:
            return ()
        return (_recording(stand_in, 0, decoded, columns, math.inf, partial=True),)
    starts = [began_s(fields) or 0.0 for fields in sessions]
    return tuple(
        _recording(
            fields,
            leg,
            decoded,
            columns,
            next((later for later in starts if later > start), math.inf),
            partial=not decoded.whole,
        )
        for leg, (fields, start) in enumerate(zip(sessions, starts, strict=True))
    )


def _timed_sessions(messages: Messages) -> list[Fields]:
    timed = [fields for fields in messages.get("session", []) if began_s(fields) is not None]
    if not timed and len(messages.get("session", [])) == 1:
        # Some apps write no time into the session; the file's own creation is the best there is.
        for fields in messages.get("file_id", []):
            if fit_number(fields.get("time_created")) is not None:
                return [{**messages["session"][0], "start_time": fields["time_created"]}]
    return timed


def _session_from_rest(messages: Messages, columns: Mapping[str, Floats]) -> Fields | None:
    """A cut file has no session yet: its sport, start and totals from laps, the sport message and the records."""
    laps = [fields for fields in messages.get("lap", []) if began_s(fields) is not None]
    times = columns["timestamp"][np.isfinite(columns["timestamp"])]
    if not laps and not len(times):
        return None
    starts = [start for fields in laps if (start := began_s(fields)) is not None]
    starts += [float(times.min())] if len(times) else []
    named = [fields for source in ("sport", "lap") for fields in messages.get(source, []) if "sport" in fields]
    session: Fields = {"start_time": min(starts)}
    for name in ("sport", "sub_sport"):
        if named and name in named[0]:
            session[name] = named[0][name]
    if not len(times):
        for total in ("total_elapsed_time", "total_timer_time", "total_distance"):
            session[total] = sum(fit_number(fields.get(total)) or 0.0 for fields in laps)
    return session


def _recording(
    session: Fields, leg: int, decoded: Decoded, columns: Mapping[str, Floats], until_s: float, *, partial: bool
) -> Recording:
    messages = decoded.messages
    start_s = began_s(session) or 0.0
    elapsed_s = fit_positive(session.get("total_elapsed_time"))
    sport = _sport(session)
    first_s = np.nanmin(columns["timestamp"]) if np.isfinite(columns["timestamp"]).any() else start_s
    if leg == 0 and until_s == math.inf and not start_s - 60 <= first_s <= start_s + (elapsed_s or 0) + AFTER_THE_END_S:
        # The session's clock was never set, the records' was (or the other way round).
        start_s = float(first_s)
    samples = leg_samples(columns, start_s, until_s, elapsed_s, sport)
    if elapsed_s is None:
        elapsed_s = (
            float(samples.t_s[-1]) if samples is not None else fit_number(session.get("total_timer_time")) or 0.0
        )
    timer_s = fit_positive(session.get("total_timer_time"))
    file_id = _file_id(messages)
    return Recording(
        sport=sport,
        sub_sport=fit_word(session.get("sub_sport"), but=("generic",)),
        leg=leg,
        start_utc=fit_instant(start_s),
        elapsed_s=elapsed_s,
        utc_offset_s=_utc_offset_s(messages),
        timer_s=timer_s if timer_s is None or timer_s <= elapsed_s + 1 else elapsed_s,
        laps=laps_between(messages, start_s, min(until_s, start_s + elapsed_s + 1)),
        steps=tuple(workout_steps(messages)),
        workout_name=fit_text(messages.get("workout", []), "wkt_name"),
        has_barometer=_has_barometer(messages),
        device=_device(messages, file_id),
        file_id=file_id,
        samples=samples,
        partial=partial,
        decoder=decoded.link,
        **_totals(session, elapsed_s, samples),
        **_benefit(session),
        hr_zone_s=hr_zone_s(session, messages, leg),
        **watch_limits(messages),
        extra=_extra(session, messages, start_s, start_s + elapsed_s),
    )


def _totals(session: Fields, elapsed_s: float, samples: Samples | None) -> dict[str, Any]:
    """The session's own totals; what it lacks is taken from the samples."""
    moving_s = fit_positive(session.get("total_moving_time"))
    distance_m = fit_number(session.get("total_distance"))
    mean_hr = fit_positive(session.get("avg_heart_rate"))
    max_hr = fit_positive(session.get("max_heart_rate"))
    cadence = fit_positive(session.get("avg_cadence"))
    if cadence is not None:
        cadence += fit_number(session.get("avg_fractional_cadence")) or 0.0
        cadence *= 2 if _sport(session) in STEPPING and cadence < MOST_PER_LEG else 1
    if samples is not None:
        if moving_s is None and float(samples.t_s[-1]) >= COVERED * elapsed_s:
            moving_s = moving_time_s(samples)
        distance_m = distance_m or last_finite(samples.distance_m)
        mean_hr = mean_finite(samples.heart_rate_bpm) if mean_hr is None else mean_hr
        max_hr = max_finite(samples.heart_rate_bpm) if max_hr is None else max_hr
        going = samples.cadence_spm[samples.cadence_spm > 0]
        cadence = mean_finite(going) if cadence is None else cadence
    return {
        "moving_s": moving_s,
        "distance_m": distance_m,
        "ascent_m": fit_number(session.get("total_ascent")),
        "descent_m": fit_number(session.get("total_descent")),
        "mean_heart_rate_bpm": mean_hr,
        "max_heart_rate_bpm": max_hr,
        "mean_cadence_spm": cadence,
    }


def _benefit(session: Fields) -> dict[str, Any]:
    code, rpe = session.get("field_188"), fit_number(session.get("workout_rpe"))
    known = isinstance(code, int) and 0 <= code < len(TRAINING_EFFECT_LABELS)
    return {
        "training_effect_aerobic": fit_number(session.get("total_training_effect")),
        "training_effect_anaerobic": fit_number(session.get("total_anaerobic_training_effect")),
        "training_effect_label": TRAINING_EFFECT_LABELS[code] if known and code is not None else None,
        "training_load": fit_number(session.get("training_load_peak")),
        "rpe": None if rpe is None else rpe / 10,
        "feel": fit_number(session.get("workout_feel")),
    }


def _sport(session: Fields) -> str | None:
    # "generic" names no sport, it is what a watch writes when it was not told one.
    return fit_word(session.get("sport"), but=("generic", "all"))


def _file_id(messages: Messages) -> FileId | None:
    for fields in messages.get("file_id", []):
        created, serial = fit_number(fields.get("time_created")), fields.get("serial_number")
        product = fields.get("product")
        return FileId(
            manufacturer=fit_word(fields.get("manufacturer")),
            product=None if product is None else str(product),
            serial_number=serial if isinstance(serial, int) else None,
            time_created_utc=None if created is None else fit_instant(created),
        )
    return None


def _device(messages: Messages, file_id: FileId | None) -> str | None:
    creators = [fields for fields in messages.get("device_info", []) if fields.get("device_index") in ("creator", 0)]
    named = fit_text([*messages.get("file_id", []), *creators], "product_name")
    if named is not None or file_id is None:
        return named
    return device_name(file_id.manufacturer, file_id.product)


def _has_barometer(messages: Messages) -> bool | None:
    inside = {
        fields.get("device_type") for fields in messages.get("device_info", []) if fields.get("source_type") == "local"
    }
    if BAROMETER in inside:
        return True
    return False if GPS in inside else None


def _utc_offset_s(messages: Messages) -> int | None:
    """The activity message names the same instant in UTC and on the watch's face.

    Kept when it is a whole number of quarter-hours (within a minute) and at most 14 h. Watches that know no zone write
    one instant twice: that names none.
    """
    for fields in messages.get("activity", []):
        utc_s, local_s = fit_number(fields.get("timestamp")), fit_number(fields.get("local_timestamp"))
        if utc_s is None or local_s is None:
            continue
        offset_s = round((local_s - utc_s) / 900) * 900
        if abs(offset_s) <= LARGEST_OFFSET_S and abs(local_s - utc_s - offset_s) <= 60:
            return offset_s or None
    return None


# --- what has no place of its own -----------------------------------------------------------------

PLACED = frozenset({
    "timestamp", "start_time", "message_index", "sport", "sub_sport", "total_elapsed_time", "total_timer_time",
    "total_moving_time", "total_distance", "total_ascent", "total_descent", "avg_heart_rate", "max_heart_rate",
    "avg_cadence", "avg_fractional_cadence", "total_training_effect", "total_anaerobic_training_effect",
    "training_load_peak", "workout_rpe", "workout_feel", "field_188", "time_in_hr_zone", "event", "event_type",
    "event_group", "trigger", "first_lap_index", "num_laps",
})  # fmt: skip
PLACES = ("position", "_lat", "_long")


def _extra(session: Fields, messages: Messages, start_s: float, end_s: float) -> dict[str, Any]:
    """Session and developer fields without a place of their own: JSON-able, without coordinates.

    Fields the profile has no name for are left out: some of them are coordinates.
    """
    extra: dict[str, Any] = {}
    for name, value in sorted(session.items()):
        if name in PLACED or name.startswith("field_") or any(part in name for part in PLACES):
            continue
        if isinstance(value, str) or fit_number(value) is not None:
            extra[name] = value
    profile = fit_text(messages.get("sport", []), "name")
    if profile is not None:
        extra["sport_profile_name"] = profile
    splits = splits_between(messages, start_s, end_s)
    if splits:
        extra["splits"] = splits
    return extra
