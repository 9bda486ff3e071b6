"""The three ways the world says no; each tells the person what happened and what to do."""

from __future__ import annotations

from datetime import datetime


class SpringstepError(Exception):
    """``says`` is for the runner; ``do`` is what to do now; ``why`` is a word for programs that watch."""

    exit_code = 1

    def __init__(self, says: str, *, do: str | None = None, why: str | None = None) -> None:
        super().__init__(says if do is None else f"{says} {do}")
        self.says = says
        self.do = do
        self.why = why


class PersonMustAct(SpringstepError):
    """Nothing gets better by waiting: a key ran out, a config is wrong, another process holds the store."""

    exit_code = 2


class Unknown(PersonMustAct):
    """Something was named that is not there: a run, a question, a piece of work."""


class TryLater(SpringstepError):
    """It may work later, not before ``not_before_utc`` where the other side named a time."""

    exit_code = 3

    def __init__(
        self, says: str, *, do: str | None = None, why: str | None = None, not_before_utc: datetime | None = None
    ) -> None:
        super().__init__(says, do=do, why=why)
        self.not_before_utc = not_before_utc


class NoStore(TryLater):
    """The store is ``missing`` or ``unreadable`` although copies or originals of one are there: the runner chooses.

    ``choice`` says how, in lines; ``copies`` are the days of the nightly copies, newest first. What is typed meanwhile
    waits in the outbox.
    """

    exit_code = 2

    def __init__(
        self,
        says: str,
        *,
        do: str,
        choice: str,
        why: str | None,
        detail: str = "",
        copies: tuple[str, ...] = (),
        originals: bool = False,
    ) -> None:
        super().__init__(says, do=do, why=why)
        self.choice = choice
        self.detail = detail
        self.copies = copies
        self.originals = originals


class Bug(SpringstepError):
    """Our own mistake: a broken promise between modules."""
