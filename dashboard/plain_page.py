"""The pages that stand before Streamlit: plain HTML in the look of the others, with at most one small script.

Every address in them is relative, so that they work below any path that a proxy shows them under.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dashboard.format import Words
from dashboard.markup import DOCTYPE, NOTHING, tag

LARGEST_FORM = 4096
HEAD = Markup(
    '<meta charset="utf-8"><title>springstep</title><link rel="icon" href="./icon.svg">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
)
SCRIPT = Markup('<script src="./entry.js" defer></script>')
GUARDS = {
    "content-security-policy": (
        "default-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; "
        "form-action 'self'; base-uri 'none'"
    ),
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
STYLE = Markup(
    "body{margin:0;background:var(--paper);color:var(--ink)}.ss-sign-in{max-width:22rem;margin:0 auto;"
    "padding:8vh 1.25rem}"
    ".ss-sign-in form{display:grid;gap:.9rem;margin-top:1.25rem}"
    ".ss-sign-in label{display:grid;gap:.3rem;font-weight:650}"
    ".ss-sign-in :is(input,button){font:inherit;min-height:48px;padding:.4rem .8rem;border-radius:.8rem;"
    "border:1px solid var(--quiet);background:var(--card);color:var(--ink);box-sizing:border-box;width:100%}"
    ".ss-sign-in button{background:var(--spruce);color:var(--paper);border:0;font-weight:700;margin-top:.4rem}"
    ".ss-sign-in button.ss-second{background:var(--card);color:var(--ink);border:1px solid var(--quiet)}"
    ".ss-sign-in :focus-visible{outline:3px solid var(--sky);outline-offset:2px}.ss-sign-in h1{margin:1.5rem 0 0}"
    ".ss-sign-in a:not(.ss-button){display:block;width:fit-content;padding:.65rem 0;min-height:44px;"
    "box-sizing:border-box;color:var(--spruce)}.ss-sign-in ol li{margin:.4rem 0}"
    ".ss-sign-in ol{padding-inline-start:1.2rem}.ss-sign-in ul{list-style:none;padding:0}"
    ".ss-sign-in ul li{margin:1rem 0;border-top:1px solid var(--line)}"
    ".ss-sign-in img.ss-qr{display:block;width:11rem;height:11rem;background:#fff;border-radius:.5rem}"
    ".ss-sign-in .ss-link{overflow-wrap:anywhere;font-family:ui-monospace,monospace;user-select:all}"
)


def plain_page(look: Markup, words: Words, inside: str, *, status: int = 200, script: bool = False) -> HTMLResponse:
    """``look`` is the pages' style sheet; ``inside`` stands below springstep's name."""
    head = HEAD + tag("style", look + STYLE) + (SCRIPT if script else NOTHING)
    main = tag("main", tag("header", tag("b", "springstep"), "ss-brand") + inside, "ss-sign-in")
    page = tag("html", tag("head", head) + tag("body", main), lang=words.language.code)
    return HTMLResponse(DOCTYPE + page, status, headers=GUARDS)


def refusal(says: str) -> Markup:
    return tag("p", says, "ss-receipt ss-refused", role="alert") if says else NOTHING


def text_field(label: str, name: str, kind: str = "text", **more: str) -> Markup:
    """A labelled field that must be filled in; ``autofocus`` and the like travel in ``more``."""
    given = Markup("").join(Markup(' {}="{}"').format(key.replace("_", "-"), value) for key, value in more.items())
    return tag("label", label + Markup('<input name="{}" type="{}" required{}>').format(name, kind, given))


def hidden(name: str, value: str) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(name, value)


async def form_of(request: Request) -> dict[str, str] | None:
    """The fields of a form of ours; None for one that is larger than ours can be. The guard has judged its origin."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            return None
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


def accepted(request: Request) -> str:
    return request.headers.get("accept-language", "")


def not_a_form(words: Words) -> Response:
    return Response(words.say("host.foreign"), 403)
