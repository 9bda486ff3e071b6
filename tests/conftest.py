"""What every test may ask for: a home of its own, the folder of real recordings, Hypothesis without surprises."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import HealthCheck, settings

from sync.app.cli import main
from tests.shell import InProcess, Said

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser import Pocket, Watched
    from tests.fakes.owner import FakeOwner
    from tests.stage import Stage

# The same examples each time, so that a red test is red for everyone; `--hypothesis-profile search` looks further.
settings.register_profile(
    "steady", derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

# Hundreds of processes of springstep are started: each would compile all of it anew where the surroundings forbid to
# keep what was compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_collection_finish(session: pytest.Session) -> None:
    """Five thousand tests and all that they import stay to the end: no search for garbage need look at them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the home, the config or the service keys of whoever runs it."""
    for name in [name for name in os.environ if name.startswith("SPRINGSTEP_") and name != "SPRINGSTEP_REAL_DATA"]:
        monkeypatch.delenv(name)
    for name in (
        "GARTH_TOKEN",
        "GARTH_HOME",
        "NOTIFY_SOCKET",
        "WATCHDOG_USEC",
        "CREDENTIALS_DIRECTORY",
        "JOURNAL_STREAM",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty springstep home, closed to others."""
    path = tmp_path / "home"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture(scope="session")
def real_data() -> Path:
    """A folder of real recordings; whoever has one names it in SPRINGSTEP_REAL_DATA."""
    named = os.environ.get("SPRINGSTEP_REAL_DATA")
    if not named:
        pytest.skip("SPRINGSTEP_REAL_DATA names no folder of real recordings")
    path = Path(named)
    if not path.is_dir():
        pytest.fail(f"SPRINGSTEP_REAL_DATA is {named}, and that is no folder")
    return path


@pytest.fixture
def _logging_restored() -> Iterator[None]:
    """What a command of springstep sets for its whole process is put back."""
    root = logging.getLogger()
    before, level, mask = root.handlers[:], root.level, os.umask(0o022)
    os.umask(mask)
    yield
    root.handlers[:] = before
    root.setLevel(level)
    os.umask(mask)
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)


@pytest.fixture
def springstep(home: Path, capsys: pytest.CaptureFixture[str], _logging_restored: None) -> InProcess:
    """The command line in this process, over the test's own home."""

    def run(*words: str | Path) -> Said:
        try:
            code = main.main(["--home", str(home), *map(str, words)])
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Said(code, out, err)

    return run


# --- a browser and what it looks at: they start slowly, so each process of tests has one of each -----


@pytest.fixture(scope="session")
def window() -> Iterator[Browser]:
    """It knows the machine by a name of the home network, too."""
    from tests.browser import browser
    from tests.two_runners import NAMED

    with browser(NAMED) as one:
        yield one


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A made-up owner that remembers every command, with a page before it."""
    from tests.browser import served
    from tests.fakes.owner import serve

    home = tmp_path_factory.mktemp("stage")
    with serve(home) as owner, served(home) as page:
        yield owner, page


@pytest.fixture
def owner(stage: Stage) -> FakeOwner:
    """A fresh made-up runner behind the running page."""
    found, _ = stage
    found.fresh()
    return found


@pytest.fixture(scope="session")
def pocket(window: Browser) -> Pocket:
    from tests.browser import Pocket

    return Pocket(window)


@pytest.fixture
def phone(stage: Stage, owner: FakeOwner, pocket: Pocket) -> Iterator[Watched]:
    with pocket.visit(stage[1].url) as watched:
        yield watched


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Two runners with passwords."""
    from tests.two_runners import house_of_two

    with house_of_two(tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.fixture(params=[pytest.param("127.0.0.1", marks=pytest.mark.slow), "feet.home.arpa"])
def anns_phone(request: pytest.FixtureRequest, house: Stage, pocket: Pocket) -> Iterator[Watched]:
    """Ann is signed in, over plain HTTP on loopback and under a name of the home network."""
    from tests.two_runners import sign_in

    owner, page = house
    owner.fresh()
    with pocket.visit(f"http://{request.param}:{page.port}") as watched:
        watched.expect_breaks = True
        sign_in(watched, page, "ann")
        yield watched
