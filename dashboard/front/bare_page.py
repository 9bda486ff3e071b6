"""A page of plain HTML that stands before Streamlit and not inside it: what is typed there is seen by nothing else."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from dashboard.format import Words
from dashboard.markup import DOCTYPE, tag
from dashboard.plain_page import GUARDS, HEAD

STYLE = Markup(
    "body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}"
    ".ss-bare{max-width:34rem;margin:0 auto;padding:2rem 1.25rem 4rem;overflow-wrap:anywhere}"
    ".ss-bare h1{margin:1rem 0 .4rem}.ss-bare h2{font-size:1.1rem;margin:1.6rem 0 .3rem}.ss-bare p{margin:.5rem 0}"
    ".ss-bare form{display:grid;gap:.9rem;margin:1rem 0}"
    ".ss-bare label{display:grid;gap:.3rem;font-weight:650}.ss-bare label small{font-weight:400;color:var(--quiet)}"
    ".ss-bare :is(input,button,.ss-button){font:inherit;min-height:48px;padding:.5rem .8rem;border-radius:.8rem;"
    "border:1px solid var(--quiet);background:var(--card);color:var(--ink);box-sizing:border-box;width:100%}"
    ".ss-bare :is(button,.ss-button){background:var(--spruce);color:var(--paper);border:0;font-weight:700;"
    "display:block;text-align:center;text-decoration:none}"
    ".ss-bare .ss-back{display:inline-block;padding:.7rem 0;min-height:24px;color:var(--spruce)}"
    ".ss-bare :focus-visible{outline:3px solid var(--sky);outline-offset:2px}.ss-bare ol{padding-inline-start:1.3rem}"
    ".ss-bare li{margin:.35rem 0}"
)


def bare_page(words: Words, look: Markup, title: str, inside: Markup, *, status: int = 200) -> Response:
    body = tag("header", tag("b", "springstep"), "ss-brand") + tag("h1", title, "ss-page") + inside
    head = tag("head", HEAD + tag("style", look + STYLE))
    page = tag("html", head + tag("body", tag("main", body, "ss-bare")), lang=words.language.code)
    return HTMLResponse(DOCTYPE + page, status, headers=GUARDS)
