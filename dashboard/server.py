"""The page's web server: uvicorn with what Streamlit would give it, but a certificate that may change while it runs,
and without belief in what headers say of the peer.
"""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path

import structlog
import uvicorn
from streamlit import config as streamlit_config
from streamlit.web import bootstrap

from dashboard.streamlit_flags import SCRIPT, streamlit_settings
from sync.settings.certificate import load, paths_of
from sync.settings.config import Config, Dashboard
from sync.settings.listening import bind_address

log = structlog.get_logger()
LARGEST_MESSAGE_BYTES = 210 * 1024 * 1024
"""Of a websocket: Streamlit's own limit of 200 MB and a little more."""
PING_EVERY_S = 30.0
CERTIFICATE_LOOKED_AT_EVERY_S = 5.0
STOPS_WITHIN_S = 5
"""What is being answered then is broken off: a browser that never ends its connection would else keep the page up."""


def serve(config: Config, port: int) -> None:
    """Until SIGTERM or SIGINT. Raises OSError when the port is taken."""
    # Streamlit reads a project's own settings beside the script it is given: there are none beside ours.
    streamlit_config._main_script_path = str(SCRIPT)
    bootstrap.load_config_options(streamlit_settings(config, port))
    from dashboard.asgi import app

    listening = listen(bind_address(config.dashboard.address), port)
    try:
        uvicorn.Server(uvicorn_config(app, config.dashboard)).run(sockets=[listening])
    finally:
        listening.close()


def uvicorn_config(app: object, page: Dashboard) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        # Any program on this machine could send them: the guard looks at those of named proxies itself.
        proxy_headers=False,
        server_header=False,
        ws="websockets-sansio",
        timeout_graceful_shutdown=STOPS_WITHIN_S,
        ws_ping_interval=PING_EVERY_S,
        ws_ping_timeout=PING_EVERY_S,
        ws_max_size=LARGEST_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        use_colors=False,
        access_log=False,
        log_level="warning",
        ssl_context_factory=(lambda *_: certified(page)) if page.certificate else None,
    )


def listen(address: str, port: int) -> socket.socket:
    """``::`` takes IPv4 as well; every other address only its own family."""
    bound = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if bound.family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        bound.bind((address, port))
    except BaseException:
        bound.close()
        raise
    bound.setblocking(False)
    return bound


def certified(page: Dashboard) -> ssl.SSLContext:
    """TLS with the certificate of the config, and with the renewed one as soon as it lies there and fits its key."""
    paths = paths_of(page)
    assert paths is not None
    certificate, key = paths
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    load(context, certificate, key)
    threading.Thread(target=_reload, args=(context, certificate, key), daemon=True, name="certificate").start()
    return context


def _reload(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    """Connections made after a change are given the new certificate; one that cannot be used leaves the old one."""
    pause = threading.Event()
    seen = _stamps(certificate, key)
    while not pause.wait(CERTIFICATE_LOOKED_AT_EVERY_S):
        now = _stamps(certificate, key)
        if now == seen:
            continue
        seen = now
        try:
            # Tried on a context of its own first: a new certificate beside the old key must not take the old one away.
            load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), certificate, key)
            load(context, certificate, key)
        except OSError as error:
            log.warning("certificate.unusable", reason=type(error).__name__)
        else:
            log.info("certificate.renewed")


def _stamps(*paths: Path) -> tuple[tuple[int, int] | None, ...]:
    """When each was last changed, and its inode: renewing often moves a link."""
    return tuple(_stamp(path) for path in paths)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ino
