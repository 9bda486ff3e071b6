"""Three decoders of one FIT sequence, each to the same words.

A link turns bytes into ``Decoded``: messages by their profile name, fields by their profile name (``field_188`` when
the profile lacks it), developer fields by the name their file describes. Scale and offset are applied; positions stay
semicircles; instants are seconds since 1970 in UTC (the local timestamp: the same, read off the device's own clock);
enums are the profile's words. Missing values are absent.

A link is imported when it is used: any of the three may be uninstalled.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Fields = dict[str, Any]
Messages = dict[str, list[Fields]]

FIT_EPOCH_S = 631065600
"""1989-12-31T00:00:00Z, where FIT's clock starts."""

WANTED = frozenset({
    "file_id", "session", "lap", "record", "activity", "device_info", "workout", "workout_step", "sport", "split",
    "time_in_zone",
})  # fmt: skip
"""Messages that something is read from; the others are not turned into our words."""

INSTANTS = frozenset({"timestamp", "start_time", "time_created", "local_timestamp", "end_time"})


@dataclass(frozen=True, slots=True)
class Decoded:
    """``whole`` is False when the bytes ended or broke before the sequence did: what decoded until then is here."""

    messages: Messages
    link: str
    whole: bool = True


def fitfast(data: bytes) -> Decoded:
    """Compiled and the fastest; refuses sound files whose header CRC is 0."""
    import fitfast as library

    parsed: dict[str, list[dict[Any, Any]]] = library.parse(data)
    described: dict[int, str] = {}
    for fields in parsed.get("field_description", ()):
        _describe(fields, described)
    if any(name.isidentifier() and name == name.lower() for name in described.values()):
        raise ValueError("developer-field-in-the-way")
    messages: Messages = {name: parsed[name] for name in WANTED if name in parsed}
    for name, rows in messages.items():
        # Records are nine tenths of a file, and no field without a name is read from them.
        if name != "record":
            messages[name] = [
                {key if isinstance(key, str) else f"field_{key}": value for key, value in fields.items()}
                for fields in rows
            ]
    return Decoded(messages, "fitfast")


def pyfitparsernative(data: bytes) -> Decoded:
    """Compiled; takes what ``fitfast`` refuses for its header CRC."""
    import pyfitparsernative as library

    listed: list[Fields] = library.parse_fit_bytes(data)
    messages: Messages = {}
    described: dict[int, str] = {}
    for fields in listed:
        number = str(fields["message_type"])
        name = MESSAGES.get(number, number)
        if name == "field_description":
            _describe(fields, described)
        elif name in WANTED:
            messages.setdefault(name, []).append(_own_first(_renamed(fields, described)))
    return Decoded(messages, "pyfitparsernative")


def _describe(fields: Fields, described: dict[int, str]) -> None:
    number, name = fields.get("field_definition_number"), fields.get("field_name")
    if isinstance(number, int) and name is not None:
        described[number] = name if isinstance(name, str) else "".join(part for part in name if part)


def _own_first(pairs: Iterable[tuple[str, bool, Any]]) -> Fields:
    """Fields by name; a developer's field never takes the place of the device's own."""
    fields: Fields = {}
    developers: Fields = {}
    for name, own, value in pairs:
        (fields if own else developers)[name] = value
    return {**developers, **fields} if developers else fields


def _renamed(fields: Fields, described: Mapping[int, str]) -> Iterator[tuple[str, bool, Any]]:
    for key, value in fields.items():
        if key in INSTANTS and isinstance(value, str):
            yield key, True, int(datetime.fromisoformat(value).replace(tzinfo=UTC).timestamp())
        elif key.startswith("unknown_field_"):
            yield f"field_{key.removeprefix('unknown_field_')}", True, value
        elif key.startswith("developer_field_"):
            number = int(key.removeprefix("developer_field_"))
            yield described.get(number, f"developer {number}"), False, value
        elif key != "message_type":
            yield key, True, value


def fitdecode(data: bytes) -> Decoded:
    """Pure Python and the slowest; keeps what it read when the bytes are cut short or break."""
    import fitdecode as library

    messages: Messages = {}
    whole, read_any = True, False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = library.FitReader(
            io.BytesIO(data),
            check_crc=library.CrcCheck.DISABLED,
            error_handling=library.ErrorHandling.IGNORE,
        )
        try:
            for frame in reader:
                if isinstance(frame, library.FitDataMessage):
                    name = MESSAGES.get(str(frame.global_mesg_num), frame.name)
                    read_any = True
                    if name in WANTED:
                        messages.setdefault(name, []).append(_own_first(_fields(frame)))
        except Exception:
            # Whatever broke inside (EOF, a definition that is missing, text that is none): this is the last link, and
            # the messages before the break are good.
            whole = False
    if not read_any:
        raise ValueError("no-message")
    return Decoded(messages, "fitdecode", whole)


def _fields(frame: Any) -> Iterator[tuple[str, bool, Any]]:
    for field in frame.fields:
        value = field.value
        if value is None or (isinstance(value, tuple) and all(part is None for part in value)):
            continue
        own = field.field_type != "devfield"
        name = field.name
        if field.parent_field is not None and not field.is_expanded:
            # A sub-field: the other links know only the main field and its bare number.
            name, value = field.parent_field.name, field.raw_value
        elif field.field is None or name is None:
            name = f"field_{field.def_num}" if own else f"developer {field.def_num}"
        elif isinstance(value, datetime):
            value = int(value.timestamp())
        elif name in INSTANTS and isinstance(value, int):
            value += FIT_EPOCH_S
        elif isinstance(value, tuple):
            value = list(value)
        elif name in NEWER_SPORTS and isinstance(value, int):
            value = NEWER_SPORTS[name].get(value, value)
        yield name, own, value


MESSAGES = {"312": "split", "313": "split_summary", "216": "time_in_zone"}
"""Messages that one link or another still knows only by number."""

NEWER_SPORTS: Mapping[str, Mapping[int, str]] = {
    "sport": {
        56: "shooting", 58: "winter_sport", 59: "grinding", 63: "video_gaming", 68: "para_sport", 70: "team_sport",
        78: "water_sport", 79: "archery", 81: "motor_sports", 85: "pool_apnea", 86: "mobility", 87: "geocaching",
        88: "canoeing",
    },
    "sub_sport": {
        63: "ccr_diving", 66: "expedition", 71: "indoor_grinding", 72: "hunting_with_dogs", 77: "esport",
        78: "triathlon", 79: "duathlon", 80: "brick", 81: "swim_run", 82: "adventure_race", 83: "trucker_workout",
        90: "field", 91: "ice", 92: "ultimate", 93: "platform", 98: "overland", 99: "trolling_motor",
    },
}  # fmt: skip
"""Words that the profile of ``fitdecode`` 0.11 lacks and the compiled links have; measured name by name."""

Decoder = Callable[[bytes], Decoded]
LINKS: tuple[Decoder, ...] = (fitfast, pyfitparsernative, fitdecode)
