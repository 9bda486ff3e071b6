"""What comes on a websocket that is open already: it counts only while its browser may still see something, and what
a page asks by itself only until another was asked for.

A page that stood open while its runner was signed out, removed, or given another password could otherwise hand in one
more tap: Streamlit carries out what was tapped before it draws the page, and the page is what says who is signed out.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState


def asked_anew(sent: bytes | None) -> bytes:
    """The same page asked for without anything that was tapped or typed: it says that the runner is signed out, and
    signing in leads back to it. What is no message of Streamlit's raises, which ends that connection."""
    of = BackMsg.FromString(sent or b"").rerun_script
    page = ClientState(page_script_hash=of.page_script_hash, page_name=of.page_name, query_string=of.query_string)
    page.context_info.CopyFrom(of.context_info)
    said: bytes = BackMsg(rerun_script=page).SerializeToString()
    return said


UNDER_WAY_S = 10.0
"""How long a page that was tapped may be on its way."""


class OnTheWay:
    """The page that was asked for last. Part of the page before, which asks by its own clock, must not undo a tap.

    Streamlit folds what waits into one request and keeps the page of the newest: a part that refreshes itself once a
    second would lead back from a link that was tapped while the script was busy.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._page, self._asked_s = "", -UNDER_WAY_S

    def leads_back(self, sent: bytes | None) -> bool:
        """Whether it is a part of another page that refreshes itself while the one asked for is on its way."""
        try:
            of = BackMsg.FromString(sent or b"").rerun_script
        except Exception:
            return False  # Streamlit says what is wrong with it
        if of.fragment_id:
            late = self._clock() - self._asked_s < UNDER_WAY_S
            return bool(of.is_auto_rerun and late and self._page and of.page_script_hash != self._page)
        if of.page_script_hash and of.page_script_hash != self._page:
            self._page, self._asked_s = of.page_script_hash, self._clock()
        return False


def while_seen(receive: Receive, may_see: Callable[[], bool]) -> Receive:
    """``receive``, where each message is looked at again; ``may_see`` is asked on a thread of its own."""

    on_the_way = OnTheWay()

    async def watched() -> Message:
        message = await receive()
        while message["type"] == "websocket.receive" and on_the_way.leads_back(message.get("bytes")):
            message = await receive()
        if message["type"] == "websocket.receive" and not await run_in_threadpool(may_see):
            return {"type": "websocket.receive", "bytes": asked_anew(message.get("bytes"))}
        return message

    return watched
