"""Logs: an event and its fields, to stderr and to a rotating file in the home, without anything private.

Readable on a terminal, JSON under systemd; the file is always JSON. The one place where structlog is configured;
libraries that log through the standard library take the same road.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, MutableMapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, TextIO

import structlog

from sync.settings import redact
from sync.settings.config import Logs

_LEVELS: Mapping[str, int] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
_CHATTY = ("urllib3", "asyncio", "stravalib", "schedule")


def under_systemd(environ: Mapping[str, str]) -> bool:
    return "JOURNAL_STREAM" in environ or "INVOCATION_ID" in environ


def configure(
    name: str,
    folder: Path | None,
    settings: Logs,
    *,
    environ: Mapping[str, str],
    quiet: bool = False,
    stream: TextIO | None = None,
) -> None:
    """``name`` is the file's name in ``folder`` (one for the daemon, one for commands: two processes would lose
    lines when they rotate the same file); no folder, no file. ``quiet`` keeps the log off stderr, because a command
    talks to a person there."""
    stream = stream or sys.stderr
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
        _redacted,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    as_json = structlog.processors.JSONRenderer(default=str, ensure_ascii=False)
    human = structlog.dev.ConsoleRenderer(colors=stream.isatty())
    talk = logging.StreamHandler(stream)
    talk.setFormatter(_formatter(as_json if under_systemd(environ) else human, shared))
    talk.setLevel(_LEVELS[settings.level])
    handlers: list[logging.Handler] = [logging.NullHandler() if quiet else talk]
    if folder is not None:
        handlers.append(_file(folder / f"{name}.log", settings, _formatter(as_json, shared)))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(_LEVELS[settings.level])
    for library in _CHATTY:
        logging.getLogger(library).setLevel(max(logging.WARNING, _LEVELS[settings.level]))
    logging.captureWarnings(capture=True)
    # A log that cannot be written, on a full disk, is no reason to fill the terminal.
    logging.raiseExceptions = False


def _file(path: Path, settings: Logs, formatter: logging.Formatter) -> logging.Handler:
    handler = RotatingFileHandler(
        path, maxBytes=settings.file_mb * 1024 * 1024, backupCount=settings.files - 1, encoding="utf-8", delay=True
    )
    handler.setFormatter(formatter)
    return handler


def _formatter(renderer: Any, shared: list[Any]) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )


def _redacted(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if not key.startswith("_"):
            event[key] = redact.value_of(key, value)
    return event
