"""What a browser is given when it signs in, and taken when it signs out."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse

from dashboard import context, hosts
from dashboard.auth import COOKIE, SECURE_COOKIE
from sync.settings.sessions import SESSION_LASTS, SessionBook

# The first that fits: many browsers name others as well, to be served alike.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrom", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
           ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip


def device_name(user_agent: str) -> str:
    """Browser and system, just enough to know one's own device again; empty when neither is known."""
    browser = next((name for word, name in BROWSERS if word in user_agent), "")
    system = next((name for word, name in SYSTEMS if word in user_agent), "")
    return ", ".join(filter(None, (browser, system)))


def over_https(request: Request) -> bool:
    """How the browser asked. Behind a proxy its own page's origin tells, which the guard has found to be ours."""
    config, _home = context.settings()
    scheme = hosts.asked_scheme(request.scope, config.dashboard.proxies)
    return scheme == "https" or request.headers.get("origin", "").lower().startswith("https://")


def signed_in(book: SessionBook, athlete: str, now_utc: datetime, request: Request, to: str) -> RedirectResponse:
    """A session of that runner begins on this device; ``to`` is where the browser goes."""
    token = book.begin(athlete, now_utc, device_name(request.headers.get("user-agent", "")))
    secure = over_https(request)
    answer = RedirectResponse(to, 303)
    answer.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        path="/" if secure else None,  # none: below the path under which the browser asked
        httponly=True,
        # Not strict: a link from a notification must find the runner signed in. What changes anything needs an origin.
        samesite="lax",
        secure=secure,
    )
    return answer


def signed_out(to: str) -> RedirectResponse:
    answer = RedirectResponse(to, 303)
    answer.set_cookie(COOKIE, "", max_age=0, path=None, httponly=True)
    answer.delete_cookie(SECURE_COOKIE, secure=True, httponly=True)
    return answer
