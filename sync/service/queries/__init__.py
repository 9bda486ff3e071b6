"""The answers: one function a question, the same whether the owner is asked or a reader opens the file itself.

Each area's module registers its functions by being imported here.
"""

from __future__ import annotations

from sync.service.queries import calendar, diary, insights, plan, runs, sources, status, today
from sync.service.queries.context import QUERIES, Query, QueryContext, query

__all__ = [
    "QUERIES",
    "Query",
    "QueryContext",
    "calendar",
    "diary",
    "insights",
    "plan",
    "query",
    "runs",
    "sources",
    "status",
    "today",
]
