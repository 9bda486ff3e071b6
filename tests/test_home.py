"""The home: private, found by flag, variable or default, and reached over a short socket path."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sync.errors import PersonMustAct
from sync.service import lock as owner_lock
from sync.settings import paths
from sync.settings.atomic_files import atomic_write


def test_flag_then_variable_then_default(tmp_path: Path) -> None:
    environ = {"SPRINGSTEP_HOME": "/var/a", "XDG_DATA_HOME": "/data"}
    assert paths.find("/b", environ).root == Path("/b")
    assert paths.find(None, environ).root == Path("/var/a")
    assert paths.find(None, {"XDG_DATA_HOME": "/data"}).root == Path("/data/springstep")
    assert paths.find(None, {}).root == Path("~/.local/share/springstep").expanduser()


def test_every_folder_is_private(tmp_path: Path) -> None:
    at = paths.DataDir(tmp_path / "deep" / "home")
    at.make("ada", "bo")
    folders = [at.root, at.originals, at.outbox, at.log, at.secrets, at.backups, at.inbox("ada"), at.inbox("bo")]
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * len(folders)


def test_a_folder_with_other_things_in_it_keeps_its_own_mode(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    tmp_path.chmod(0o755)
    paths.DataDir(tmp_path).make("ada")
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_a_home_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PersonMustAct, match=r"settings\.home_unusable"):
        paths.DataDir(tmp_path / "file" / "home").make()


@pytest.mark.parametrize("runtime", [True, False])
def test_a_home_of_200_letters_is_reached_over_a_short_socket(tmp_path: Path, *, runtime: bool) -> None:
    root = tmp_path / ("x" * 100) / ("y" * 100)
    at = paths.DataDir(root)
    at.make()
    environ = {"XDG_RUNTIME_DIR": str(tmp_path)} if runtime else {}
    path = at.make_socket_path(environ)
    assert len(os.fsencode(path)) <= 100
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(path))
        server.listen()
        client.connect(str(at.socket({})))
    path.unlink()
    if not runtime:
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_each_home_has_its_own_socket(tmp_path: Path) -> None:
    assert paths.socket_path(tmp_path / "a", {}) != paths.socket_path(tmp_path / "b", {})


def test_a_folder_for_sockets_that_is_no_folder_of_ours_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "springstep-0").symlink_to(tmp_path)
    with pytest.raises(PersonMustAct, match=r"settings\.folder_not_ours"):
        paths.make_private(tmp_path / "springstep-0")
    paths.make_private(tmp_path / "springstep-1")
    assert stat.S_IMODE((tmp_path / "springstep-1").stat().st_mode) == 0o700


def test_a_file_is_replaced_whole_and_leaves_no_crumbs(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    atomic_write(path, b"one")
    atomic_write(path, b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_the_second_owner_is_told_who_holds_the_home(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with owner_lock.acquire(lock, "daemon"):
        assert owner_lock.holder(lock) == owner_lock.Holder(os.getpid(), "daemon")
        second = owner_lock.acquire(lock, "import", patience_s=0.1)
        with pytest.raises(owner_lock.LockHeld, match=rf"service\.home_kept doing='daemon' pid={os.getpid()}"):
            second.__enter__()
    assert owner_lock.holder(lock) is None


def test_a_killed_owner_leaves_the_home_free(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    code = "import sys, time; from pathlib import Path; from sync.service import lock\n"
    code += "with lock.acquire(Path(sys.argv[1]), 'daemon'):\n    print('mine', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code, str(lock)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "mine\n"
        assert owner_lock.holder(lock) == owner_lock.Holder(other.pid, "daemon")
        other.kill()
        other.wait()
    with owner_lock.acquire(lock, "import", patience_s=0.1):
        assert owner_lock.holder(lock) == owner_lock.Holder(os.getpid(), "import")


def test_a_copy_of_a_home_does_not_speak_with_the_owner_of_the_first_one(tmp_path: Path) -> None:
    """The note goes along when a home is copied while it runs; what an older springstep noted still counts."""
    first, copy = paths.DataDir(tmp_path / "first"), paths.DataDir(tmp_path / "copy")
    first.make()
    noted = first.make_socket_path({"XDG_RUNTIME_DIR": str(tmp_path)})
    shutil.copytree(first.root, copy.root)
    assert first.socket({}) == noted
    assert copy.socket({}) == paths.socket_path(copy.root, {}) != noted
    first.socket_note.write_bytes(os.fsencode(noted))
    assert first.socket({}) == noted
