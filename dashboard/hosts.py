"""Who may ask, by which names the page may be asked for, and from which pages it may be changed: decided from the
peer's address and the headers alone.

Private addresses always count: an address cannot be pointed elsewhere, and browsers keep ``localhost`` at home. So does
this machine's own name, alone and with ``.local``, which no name server of the internet answers for. Any other name
must stand in ``[dashboard] allowed_hosts``, because a page elsewhere could point its own name here (DNS rebinding).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from starlette.types import Scope

from sync.settings.listening import is_private, literal, machine_names

HostVerdict = Literal["fits", "stranger", "strange host", "foreign page"]
HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:(?P<port>[0-9]{1,5}))?")
ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>.+)", re.IGNORECASE)
USUAL_PORT = {"http": 80, "https": 443}
READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Address:
    """A host as a browser names it: lower case, without brackets and final dot; None for the scheme's usual port."""

    name: str
    port: int | None = None


def address(sent: str) -> Address | None:
    """What stands in a ``Host`` header; None for what cannot be a host."""
    found = HOST.fullmatch(sent)
    if found is None:
        return None
    port = found["port"]
    return Address(found["name"].strip("[]").lower().rstrip("."), int(port) if port else None)


def own(name: str) -> bool:
    """Whether it is a name of this machine that nobody elsewhere can point here."""
    return name == "localhost" or is_private(name) or name in machine_names()


def listed(name: str, allowed: Iterable[str]) -> bool:
    """``*.example.org`` covers every name below it, ``*`` every name but this machine's own. A port says nothing."""
    for one in allowed:
        wanted = _name_in(one)
        if wanted == name:
            return True
        if wanted == "*" or (wanted.startswith("*.") and name.endswith(wanted[1:])):
            return not own(name)
    return False


def _name_in(entry: str) -> str:
    """The name of an entry, which may have been copied whole from a browser: ``https://name:8443/``."""
    text = entry.strip().lower()
    host = (text.partition("://")[2] or text).partition("/")[0]
    found = address(host)
    if found is not None:
        return found.name
    name = re.sub(r":[0-9]{1,5}$", "", host) if host.startswith("*") else host
    return name.rstrip(".").strip("[]")


def comes_from(origin: str | None, scheme: str, host: Address, allowed: Iterable[str]) -> bool:
    """Whether ``origin`` is the page at the address that was asked for: its scheme, host and port.

    A name in ``allowed`` counts with any of them: a proxy speaks HTTPS before springstep, on a port of its own, and
    often passes neither on.
    """
    sent = ORIGIN.fullmatch(origin or "")
    page = address(sent["host"]) if sent else None
    if sent is None or page is None or page.name != host.name:
        return False
    if listed(host.name, allowed):
        return True
    named = sent["scheme"].lower()
    return (named, page.port or USUAL_PORT[named]) == (scheme, host.port or USUAL_PORT[scheme])


def headers(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def peer_allowed(scope: Scope, proxies: Iterable[str] = ()) -> bool:
    """Whether whoever is connected sits on this machine or a private network. What a header says of it is not asked."""
    client = scope.get("client")
    return client is not None and (is_private(client[0]) or _is_proxy(client[0], proxies))


def asked_scheme(scope: Scope, proxies: Iterable[str] = ()) -> str:
    """How the browser asked: as this process was asked, or as one of the named proxies says."""
    own_scheme = "https" if scope["scheme"] in ("https", "wss") else "http"
    client = scope.get("client")
    if client is None or not _is_proxy(client[0], proxies):
        return own_scheme
    said = headers(scope, b"x-forwarded-proto")
    return said[0].lower() if len(said) == 1 and said[0].lower() in USUAL_PORT else own_scheme


def _is_proxy(peer: str, proxies: Iterable[str]) -> bool:
    found = literal(peer)
    return found is not None and any(found == literal(one) for one in proxies)


def verdict(scope: Scope, allowed: Iterable[str], proxies: Iterable[str] = ()) -> HostVerdict:
    """Whether this request may be looked at. Browsers say with each websocket and each change which page it is from."""
    if not peer_allowed(scope, proxies):
        return "stranger"
    sent, origins = headers(scope, b"host"), headers(scope, b"origin")
    host = address(sent[0]) if len(sent) == 1 else None
    if host is None or not (own(host.name) or listed(host.name, allowed)):
        return "strange host"
    if scope["type"] == "http" and scope["method"] in READING:
        return "fits"
    origin = origins[0] if len(origins) == 1 else None
    if not comes_from(origin, asked_scheme(scope, proxies), host, allowed):
        return "foreign page"
    # Not sent over plain HTTP, so that it can only refuse what the origin let through.
    told = headers(scope, b"sec-fetch-site")
    return "fits" if all(one in ("same-origin", "none") for one in told) else "foreign page"


def inside(scope: Scope, path: str) -> Scope:
    """The same request with the path taken off that the page is shown below; a proxy may have done so already."""
    asked = scope["path"]
    if not path or not (asked == path or asked.startswith(f"{path}/")):
        return scope
    raw = scope.get("raw_path")
    rest = asked.removeprefix(path) or "/"
    return {**scope, "path": rest, "raw_path": raw.removeprefix(path.encode()) or b"/" if raw else None}


def settled(scope: Scope) -> Scope:
    """The same websocket with the origin that Streamlit takes for its own without looking further.

    Streamlit judges again, by host and port as sent; where they differ, as behind a proxy that strips the port, it asks
    a service on the internet for this machine's address.
    """
    if scope["type"] != "websocket":
        return scope
    kept = [(name, value) for name, value in scope["headers"] if name != b"origin"]
    return {**scope, "headers": [*kept, (b"origin", f"http://{headers(scope, b'host')[0]}".encode("latin-1"))]}
