"""``python -m dashboard``: Streamlit on this machine's own address, with every setting given as a flag."""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import sys
from pathlib import Path

from dashboard.launch import SCRIPT, flags
from sync.config import Config, load
from sync.home import find

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Becomes Streamlit. ``SPRINGSTEP_HOME`` and ``SPRINGSTEP_CONFIG`` say whose page it is."""
    parser = argparse.ArgumentParser(prog="dashboard")
    parser.add_argument("--port", type=int)
    parser.add_argument("--parent", type=int, help="end when this process ends, however it ends")
    given = parser.parse_args()
    home = find(None, os.environ)
    path = Path(os.environ.get("SPRINGSTEP_CONFIG") or home.config)
    config = load(path) if path.exists() else Config()
    if given.parent is not None:
        _end_with(given.parent)
    # A .streamlit folder in the working directory could change settings: the home has none.
    os.chdir(home.root)
    command = ["streamlit", "run", str(SCRIPT), *flags(config, given.port or config.dashboard.port)]
    os.execv(sys.executable, [sys.executable, "-m", *command])


def _end_with(parent: int) -> None:
    """A parent killed with -9 cannot stop its children; Linux can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(0)


if __name__ == "__main__":
    main()
