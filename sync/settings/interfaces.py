"""Which addresses this machine has on the networks around it, asked of the kernel; nothing is sent."""

from __future__ import annotations

import os
import re
import socket
import struct
from collections.abc import Mapping
from pathlib import Path

from sync.settings.config import Config
from sync.settings.listening import PLACEHOLDER, URL_IN_SURROUNDINGS, is_loopback, is_private, page_url, page_urls

ASK_ADDRESS = 0x8915  # SIOCGIFADDR
VIRTUAL = re.compile(r"(docker|br-|veth|virbr|cni|flannel|lxc|vmnet|vboxnet).*")
"""Networks inside this machine: no phone is in them."""
ROUTES = Path("/proc/net/route")
IN_A_CONTAINER = (Path("/.dockerenv"), Path("/run/.containerenv"))


def own_lan_addresses() -> tuple[str, ...]:
    """Private IPv4 addresses, that of the interface which leads to the internet first."""
    first = _towards_the_internet()
    found = sorted(_interfaces(), key=lambda one: one[0] != first)
    return tuple(
        address
        for name, address in found
        if not VIRTUAL.fullmatch(name) and is_private(address) and not is_loopback(address)
    )


def in_a_container(environ: Mapping[str, str] = os.environ) -> bool:
    """Whose own address nobody else can reach."""
    return any(note.exists() for note in IN_A_CONTAINER) or bool(environ.get("container"))


def urls_of(config: Config, port: int, environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Under which addresses the page can be opened, the best first: what the operator named stands alone."""
    page, url = config.dashboard, environ.get(URL_IN_SURROUNDINGS)
    https = page.certificate is not None
    if url is None and page.beyond_loopback and in_a_container(environ):
        url = page_url(PLACEHOLDER, port, page.path, https=https)
    return page_urls(page.address, port, page.path, https=https, own=own_lan_addresses(), url=url)


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


def _towards_the_internet() -> str | None:
    """The interface of the default route."""
    try:
        lines = ROUTES.read_text(encoding="ascii").splitlines()[1:]
    except OSError:  # not on this system
        return None
    routes = [line.split() for line in lines]
    return next((one[0] for one in routes if len(one) > 1 and one[1] == "00000000"), None)
