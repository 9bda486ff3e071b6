"""Where the page listens, and who may come near it: decided from addresses and names alone."""

from __future__ import annotations

import re
import socket
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import pairwise

LAN = "lan"
"""The word for every IPv4 address of this machine; IPv6 only where an address is named."""
LOOPBACK = "127.0.0.1"
ANY_IPV4 = "0.0.0.0"
EVERY_ADDRESS = (ANY_IPV4, "::")
"""Of this machine; ``::`` takes IPv4 as well."""
URL_IN_SURROUNDINGS = "SPRINGSTEP_URL"
ADDRESS_IN_SURROUNDINGS = "SPRINGSTEP_ADDRESS"
"""How a command tells the page's process where it listens, when a flag decided that."""
PLACEHOLDER = "ADDRESS-OF-YOUR-SERVER"

# Loopback, RFC 1918, link-local, unique-local, and what carriers and Tailscale hand out (RFC 6598).
PRIVATE_NETWORKS = tuple(
    ip_network(one)
    for one in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fe80::/10",
        "fc00::/7",
    )
)
PATH = re.compile(r"(/[A-Za-z0-9._~-]+)+")
"""Below which a proxy may show the page."""
COPIED_COMMENTS = (
    "# The page listens on this machine only, because it speaks plain HTTP.",
    '# "127.0.0.1": this machine only. "lan": the home network, with sign-in. Or one address of this machine.',
)
"""What stood, or stands, above the address in the example: a line below it was copied and not written by a person."""


def literal(text: str) -> IPv4Address | IPv6Address | None:
    """The address that ``text`` is, an IPv4 one where it is packed in IPv6; None for a name."""
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def is_private(text: str) -> bool:
    """Whether it is an address of this machine, of a home network, or of a private network laid over others."""
    found = literal(text)
    return found is not None and any(found in network for network in PRIVATE_NETWORKS)


def is_loopback(text: str) -> bool:
    found = literal(text)
    return text == "localhost" or (found is not None and found.is_loopback)


def is_page_address(value: str) -> bool:
    return value in (LAN, "localhost") or literal(value) is not None


def bind_address(address: str) -> str:
    """What the socket is bound to."""
    return {LAN: ANY_IPV4, "localhost": LOOPBACK}.get(address, address)


def own_address(address: str) -> str:
    """Where this machine itself reaches a page that listens at ``address``."""
    bound = bind_address(address)
    return {ANY_IPV4: LOOPBACK, "::": "::1"}.get(bound, bound)


@dataclass(frozen=True, slots=True)
class ChosenAddress:
    """``refused``: what a person wrote stands against the flag, and wins."""

    address: str
    refused: bool = False


def choose_address(set_to: str, text: str | None, *, lan: bool) -> ChosenAddress:
    """Where to listen. ``set_to`` is the config's address, ``text`` the config itself.

    ``--lan`` stands above a line that was only copied from the example; what a person wrote stands above ``--lan``.
    """
    if not lan:
        return ChosenAddress(set_to)
    written = written_address(text or "")
    if written is None or written == LAN:
        return ChosenAddress(LAN)
    return ChosenAddress(set_to, refused=is_loopback(set_to))


def written_address(text: str) -> str | None:
    """The address that a person wrote into the config; None where none stands, or only the example's own line."""
    try:
        section = tomllib.loads(text).get("dashboard", {})
    except tomllib.TOMLDecodeError:
        return None
    found = section.get("address") if isinstance(section, dict) else None
    if not isinstance(found, str):
        return None
    lines = [line.strip() for line in text.splitlines()]
    copied = any(above in COPIED_COMMENTS and below == f'address = "{LOOPBACK}"' for above, below in pairwise(lines))
    return None if copied and found == LOOPBACK else found


def machine_names() -> tuple[str, ...]:
    """This machine's name alone and with ``.local``, as other machines at home call it; lower case."""
    alone = socket.gethostname().partition(".")[0].lower()
    return (alone, f"{alone}.local") if re.fullmatch(r"[a-z0-9-]+", alone) else ()


def page_url(host: str, port: int, path: str = "", *, https: bool = False) -> str:
    return f"{'https' if https else 'http'}://{f'[{host}]' if ':' in host else host}:{port}{path}/"


def page_urls(
    address: str, port: int, path: str, *, https: bool, own: Iterable[str], url: str | None
) -> tuple[str, ...]:
    """How the page is reached, the best way first. ``own``: this machine's addresses; ``url``: what was named."""
    if url:
        return (url.rstrip("/") + "/",)
    hosts = tuple(own) if bind_address(address) in EVERY_ADDRESS else (own_address(address),)
    return tuple(page_url(one, port, path, https=https) for one in hosts or (LOOPBACK,))
