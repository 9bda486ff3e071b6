"""The page's own certificate and key: whether they can be used, and why not."""

from __future__ import annotations

import ssl
from pathlib import Path

from sync.errors import PersonMustAct
from sync.settings.config import Dashboard


def paths_of(page: Dashboard) -> tuple[Path, Path] | None:
    """Certificate and key; None for a page over plain HTTP."""
    if page.certificate is None or page.key is None:
        return None
    return page.certificate.expanduser(), page.key.expanduser()


def load(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    """Raises OSError, of which SSLError is one. A key with a passphrase is refused: nobody is there to be asked."""
    context.load_cert_chain(certificate, key, password=_no_passphrase)


def check(page: Dashboard) -> None:
    """Raises PersonMustAct with the file that cannot be used, and why."""
    paths = paths_of(page)
    if paths is None:
        return
    certificate, key = paths
    for path in paths:
        try:
            path.read_bytes()
        except OSError as error:
            raise PersonMustAct("settings.certificate_unreadable", path=path, reason=error.strerror) from None
    try:
        load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), certificate, key)
    except OSError as error:
        if getattr(error, "reason", "") == "KEY_VALUES_MISMATCH":
            raise PersonMustAct("settings.certificate_mismatch", certificate=certificate, key=key) from None
        raise PersonMustAct("settings.certificate_unusable", certificate=certificate, key=key) from None


def _no_passphrase() -> bytes:
    return b""
