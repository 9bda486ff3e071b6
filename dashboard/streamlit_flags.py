"""How Streamlit is started: every setting travels as a flag, so that no file of the user's is read or written."""

from __future__ import annotations

from pathlib import Path

from sync.settings.config import Config

SCRIPT = Path(__file__).parent / "asgi.py"
"""What ``streamlit run`` is given: the page with its manifest and icon around it."""

SYSTEM_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"

LIGHT = {
    "primaryColor": "#1d6b5a",
    "backgroundColor": "#f6f4ee",
    "secondaryBackgroundColor": "#ebe7dd",
    "textColor": "#1d2523",
    "borderColor": "#d8d2c4",
    "linkColor": "#17594b",
}
DARK = {
    "primaryColor": "#7fd0ba",
    "backgroundColor": "#121716",
    "secondaryBackgroundColor": "#1d2422",
    "textColor": "#e9ede9",
    "borderColor": "#36403d",
    "linkColor": "#8fdcc7",
}


def flags(config: Config, port: int) -> list[str]:
    """The arguments after ``streamlit run <SCRIPT>``.

    By which names the page may be asked for is no setting of Streamlit's: the guard stands before it and reads the
    config as it is at that moment.
    """
    settings: dict[str, str] = {
        "server.address": config.dashboard.address,
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.runOnSave": "false",
        "server.maxUploadSize": str(config.imports.max_file_mb),
        "server.enableStaticServing": "false",
        "server.showEmailPrompt": "false",
        "browser.gatherUsageStats": "false",
        "browser.serverAddress": "localhost",
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": "false",
        "global.showWarningOnDirectExecution": "false",
        "logger.level": "warning",
        "runner.magicEnabled": "false",
        "theme.font": SYSTEM_FONT,
        "theme.headingFont": SYSTEM_FONT,
        "theme.codeFont": "ui-monospace, 'DejaVu Sans Mono', monospace",
        "theme.baseRadius": "0.75rem",
        "theme.showWidgetBorder": "true",
        **{f"theme.light.{name}": value for name, value in LIGHT.items()},
        **{f"theme.dark.{name}": value for name, value in DARK.items()},
    }
    return [f"--{name}={value}" for name, value in settings.items()]
