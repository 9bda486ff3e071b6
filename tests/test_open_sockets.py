"""A link that was tapped holds, whatever the page before it still asks for by itself."""

from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

from dashboard.open_sockets import UNDER_WAY_S, OnTheWay


def sent(page: str, *, fragment: str = "", by_itself: bool = False) -> bytes:
    state = ClientState(page_script_hash=page, fragment_id=fragment, is_auto_rerun=by_itself)
    said: bytes = BackMsg(rerun_script=state).SerializeToString()
    return said


def test_a_part_that_refreshes_itself_leads_back_from_no_link() -> None:
    at_s = [0.0]
    on_the_way = OnTheWay(lambda: at_s[0])
    tick = sent("status", fragment="a", by_itself=True)
    asked = [
        (sent(""), False),  # the first visit
        (tick, False),
        (sent("diary"), False),  # a link was tapped
        (tick, True),
        (sent("status", fragment="a"), False),  # a tap in it counts
        (sent("diary", fragment="b", by_itself=True), False),
        (b"\xff", False),
        (None, False),
    ]
    assert [on_the_way.leads_back(one) for one, _leads in asked] == [leads for _one, leads in asked]
    at_s[0] = UNDER_WAY_S
    assert not on_the_way.leads_back(tick)
