"""Linking on its way from the page to the daemon. What is secret here is never stored as it comes, and never logged."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, SecretStr

LinkableSource = Literal["garmin", "intervals", "strava", "calendar"]
LinkKind = Literal["key", "tokens", "app", "given"]


class LinkRequest(BaseModel):
    """What a form of one source asks for; the others' fields stay empty.

    Strava comes twice: the application with ``back_to``, then with what the browser came back with, or what was pasted.
    """

    athlete: str | None = None
    source: LinkableSource
    key: SecretStr | None = None
    token_files: list[SecretStr] = []
    address: SecretStr | None = None
    client_id: str = ""
    client_secret: SecretStr | None = None
    back_to: str = ""
    answer: SecretStr | None = None


class LinkAnswer(BaseModel):
    """Sentences for the person; ``go_to`` is where a consent is given."""

    says: list[str]
    go_to: str | None = None


class UnlinkRequest(BaseModel):
    """The link goes, what was fetched stays. ``calendar_id`` names one of the calendars."""

    athlete: str | None = None
    source: LinkableSource
    calendar_id: str | None = None


class LinkLine(BaseModel):
    source: str
    kind: LinkKind


class CalendarLine(BaseModel):
    calendar_id: str
    host: str


class LinksQuestion(BaseModel):
    athlete: str | None = None


class LinksPage(BaseModel):
    """What is linked, without anything that is secret."""

    links: list[LinkLine]
    calendars: list[CalendarLine]
