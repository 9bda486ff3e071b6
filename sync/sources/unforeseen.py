"""What nobody foresaw in one activity: told apart from what befalls the whole machine."""

from __future__ import annotations

import errno

from rules.facts.problems import Problem
from sync.errors import PersonMustAct, TryLater
from sync.storage.connect import FILE_IS_ILL

NAME = "unforeseen"
DISK_OR_LIMIT = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE, errno.EACCES, errno.EPERM}
)


def of_one_activity(error: Exception) -> bool:
    """False for what would befall every other activity as well: a service that says no, a full disk, a full RAM.

    Counting those as failed tries would give up on sound runs after a few days with a full disk.
    """
    match error:
        case PersonMustAct() | TryLater() | MemoryError():
            return False
        case OSError():
            return error.errno not in DISK_OR_LIMIT
        case _:
            return not isinstance(error, FILE_IS_ILL)


def problem(place: str, error: Exception) -> Problem:
    """Shown to the runner under the activity's own name; the log has the details."""
    return Problem(place, NAME, type(error).__name__)
