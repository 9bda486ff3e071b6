"""What strangers try on the home network, one line each: every try is refused, and the table is printed.

Raw requests to the running page; what a browser would never send is tried as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from sync.settings import passwords
from sync.settings.credentials import CredentialStore
from sync.settings.one_time_codes import CodeBook
from sync.settings.paths import DataDir
from sync.settings.sessions import SessionBook
from tests.browser import Served, served
from tests.page_requests import Caller

pytestmark = pytest.mark.timeout(300)
LAN = '[dashboard]\naddress = "lan"\nallowed_hosts = ["feet.example.org"]\n'
PASSWORD = "wiggle the toes"
REFUSED = (303, 400, 401, 403, 404, 405, 421, 429)
STRANGE = "evil.example"
EVIL = f"http://{STRANGE}"
NO_FIELDS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Try:
    """``wanted``: the status that refuses it; None where any refusal will do."""

    kind: str
    what: str
    run: Callable[[Caller], int]
    wanted: int | None = None


@dataclass
class House:
    page: Served
    vault: CredentialStore
    codes: CodeBook
    cookie: str
    """Of a runner who is signed in: what another site's page rides on."""

    def caller(self, *, signed_in: bool = False) -> Caller:
        return Caller(self.page.port, jar={"springstep": self.cookie} if signed_in else {})


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A page of its own for each test: wrong tries make the next ones wait."""
    root = tmp_path
    (root / "config.toml").write_text(LAN)
    home = DataDir(root)
    vault = CredentialStore(home.secrets)
    passwords.put(vault, "runner", PASSWORD)
    with served(root) as page:
        yield House(page, vault, CodeBook.of(home), SessionBook.of(vault).begin("runner", now(), ""))


def get(path: str, **headers: str | None) -> Callable[[Caller], int]:
    return lambda caller: caller.get(path, **headers).status


def post(path: str, fields: Mapping[str, str] = NO_FIELDS, **headers: str | None) -> Callable[[Caller], int]:
    return lambda caller: caller.post(path, fields, **headers).status


def put(path: str, **headers: str | None) -> Callable[[Caller], int]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda caller: caller.ask("PUT", path, "x", headers=named).status


def socket(**headers: str | None) -> Callable[[Caller], int]:
    return lambda caller: caller.join(**headers)


# --- without a session: nothing but signing in and setting up

PLACES = (
    "/log", "/runs", "/calendar", "/insights", "/plan", "/status", "/run?id=1", "/print", "/manifest.webmanifest",
    "/static/js/index.js", "/media/secret.csv", "/component/x/index.html", "/_stcore/host-config",
    "/_stcore/agent/openapi.json", "/_stcore/allowed-message-origins", "/_stcore/metrics", "/sign-in/../log",
    "//log", "/%6cog", "/devices", "/household", "/sign-in/x", "/healthz/x", "/icon.svg/../media/x",
)  # fmt: skip
BARE = [Try("without a session", f"GET {path}", get(path, Accept="*/*")) for path in PLACES]
BARE += [
    Try("without a session", "a websocket", socket(), 403),
    Try("without a session", "PUT of an upload", put("/_stcore/upload_file/a/b"), 401),
    Try("without a session", "DELETE of an upload", lambda c: c.ask("DELETE", "/_stcore/upload_file/a/b").status, 401),
    Try("without a session", "POST of an upload", post("/upload"), 401),
    Try("without a session", "POST to devices", post("/devices", {"everywhere": "1"}), 401),
    Try("without a session", "POST to household", post("/household", {"invite": "runner"}), 401),
]

# --- names pointed here from elsewhere (rebinding), whoever is signed in under the right one

NAMES = (
    "evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.1.20.nip.example",
    "feet.example.org.evil.example", "xfeet.example.org", "a.feet.example.org", "8.8.8.8", "0.0.0.0", "[2001:db8::1]",
    "2130706433", "0x7f000001", "127.1", "0177.0.0.1", "me@127.0.0.1", "127.0.0.1@evil.example",
    "127.0.0.1,evil.example", "", "pi.local.evil.example", "localhost:8501.evil.example", "[::ffff:8.8.8.8]",
)  # fmt: skip
REBOUND = [Try("rebinding", f"page asked as {name or 'no name'}", get("/log", Host=name)) for name in NAMES]
REBOUND += [
    Try("rebinding", f"socket asked as {name}", socket(Host=name, Origin=f"http://{name}")) for name in NAMES[:12]
]
REBOUND += [
    Try("rebinding", f"post asked as {name}", post("/sign-out", Host=name, Origin=f"http://{name}"))
    for name in NAMES[:8]
]

# --- other pages' posts and sockets, with the runner's own cookie

ORIGINS = (
    EVIL, "https://evil.example", "null", "", "http://127.0.0.1", "http://127.0.0.1:1", "http://127.0.0.1:{p}0",
    "https://127.0.0.1:{p}", "http://localhost:{p}", "http://127.0.0.2:{p}", "http://192.168.1.20:{p}",
    "http://127.0.0.1:{p}.evil.example", "http://me@127.0.0.1:{p}", "ftp://127.0.0.1:{p}", "127.0.0.1:{p}",
    "file://", "http://feet.example.org", "http://127.0.0.1:{p}, http://evil.example", None,
)  # fmt: skip


def origin_of(origin: str | None, port: int) -> str | None:
    return origin.format(p=port) if origin else origin


def from_origin(
    act: Callable[..., Callable[[Caller], int]], *given: str, origin: str | None
) -> Callable[[Caller], int]:
    return lambda caller: act(*given, Origin=origin_of(origin, caller.port))(caller)


FOREIGN = [
    Try("foreign page", f"{name} from {origin}", from_origin(act, *given, origin=origin), 403)
    for origin in ORIGINS
    for name, act, given in (
        ("socket", socket, ()),
        ("upload", put, ("/_stcore/upload_file/a/b",)),
        ("sign-out", post, ("/sign-out",)),
    )
]
FOREIGN += [
    Try("foreign page", f"own origin, Sec-Fetch-Site {site}", post("/sign-out", Sec_Fetch_Site=site), 403)
    for site in ("cross-site", "same-site", "Same-Origin", "x")
]

# --- headers that say something else than the connection

FORGED = [
    Try("forged header", "another Host, X-Forwarded-Host ours",
        get("/log", Host=STRANGE, X_Forwarded_Host="127.0.0.1")),
    Try("forged header", "another Host, Forwarded ours",
        get("/log", Host=STRANGE, Forwarded="host=127.0.0.1;proto=https")),
    Try("forged header", "X-Forwarded-Proto makes no https origin ours",
        lambda c: c.post("/sign-out", {}, Origin=f"https://127.0.0.1:{c.port}", X_Forwarded_Proto="https").status, 403),
    Try("forged header", "X-Forwarded-Port makes no other port ours",
        lambda c: c.post("/sign-out", {}, Origin="http://127.0.0.1:1", X_Forwarded_Port="1").status, 403),
    Try("forged header", "X-Forwarded-For of a private address",
        get("/log", Host=STRANGE, X_Forwarded_For="127.0.0.1")),
    Try("forged header", "a user named by a proxy", get("/log", Accept="*/*", X_Forwarded_User="runner"), 401),
    Try("forged header", "a user named by Tailscale", get("/log", Accept="*/*", Tailscale_User_Login="runner"), 401),
    Try("forged header", "basic authorization", get("/log", Accept="*/*", Authorization="Basic cnVubmVyOng="), 401),
]  # fmt: skip

# --- cookies

COOKIES = (
    "", "x", "runner", "runner.99999999999.0", "runner.1.x", "../runner.99999999999.x", "a" * 5000, "é", "None",
    "0" * 64, "runner.99999999999." + "0" * 64,
)  # fmt: skip
FORGED_COOKIES = [
    Try("forged cookie", one[:24] or "empty", get("/log", Accept="*/*", Cookie=f"springstep={one}"), 401)
    for one in COOKIES
    if one.isascii()
]
FORGED_COOKIES += [
    Try(
        "forged cookie",
        "__Host- with a wrong one beside none",
        get("/log", Accept="*/*", Cookie="__Host-springstep=x"),
        401,
    )
]

# --- codes and passwords

CODES = ("", "0000000000", "K7QX2-M9D4T", "' or 1=1", "../codes.json", "\x00", "A" * 3000)
GUESSED = [
    Try("guessed code", f"{path} with {code[:14]!r}", post(path, {"code": code, "password": PASSWORD}))
    for path in ("/set-up", "/join")
    for code in CODES
]
GUESSED += [
    Try("guessed code", "a form of 5 kB", post("/join", {"code": "x" * 5000, "password": PASSWORD}), 403),
    Try("guessed code", "a code in the query", post("/join?code=0000000000000000", {"password": PASSWORD})),
    Try("wrong password", "sign-in", post("/sign-in", {"password": "wrong one"}), 403),
    Try("wrong password", "sign-in as another", post("/sign-in", {"athlete": "admin", "password": PASSWORD}), 403),
]
TRIES = [
    *((one, False) for one in (*BARE, *FORGED_COOKIES, *GUESSED)),
    *((one, True) for one in (*REBOUND, *FOREIGN, *FORGED)),
]


def test_every_try_is_refused(house: House) -> None:
    lines, wrong = [], []
    for one, signed_in in TRIES:
        caller = house.caller(signed_in=signed_in and "user named" not in one.what and "basic" not in one.what)
        status = one.run(caller)
        lines.append(f"{one.kind:18} {one.what:60} {status}")
        leads_in = status == 303 and caller.jar.get("springstep", house.cookie) != house.cookie
        if status not in REFUSED or leads_in or (one.wanted and status != one.wanted):
            wrong.append(lines[-1])
    print(f"{len(lines)} tries", *lines, sep="\n")
    assert wrong == []
    assert len(lines) >= 100
    # After all of them the runner is still signed in, and nobody else is.
    own = house.caller(signed_in=True)
    assert (own.get("/log").status, own.join()) == (200, 101)
    assert len(SessionBook.of(house.vault).devices("runner", now())) == 1


def test_a_question_with_a_forms_body_changes_nothing(house: House) -> None:
    """``HEAD`` needs no origin, so it may do no more than ``GET``."""
    root = house.page.home
    assert house.caller(signed_in=True).get("/log").status == 200
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and path.name != "page.log"}
    for path, fields in {
        "/sign-in": {"password": PASSWORD}, "/devices": {"password": PASSWORD, "new": "another word"},
        "/household": {"name": "Eve"}, "/log": {"what": "stiffness", "score": "9"}, "/done": {"minutes": "5"},
        "/link-garmin": {"key": "k" * 30}, "/join": {"code": "x" * 16, "password": PASSWORD},
        "/set-up": {"code": "x" * 10, "password": PASSWORD},
    }.items():  # fmt: skip
        body = urlencode(fields)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        house.caller(signed_in=True).ask("HEAD", path, body, headers=headers)
    after = {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and path.name != "page.log"}
    assert after == before


def signed_out_cookie(house: House) -> str:
    browser = house.caller()
    assert browser.post("/sign-in", {"password": PASSWORD}).status == 303
    cookie = browser.jar["springstep"]
    assert browser.get("/log").status == 200
    assert browser.post("/sign-out", {}).status == 303
    return cookie


def test_what_is_over_lets_nobody_in(house: House) -> None:
    """Replayed and expired: cookies and codes that were right once."""
    home = DataDir(house.page.home)
    old = passwords.issue(house.vault, "runner", now())
    over = passwords.issue(house.vault, "runner", now() - passwords.PASS_LASTS - timedelta(seconds=1))
    ended = Caller(house.page.port, jar={"springstep": old})
    assert ended.get("/log").status == 200
    assert ended.post("/sign-out", {}).status == 303
    late = SessionBook.of(house.vault).begin("runner", now() - passwords.PASS_LASTS, "")
    for cookie in (signed_out_cookie(house), old, over, late):
        caller = Caller(house.page.port, jar={"springstep": cookie})
        assert (caller.get("/log", Accept="*/*").status, caller.join()) == (401, 403)
    replayed = house.codes.make("invite", "runner", now())
    expired_at = now() - timedelta(days=8)
    first = house.caller()
    assert first.post("/join", {"code": replayed, "password": PASSWORD}).status == 303
    expired = house.codes.make("invite", "runner", expired_at)
    replaced = house.codes.make("reset", "runner", now())
    house.codes.make("invite", "runner", now())
    for code in (replayed, expired, replaced):
        caller = house.caller()
        assert (caller.post("/join", {"code": code, "password": PASSWORD}).status, caller.jar) == (403, {})
    # The invitation was used with a new password: all that was signed in with the old one is over.
    assert house.caller(signed_in=True).get("/log", Accept="*/*").status == 401
    assert first.get("/log").status == 200
    assert Path(home.secrets / "codes.json").stat().st_mode & 0o077 == 0


def test_a_peer_that_is_not_private_gets_nothing() -> None:
    """As the guard decides: no test machine has a public peer."""
    from dashboard.hosts import verdict

    def scope(peer: str | None, path: str = "/sign-in", *more: tuple[bytes, bytes]) -> dict[str, object]:
        return {
            "type": "http", "method": "GET", "scheme": "http", "path": path, "client": (peer, 1) if peer else None,
            "headers": [(b"host", b"127.0.0.1:8501"), *more],
        }  # fmt: skip

    forged = ((b"x-forwarded-for", b"127.0.0.1"), (b"x-real-ip", b"192.168.1.2"), (b"forwarded", b"for=127.0.0.1"))
    for peer in ("8.8.8.8", "172.32.0.1", "100.128.0.1", "2001:db8::1", "::ffff:8.8.8.8", "0.0.0.0", None):
        assert verdict(scope(peer), ()) == "stranger"
        for header in forged:
            assert verdict(scope(peer, "/sign-in", header), ("*",), ("127.0.0.1",)) == "stranger"
    for peer in ("127.0.0.1", "192.168.1.9", "100.100.1.1", "fe80::1", "fd00::2", "::ffff:10.0.0.1"):
        assert verdict(scope(peer), ()) == "fits"
    assert verdict(scope("203.0.113.7"), (), ("203.0.113.7",)) == "fits"


def test_only_a_named_proxy_says_how_the_browser_asked() -> None:
    from dashboard.hosts import verdict

    def post_from(peer: str, proto: bytes, *named: str) -> str:
        scope = {
            "type": "http", "method": "POST", "scheme": "http", "path": "/sign-in", "client": (peer, 1),
            "headers": [
                (b"host", b"192.168.1.20"), (b"origin", b"https://192.168.1.20"), (b"x-forwarded-proto", proto)
            ],
        }  # fmt: skip
        return verdict(scope, (), named)

    assert post_from("127.0.0.1", b"https", "127.0.0.1") == "fits"
    assert post_from("::ffff:127.0.0.1", b"https", "127.0.0.1") == "fits"
    assert post_from("127.0.0.1", b"https") == "foreign page"
    assert post_from("192.168.1.9", b"https", "127.0.0.1") == "foreign page"
    assert post_from("127.0.0.1", b"http", "127.0.0.1") == "foreign page"
    assert post_from("127.0.0.1", b"javascript", "127.0.0.1") == "foreign page"
