"""How Streamlit is set: every setting as a flag would say it, so that no file of the user's is read or written."""

from __future__ import annotations

from pathlib import Path

from sync.settings.config import Config
from sync.settings.listening import bind_address

SCRIPT = Path(__file__).parent / "asgi.py"
"""The page with its manifest and icon around it; Streamlit looks for settings of a project beside it."""

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


def streamlit_settings(config: Config, port: int) -> dict[str, str | int | bool]:
    """Streamlit's settings by name.

    By which names the page may be asked for is no setting of Streamlit's: the guard stands before it and reads the
    config as it is at that moment.
    """
    return {
        "server.address": bind_address(config.dashboard.address),
        "server.port": port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.maxUploadSize": config.imports.max_file_mb,
        "server.enableStaticServing": False,
        "server.showEmailPrompt": False,
        "browser.gatherUsageStats": False,
        "browser.serverAddress": "localhost",
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "global.showWarningOnDirectExecution": False,
        "logger.level": "warning",
        "runner.magicEnabled": False,
        # Looking through all of memory after each tap would hold back for 60 ms what the tap brought; Python looks for
        # garbage by itself.
        "runner.postScriptGC": False,
        "theme.font": SYSTEM_FONT,
        "theme.headingFont": SYSTEM_FONT,
        "theme.codeFont": "ui-monospace, 'DejaVu Sans Mono', monospace",
        "theme.baseRadius": "0.75rem",
        "theme.showWidgetBorder": True,
        **{f"theme.light.{name}": value for name, value in LIGHT.items()},
        **{f"theme.dark.{name}": value for name, value in DARK.items()},
    }
