"""The three ways the world says no. An error carries a code and values; the edge says them in the runner's language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from errno import EACCES, EDQUOT, ENOSPC, EPERM, EROFS
from typing import Any, Self

Value = str | int | float | bool | None
RENDERED = "rendered"
"""The code of a sentence that is a sentence already: from an older store, or an older daemon."""
INTERNAL = "internal"
"""The code of our own mistake, which nobody foresaw."""
DISK_FULL, NOT_ALLOWED = "disk_full", "not_allowed"
NO_RIGHTS = frozenset({EACCES, EPERM, EROFS})
NO_SPACE = "No space left on device"
NO_ROOM = frozenset({ENOSPC, EDQUOT})


@dataclass(frozen=True, slots=True)
class CodedText:
    """An error or an answer as it is stored and sent: nothing of it is a sentence, so each reader gets their own."""

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join([self.code, *(f"{name}={value!r}" for name, value in self.values.items())])

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "values": dict(self.values)}

    def to_text(self) -> str:
        """For a column of text."""
        return json.dumps(self.to_json(), ensure_ascii=False)

    @classmethod
    def from_json(cls, stored: Any) -> CodedText | None:
        """None for anything else."""
        match stored:
            case {"code": str(code), "values": dict(values)}:
                return cls(code, {str(name): json_value(value) for name, value in values.items()})
            case _:
                return None

    @classmethod
    def from_text(cls, stored: str) -> CodedText:
        """A text without a code is a sentence which an older springstep stored."""
        try:
            coded = cls.from_json(json.loads(stored))
        except ValueError:
            coded = None
        return coded or cls.rendered(stored)

    @classmethod
    def rendered(cls, says: str, do: str | None = None) -> CodedText:
        return cls(RENDERED, {"says": says, "do": do})


def unforeseen(error: BaseException) -> CodedText:
    """What nobody caught, as it is told: a full disk, and a file that this user may not read or write, are nobody's
    mistake, all else is ours.

    The database tells of the disk in words, and refuses all else afterwards with the same words in it.
    """
    at: BaseException | None = error
    while at is not None:
        if (isinstance(at, OSError) and at.errno in NO_ROOM) or NO_SPACE in str(at):
            return CodedText(DISK_FULL)
        if isinstance(at, OSError) and at.errno in NO_RIGHTS and isinstance(at.filename, str):
            return CodedText(NOT_ALLOWED, {"path": at.filename})
        at = at.__cause__ or at.__context__
    return CodedText(INTERNAL, {"what": type(error).__name__})


class SpringstepError(Exception):
    """``code`` names what happened, ``values`` fill its text; ``why`` is a word for programs that watch.

    The text lies under ``[error.<code>]`` in the language files. ``str(error)`` is for logs and holds no secret, as no
    value may be one.
    """

    exit_code = 1

    def __init__(self, code: str, /, *, why: str | None = None, **values: Any) -> None:
        self.code = code
        self.values: dict[str, Value] = {name: json_value(value) for name, value in values.items()}
        self.why = why
        super().__init__(code)

    @classmethod
    def of(cls, coded: CodedText) -> Self:
        """The error that was stored or sent as ``coded``."""
        error = cls(coded.code)
        error.values.update(coded.values)
        return error

    def __str__(self) -> str:
        return str(self.coded)

    @property
    def coded(self) -> CodedText:
        return CodedText(self.code, self.values)


class PersonMustAct(SpringstepError):
    """Nothing gets better by waiting: a key ran out, a config is wrong, another process holds the store."""

    exit_code = 2


class Unknown(PersonMustAct):
    """Something was named that is not there: a run, a question, a piece of work."""


class TryLater(SpringstepError):
    """It may work later, not before ``not_before_utc`` where the other side named a time."""

    exit_code = 3

    def __init__(
        self, code: str, /, *, why: str | None = None, not_before_utc: datetime | None = None, **values: Any
    ) -> None:
        super().__init__(code, why=why, **values)
        self.not_before_utc = not_before_utc


class NoStore(TryLater):
    """The store is ``missing`` or ``unreadable`` although copies or originals of one are there: the runner chooses.

    ``copies`` are the days of the nightly copies, newest first; ``detail`` is what the database said. What is typed
    meanwhile waits in the outbox.
    """

    exit_code = 2

    def __init__(
        self,
        code: str,
        /,
        *,
        why: str | None,
        detail: str = "",
        copies: tuple[str, ...] = (),
        originals: bool = False,
        **values: Any,
    ) -> None:
        super().__init__(code, why=why, detail=detail, **values)
        self.detail = detail
        self.copies = copies
        self.originals = originals


class Bug(SpringstepError):
    """Our own mistake: a broken promise between modules."""


def json_value(value: Any) -> Value:
    """``value`` as JSON knows it; several are named one after the other."""
    match value:
        case str() | bool() | int() | float() | None:
            return str(value) if isinstance(value, str) else value
        case Iterable():
            return ", ".join(str(one) for one in value)
        case _:
            return str(value)
