"""What comes on a websocket that is open already: it counts only while its browser may still see something.

A page that stood open while its runner was signed out, removed, or given another password could otherwise hand in one
more tap: Streamlit carries out what was tapped before it draws the page, and the page is what says who is signed out.
"""

from __future__ import annotations

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


def while_seen(receive: Receive, may_see: Callable[[], bool]) -> Receive:
    """``receive``, where each message is looked at again; ``may_see`` is asked on a thread of its own."""

    async def watched() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive" and not await run_in_threadpool(may_see):
            return {"type": "websocket.receive", "bytes": asked_anew(message.get("bytes"))}
        return message

    return watched
