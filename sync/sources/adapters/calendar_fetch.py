"""A calendar's content from its address: bounded in bytes and in seconds, and never from inside a private network.

The address comes from a person at the page, and what it leads to may be changed by whoever runs its server. So each
name is looked up here and connected to at exactly the address that was judged, after every redirect again. A host
inside counts only when the config names it.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from queue import Empty, Queue
from typing import Any
from urllib.parse import urljoin, urlsplit

from sync.sources.base import person_must_act
from sync.sources.http import USER_AGENT

MOST_BYTES = 5 * 2**20
WITHIN_S = 20.0
MOST_REDIRECTS = 5
CHUNK = 64 * 1024
NAT64 = ip_network("64:ff9b::/96")
GLOBAL_IPV6 = ip_network("2000::/3")
"""All of IPv6 that is handed out to the internet; the rest is local, of the past, or kept for the future."""
Resolve = Callable[[str, int], Collection[str]]


@dataclass(frozen=True, slots=True)
class FetchedContent:
    """``content`` is None where it was larger than may be."""

    status: int
    headers: Mapping[str, str]
    content: bytes | None


def lookup(host: str, port: int) -> list[str]:
    """The addresses of a host, the preferred first. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def looked_up(resolve: Resolve, host: str, port: int, end_s: float) -> list[str]:
    """``resolve``, but no longer than until then: the system's own look-up knows no limit that could be set.

    One that does not answer is left behind on a thread that keeps nothing from ending. Raises OSError.
    """
    found: Queue[list[str] | Exception] = Queue()

    def ask() -> None:
        try:
            found.put(list(resolve(host, port)))
        except Exception as error:
            found.put(error)

    threading.Thread(target=ask, daemon=True, name="look-up").start()
    try:
        answer = found.get(timeout=max(0.1, end_s - time.monotonic()))
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def is_public(address: str) -> bool:
    """Whether it lies on the internet, and not on loopback, a link or a private network, packed in IPv6 or not."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        embedded = IPv4Address(int(found) & 0xFFFFFFFF) if found in NAT64 else None
        packed = found.ipv4_mapped or found.sixtofour or embedded
        if packed is None and found not in GLOBAL_IPV6:
            return False
        found = packed or found
    return found.is_global and not found.is_multicast


def fetch(
    address: str,
    *,
    headers: Mapping[str, str],
    inside: Collection[str] = (),
    within_s: float = WITHIN_S,
    test_server: str | None = None,
    resolve: Resolve | None = None,
) -> FetchedContent:
    """``inside`` are hosts of private networks that the config names.

    Raises PersonMustAct for a target that may not be asked, OSError or HTTPException for what fails on the way.
    """
    end_s = time.monotonic() + within_s
    url = address
    for _ in range(MOST_REDIRECTS + 1):
        answer = _one(url, headers, inside, end_s, test_server, resolve)
        target = answer.headers.get("location")
        if answer.status not in (301, 302, 303, 307, 308) or target is None:
            return answer
        url = urljoin(url, target)
    raise person_must_act("calendar.refused", status="redirects")


def _one(
    url: str, headers: Mapping[str, str], inside: Collection[str], end_s: float, test_server: str | None,
    resolve: Resolve | None,
) -> FetchedContent:  # fmt: skip
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        raise person_must_act("calendar.not_https") from None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https" or not host:
        raise person_must_act("calendar.not_https")
    if parts.username is not None:
        raise person_must_act("calendar.with_a_name")
    addresses: list[str] = []
    if resolve is not None or test_server is None:
        addresses = looked_up(resolve or lookup, host, port, end_s)
        if host not in {one.lower().rstrip(".") for one in inside} and not all(map(is_public, addresses)):
            raise person_must_act("calendar.inside", host=host)
    if test_server is None:
        connection = _Judged(host, port, addresses, ssl.create_default_context())
    else:
        served = urlsplit(test_server)
        connection = _Judged(str(served.hostname), served.port or 80, [str(served.hostname)], None)
        headers = {**headers, "X-Real-Host": host}
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _ask(connection, target, {"User-Agent": USER_AGENT, "Connection": "close", **headers}, end_s)


class _Judged(http.client.HTTPConnection):
    """Connects to the addresses that were judged, not to what a second look-up would give."""

    def __init__(self, host: str, port: int, addresses: list[str], tls: ssl.SSLContext | None) -> None:
        super().__init__(host, port)
        if tls is not None:
            self.default_port = 443
        self._addresses = addresses
        self._tls = tls
        self.end_s = 0.0
        self.wire: socket.socket | None = None
        """The socket, of which the base class lets go once the answer has begun."""

    def connect(self) -> None:
        failed: OSError = ConnectionError()
        for address in self._addresses:
            try:
                self.sock = socket.create_connection((address, self.port), max(0.1, self.end_s - time.monotonic()))
                break
            except OSError as error:
                failed = error
        else:
            raise failed
        if self._tls is not None:
            wrapped = self._tls.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = self.wire = wrapped
            wrapped.do_handshake()
        self.wire = self.sock


def _ask(connection: _Judged, target: str, headers: Mapping[str, str], end_s: float) -> FetchedContent:
    connection.end_s = end_s
    # A server that sends a byte now and then never lets a socket's own time limit run out.
    clock = threading.Timer(max(0.1, end_s - time.monotonic()), _cut, (connection,))
    clock.daemon = True
    clock.start()
    try:
        connection.request("GET", target, headers=dict(headers))
        answer = connection.getresponse()
        given = {name.lower(): value for name, value in answer.getheaders()}
        content = _content(answer, given.get("content-encoding", "identity").lower())
        if time.monotonic() >= end_s:
            raise TimeoutError
        return FetchedContent(answer.status, given, content)
    finally:
        clock.cancel()
        connection.close()


def _cut(connection: _Judged) -> None:
    with suppress(OSError):
        if connection.wire is not None:
            connection.wire.shutdown(socket.SHUT_RDWR)


def _content(answer: http.client.HTTPResponse, encoding: str) -> bytes | None:
    unpack: Any = zlib.decompressobj(wbits=47) if encoding in ("gzip", "deflate") else None
    whole = bytearray()
    while chunk := answer.read1(CHUNK):
        try:
            whole += chunk if unpack is None else unpack.decompress(chunk, MOST_BYTES + 1 - len(whole))
        except zlib.error as error:
            raise http.client.HTTPException from error
        if len(whole) > MOST_BYTES:
            return None
    return bytes(whole)
