"""What a log must not hold: tokens, e-mail addresses, coordinates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

GONE = "[removed]"

_SECRET_KEYS = re.compile(
    r"token|secret|passw|api_?key|authori[sz]ation|cookie|credential|e_?mail|lat(itude)?(_deg)?$|lon(gitude)?(_deg)?$|^lng$|"
    r"latlng|coordinate|polyline",
    re.IGNORECASE,
)
# An address has a longest local part, and names of 60,000 letters come in archives: without a bound each letter of one
# would be looked at from each letter before it.
_IN_TEXT: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w.+-]{1,128}@[\w-]+(\.[\w-]+)+"), GONE),
    (re.compile(r"\b(Bearer|Basic|Token)\s+[\w.~+/=:-]{6,}", re.IGNORECASE), rf"\1 {GONE}"),
    (
        re.compile(
            r"""((?:access_|refresh_|oauth_|id_)?token|client_secret|secret|password|passwd|api_?key|code|signature|ticket)"""
            r"""(["']?\s*[=:]\s*["']?)[^\s&"',;)}\]]+""",
            re.IGNORECASE,
        ),
        rf"\1\2{GONE}",
    ),
    (re.compile(r"\beyJ[\w-]{8,}(\.[\w-]+){1,2}"), GONE),
    # A path's hash or a run's id is hexadecimal and stays; a long mix of cases and digits is a key.
    (re.compile(r"\b(?=\w*[a-z])(?=\w*[A-Z])(?=\w*\d)[A-Za-z0-9_]{32,}\b"), GONE),
    (re.compile(r"(?<![\d.])-?\d{1,3}\.\d{4,}\s*[,;/ ]\s*-?\d{1,3}\.\d{4,}(?!\d)"), GONE),
    (
        re.compile(
            r"""\b(lat(?:itude)?(?:_deg)?|lon(?:gitude)?(?:_deg)?|lng)(["']?\s*[=:]\s*["']?)-?\d+(\.\d+)?""",
            re.IGNORECASE,
        ),
        rf"\1\2{GONE}",
    ),
)


_ADDRESS = re.compile(r"[\w.+-]{1,128}(?:@|%40)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}(?![A-Za-z])")


def file_name(name: str) -> str:
    """A file's name or path as it may be stored and shown: without the e-mail address that account exports put into
    it, and with a mark for each byte that is no UTF-8."""
    return _ADDRESS.sub(GONE, name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def redact_text(value: str) -> str:
    for pattern, instead in _IN_TEXT:
        value = pattern.sub(instead, value)
    return value


def value_of(key: str, value: Any) -> Any:
    """``value`` as it may be logged under ``key``, at any depth."""
    if _SECRET_KEYS.search(key) and value is not None and not isinstance(value, bool):
        return GONE
    match value:
        case str():
            return redact_text(value)
        case Mapping():
            return {name: value_of(str(name), inner) for name, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [value_of("", inner) for inner in value]
        case bool() | int() | float() | None:
            return value
        case _:
            return redact_text(str(value))
