"""Which addresses this machine has on the networks around it, asked of the kernel; nothing is sent."""

from __future__ import annotations

import os
import re
import socket
import struct
from collections.abc import Mapping
from pathlib import Path

from sync.settings.listening import PLACEHOLDER, URL_IN_SURROUNDINGS, is_loopback, is_private

ASK_ADDRESS = 0x8915  # SIOCGIFADDR
VIRTUAL = re.compile(r"(docker|br-|veth|virbr|cni|flannel|lxc|vmnet|vboxnet).*")
"""Networks inside this machine: no phone is in them."""
IN_A_CONTAINER = (Path("/.dockerenv"), Path("/run/.containerenv"))


def own_lan_addresses() -> tuple[str, ...]:
    """Private IPv4 addresses, the one that outgoing packets would carry first."""
    found = [address for name, address in _interfaces() if not VIRTUAL.fullmatch(name)]
    private = [one for one in found if is_private(one) and not is_loopback(one)]
    first = _outgoing()
    return tuple(sorted(dict.fromkeys(private), key=lambda one: one != first))


def url_from_surroundings(port: int, environ: Mapping[str, str] = os.environ) -> str | None:
    """What the operator named; in a container, whose own address nobody can reach, a placeholder. Else None."""
    if named := environ.get(URL_IN_SURROUNDINGS):
        return named
    inside = any(note.exists() for note in IN_A_CONTAINER) or bool(environ.get("container"))
    return f"http://{PLACEHOLDER}:{port}" if inside else None


def _interfaces() -> list[tuple[str, str]]:
    try:
        import fcntl
    except ImportError:  # not on this system
        return []
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        for _index, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(asked.fileno(), ASK_ADDRESS, struct.pack("256s", name[:15].encode()))
            except OSError:
                continue  # without an IPv4 address
            found.append((name, socket.inet_ntoa(answer[20:24])))
    return found


def _outgoing() -> str | None:
    """Of a socket that is connected but sends nothing; 192.0.2.1 is nobody's (RFC 5737)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return str(asked.getsockname()[0])
