from __future__ import annotations

from dashboard.desk import Desk


def page(desk: Desk) -> None:
    return
