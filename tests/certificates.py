"""A certificate of one's own, as a home server has it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

OPENSSL = shutil.which("openssl")


def certificate(folder: Path, name: str) -> None:
    assert OPENSSL is not None
    for kind in ("pem", "key"):
        (folder / f"new.{kind}").unlink(missing_ok=True)
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-keyout", str(folder / "new.key"), "-out", str(folder / "new.pem")],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    # Key first, as some renewals do: for a moment the two do not fit.
    (folder / "new.key").replace(folder / "page.key")
    (folder / "new.pem").replace(folder / "page.pem")
