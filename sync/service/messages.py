"""Reasons, answers and errors as sentences: a kind or a source is said by its name in the runner's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.facts.foot_work import Reason
from rules.text import Language
from sync.errors import RENDERED, CodedText, NoStore, SpringstepError

NAMES = {"kind": "kind", "place": "place", "surface": "value.surface", "texture": "texture", "flag": "flag"}
NAMES_IN_ERRORS = NAMES | {"source": "source.name"}
DRILL = "drill"
"""A drill's id is said by the drill's name."""
COPIES_SHOWN = 8
"""As many copies are named as are kept usually."""


def reason_says(reason: Reason, language: Language) -> str:
    return language.say(f"reason.{reason.key}", **in_words(reason.values, language))


def in_words(values: Mapping[str, Any], language: Language, names: Mapping[str, str] = NAMES) -> dict[str, Any]:
    """Values as the runner says them."""
    said: dict[str, Any] = {}
    for name, value in values.items():
        key = f"{names.get(name, '')}.{value}" if name != DRILL else f"drill.{value}.name"
        said[name] = language.say(key) if (name in names or name == DRILL) and key in language else value
    return said


def render_error(error: SpringstepError | CodedText, language: Language) -> tuple[str, str | None]:
    """What happened, and what to do now.

    A code that this version has no text for, or values that do not fill it, come from another version: the code and
    the values are shown as they are.
    """
    coded = error.coded if isinstance(error, SpringstepError) else error
    if coded.code == RENDERED:
        do = coded.values.get("do")
        return str(coded.values.get("says") or ""), None if do is None else str(do)
    key, values = f"error.{coded.code}", in_words(coded.values, language, NAMES_IN_ERRORS)
    try:
        do = language.say(f"{key}.do", **values) if f"{key}.do" in language else None
        return language.say(f"{key}.says", **values), do
    except KeyError:
        return str(coded), None


def error_text(error: SpringstepError | CodedText, language: Language) -> str:
    """Both in one line."""
    says, do = render_error(error, language)
    return says if do is None else f"{says} {do}"


def render_answer(answer: CodedText, language: Language) -> str:
    """What a command is answered with: the text of its code, or a sentence that an older springstep stored."""
    if answer.code not in language:
        return render_error(answer, language)[0]
    return language.say(answer.code, **in_words(answer.values, language))


def choice_text(lost: NoStore, language: Language) -> str:
    """What happened to the store, and both ways out, as ``status`` prints it; other commands print a line."""
    say = language.say
    lines = [
        render_error(lost, language)[0],
        say("cli.no_store.waits"),
        *(
            say("cli.no_store.restore", day=day, command=f"springstep restore {day}")
            for day in lost.copies[:COPIES_SHOWN]
        ),
        say("cli.no_store.restore_file" if lost.copies else "cli.no_store.restore_no_copy"),
        say("cli.no_store.empty"),
    ]
    return "\n".join(lines)
