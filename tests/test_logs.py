"""Logs hold an event and its fields, never a token, an e-mail address or a place."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from sync.settings import logging as logs
from sync.settings import redact
from sync.settings.config import Logs

SECRETS = ["ya29.A0ARrdaM-secret", "runner@example.org", "47.123456", "9.654321", "s3cr3t"]


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    for handler in root.handlers:
        if handler not in before:
            handler.close()
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)


def _say_everything() -> None:
    log = structlog.get_logger()
    log.info("token.renewed", access_token=SECRETS[0], account=SECRETS[1])
    log.warning("run.stored", start={"lat": 47.123456, "lng": 9.654321}, near=f"47.123456, {SECRETS[3]}")
    logging.getLogger("library").warning("GET https://api.example/x?access_token=%s&code=s3cr3t", SECRETS[0])
    logging.getLogger("library").warning("Authorization: Bearer %s", SECRETS[0])
    try:
        raise ValueError(f"refused for {SECRETS[1]} at 47.123456,9.654321 with password=s3cr3t")
    except ValueError:
        log.exception("source.failed")


@pytest.mark.parametrize("environ", [{}, {"JOURNAL_STREAM": "8:1"}, {"INVOCATION_ID": "abc"}])
def test_nothing_private_reaches_stderr_or_the_file(tmp_path: Path, environ: dict[str, str]) -> None:
    stream = io.StringIO()
    logs.configure("daemon", tmp_path, Logs(), environ=environ, stream=stream)
    _say_everything()
    for text in (stream.getvalue(), (tmp_path / "daemon.log").read_text(encoding="utf-8")):
        assert [secret for secret in SECRETS if secret in text] == []
        assert all(
            event in text for event in ("token.renewed", "run.stored", "source.failed", "GET https://api.example/x")
        )


def test_lines_are_json_under_systemd_and_for_people_elsewhere(tmp_path: Path) -> None:
    stream = io.StringIO()
    logs.configure("daemon", None, Logs(), environ={"INVOCATION_ID": "abc"}, stream=stream)
    structlog.get_logger().info("pass.ended", source="garmin", runs=2)
    said = json.loads(stream.getvalue())
    assert {"event": "pass.ended", "source": "garmin", "runs": 2, "level": "info"}.items() <= said.items()

    stream = io.StringIO()
    logs.configure("daemon", tmp_path, Logs(), environ={}, stream=stream)
    structlog.get_logger().info("pass.ended", source="garmin")
    assert "pass.ended" in stream.getvalue()
    assert not stream.getvalue().startswith("{")
    assert json.loads((tmp_path / "daemon.log").read_text())["source"] == "garmin"


def test_a_command_keeps_stderr_for_its_talk_but_logs_to_the_file(tmp_path: Path) -> None:
    stream = io.StringIO()
    logs.configure("commands", tmp_path, Logs(), environ={}, stream=stream, quiet=True)
    structlog.get_logger().warning("decoder.fell_back")
    assert stream.getvalue() == ""
    assert "decoder.fell_back" in (tmp_path / "commands.log").read_text()


def test_the_file_rotates_and_at_most_five_are_kept(tmp_path: Path) -> None:
    logs.configure("daemon", tmp_path, Logs(file_mb=1, files=5), environ={}, stream=io.StringIO())
    for _ in range(90):
        structlog.get_logger().info("noise", words="x y " * 20_000)
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["daemon.log", *(f"daemon.log.{n}" for n in range(1, 5))]
    assert max(file.stat().st_size for file in files) <= 1024 * 1024


@pytest.mark.parametrize(
    "harmless",
    [
        "imported 3 runs, 12.345 km in 1:02:03",
        "2026-11-22T06:30:00Z",
        "3fb4c1d2e5a6978812345678901234567890abcdefabcdef1234567890abcdef",
        "run 8f14e45f-ceea-467f-a9d3-b0c1d2e3f405",
        "springstep.duckdb",
    ],
)
def test_what_is_harmless_stays(harmless: str) -> None:
    assert redact.redact_text(harmless) == harmless


def test_redaction_goes_to_any_depth_and_leaves_numbers() -> None:
    said = redact.value_of("detail", {"user": [{"email": "a@b.org", "runs": 3}], "refresh_token": "x", "ok": True})
    assert said == {"user": [{"email": redact.GONE, "runs": 3}], "refresh_token": redact.GONE, "ok": True}
