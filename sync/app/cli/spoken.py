"""In which language an answer is when the config that would say it is missing or wrong.

The runner's own comes first, then whatever is still known: what a config with a mistake says of the language, the
config that would be read without ``--config``, the terminal's locale. Only where none of them says one is it English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rules.knowledge.languages import DRAFTS, FALLBACK, languages
from sync.errors import SpringstepError

if TYPE_CHECKING:
    from rules.text import Language
    from sync.app.cli.command import Context

WRITTEN = re.compile(r"""^\s*language\s*=\s*["']([a-z-]+)["']""", re.MULTILINE)
LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""As POSIX ranks them: the first that is set counts."""


def spoken(context: Context | None, environ: Mapping[str, str]) -> Language:
    """``context`` None: neither a home nor a config could be found."""
    from rules.text import load_language

    if context is None:
        return load_language(locale_language(environ) or FALLBACK)
    try:
        return context.language
    except SpringstepError:
        pass
    try:
        return load_language(context.config.first.language)
    except SpringstepError:
        return load_language(written_language(context.config_path) or locale_language(environ) or FALLBACK)


def written_language(path: Path) -> str | None:
    """The first language a config names, also where the rest of it is wrong."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return next((code for code in WRITTEN.findall(text) if code in languages()), None)


def locale_language(environ: Mapping[str, str]) -> str | None:
    """``de`` of ``de_DE.UTF-8``. A draft is chosen by hand only."""
    locale = next((environ[name] for name in LOCALE if environ.get(name)), "")
    code = re.split("[_.@]", locale)[0].lower()
    return code if code in languages() and code not in DRAFTS else None
