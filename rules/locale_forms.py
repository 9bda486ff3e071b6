"""What Babel knows of a language, so that a new one is a set of text files and needs no code.

Plural forms, the names of days and months, the signs of numbers, and the language's own name. Babel is imported where
the first of them is asked for: most of what runs says none.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

UNKNOWN = "en"


@cache
def _locale(code: str) -> Locale:
    """A language that Babel does not know counts and dates as English does."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(UNKNOWN)


def plural(code: str, count: float) -> str:
    """``one``, ``two``, ``few``, ``many`` or ``other``: the form that ``count`` takes."""
    return str(_locale(code).plural_form(abs(count)))


def said_day(code: str, pattern: str, day: date) -> str:
    """``day`` by a CLDR pattern: ``ccc d MMM y`` says ``Sun 22 Nov 2026``."""
    from babel.dates import format_date

    return str(format_date(day, pattern, locale=_locale(code)))


@cache
def number_signs(code: str) -> tuple[str, str]:
    """The sign before a fraction and the one between thousands."""
    symbols = _locale(code).number_symbols["latn"]
    return str(symbols["decimal"]), str(symbols["group"])


@cache
def own_name(code: str) -> str:
    """``Deutsch``, ``Español``: a language as those who speak it call it."""
    return capital(str(_locale(code).get_display_name()))


def capital(text: str) -> str:
    """As it begins a sentence; the rest stays as it is, which ``str.capitalize`` would make small."""
    return text[:1].upper() + text[1:]
