"""The ground: the wheel is the tree, the papers say what is there, and nothing of a machine is in a tracked file."""

from __future__ import annotations

import ast
import os
import pwd
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import distributions
from itertools import takewhile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from bench import write_docs

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("rules", "sync", "dashboard")
LOCKS = ("requirements.lock", "requirements-dev.lock")


def tracked() -> list[Path]:
    """Every file that git would hand on; without git, every file that is no build product."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not path.relative_to(ROOT).parts[0].startswith(".")]


def texts() -> dict[str, str]:
    found = {}
    for path in tracked():
        try:
            found[str(path.relative_to(ROOT))] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return found


def block(text: str, mark: str) -> list[str]:
    """The lines of the first code block after the comment that begins with ``mark``."""
    after = text[text.index(f"<!-- {mark}") :]
    found = re.search(r"```\w*\n(.*?)```", after, re.DOTALL)
    assert found is not None
    return [line for line in found.group(1).splitlines() if line.strip()]


def test_no_machine_and_no_index_in_any_file() -> None:
    mine = [pwd.getpwuid(os.getuid()).pw_dir + "/", str(ROOT.parent) + "/"]
    hosts = ["py" + "pi.org", "python" + "hosted.org", "files." + "pythonhosted"]
    everywhere = {"/tmp" + "/", "/var/tmp" + "/", "/home/", "/srv/", "/opt/", "/var/", "/mnt/", "//"}
    forbidden = [word for word in (*mine, *hosts) if word not in everywhere]
    found = [(name, word) for name, text in texts().items() for word in forbidden if word in text]
    assert found == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place(lock: str) -> None:
    """Whoever installs uses the index their machine is set up for; every package has its hashes."""
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry for entry in entries if "--hash=sha256:" not in entry or "==" not in entry] == []
    assert [word for word in ("://", "--index", "--extra-index", "--find-links", " @ ") if word in text] == []


def pinned(lock: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE):
        found.setdefault(re.sub(r"[-_.]+", "-", name).lower(), set()).add(version)
    return found


def names(requirements: list[str]) -> set[str]:
    return {re.sub(r"[-_.]+", "-", re.split(r"[^A-Za-z0-9._-]", line)[0]).lower() for line in requirements}


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    runs, tests = pinned(LOCKS[0]), pinned(LOCKS[1])
    asked = names(project["project"]["dependencies"]) | names(extras["build"])
    assert (asked - runs.keys(), names([line for lines in extras.values() for line in lines]) - tests.keys()) == (
        set(),
        set(),
    )
    assert {name: versions for name, versions in runs.items() if tests.get(name) != versions} == {}
    assert runs["duckdb"] == {"1.5.5"}


def imported() -> dict[str, str]:
    """Each top-level module of another project that the three packages import → one file that does."""
    found: dict[str, str] = {}
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            whole = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            whole += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found.update({name.split(".")[0]: str(path.relative_to(ROOT)) for name in whole})
    return {name: path for name, path in found.items() if name not in {*PACKAGES, *sys.stdlib_module_names}}


def test_what_is_imported_is_declared() -> None:
    """What only another dependency brings goes when that dependency goes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    declared = names([*project["dependencies"], *extras["keyring"], *extras["map"]])
    assert {name: path for name, path in imported().items() if name.replace("_", "-") not in declared} == {}


def test_the_locked_versions_satisfy_what_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked = pinned(LOCKS[0])
    asked = [Requirement(line) for line in project["dependencies"]]
    assert [str(one) for one in asked if not all(map(one.specifier.contains, locked[one.name]))] == []


LESSER_LICENCE = re.compile(r"LGPL|Lesser General Public", re.IGNORECASE)


def test_the_notice_names_each_dependency_under_a_lesser_licence() -> None:
    lesser = {
        one.name
        for one in distributions()
        if one.name.lower() in pinned(LOCKS[0])
        and any(
            LESSER_LICENCE.search(value)
            for field in ("License", "License-Expression", "Classifier")
            for value in one.metadata.get_all(field) or ()
        )
    }
    notice = (ROOT / "NOTICE").read_text("utf-8")
    assert lesser == set(re.findall(r"^  ([a-z-]+)  ", notice, re.MULTILINE))


def build(target: str, source: Path, into: Path) -> Path:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(into)],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (built,) = into.iterdir()
    return built


def test_the_wheel_from_the_source_distribution_is_the_tree(tmp_path: Path) -> None:
    with tarfile.open(build("sdist", ROOT, tmp_path / "sdist")) as packed:
        packed.extractall(tmp_path / "source")
    (source,) = (tmp_path / "source").iterdir()
    tree = {
        str(path.relative_to(ROOT)): path.read_bytes()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    tree["sync/config.example.toml"] = (ROOT / "config.example.toml").read_bytes()
    with zipfile.ZipFile(build("wheel", source, tmp_path / "wheel")) as wheel:
        packed_up = {name: wheel.read(name) for name in wheel.namelist() if ".dist-info/" not in name}
        (entry_points,) = [wheel.read(name) for name in wheel.namelist() if name.endswith("entry_points.txt")]
        (metadata,) = [wheel.read(name) for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    assert (sorted(packed_up), packed_up == tree) == (sorted(tree), True)
    assert b"springstep = sync.app.cli.main:main" in entry_points
    # An install without the lock must not take the DuckDB whose files the locked one cannot open.
    assert b"Requires-Dist: duckdb<2,>=1.5.5" in metadata.splitlines()


def layout() -> dict[str, set[str]]:
    """Each folder of the design's layout, with the modules that are listed below it."""
    found: dict[str, set[str]] = {}
    folder = ""
    for line in block((ROOT / "docs" / "design.md").read_text("utf-8"), "layout"):
        if not line.startswith(" "):
            folder = line.split()[0].rstrip("/")
            found.setdefault(folder, set())
        else:
            found[folder].update(takewhile(lambda word: word.endswith(".py"), line.split()))
    return found


def test_the_layout_of_the_design_is_the_tree() -> None:
    """Each path exists, each folder with code has its line, and whoever lists one module of a folder lists them all."""
    named = layout()
    missing = [path for path in named if not (ROOT / path).is_dir()]
    missing += [
        f"{folder}/{name}" for folder, names in named.items() for name in names if not (ROOT / folder / name).is_file()
    ]
    modules = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    unnamed = {str(path.parent.relative_to(ROOT)) for path in modules} - named.keys()
    forgotten = [
        str(path.relative_to(ROOT))
        for path in modules
        if (listed := named.get(str(path.parent.relative_to(ROOT))))
        and path.name not in listed | {"__init__.py", "__main__.py"}
    ]
    assert (missing, sorted(unnamed), forgotten) == ([], [], [])


@pytest.mark.parametrize("paper", write_docs.PAPERS)
def test_the_papers_list_the_commands_that_help_lists(paper: str) -> None:
    """`make papers` writes them."""
    assert block((ROOT / paper).read_text("utf-8"), "commands") == write_docs.command_list()


def test_links_in_the_papers_lead_somewhere() -> None:
    broken = []
    for name, text in texts().items():
        if name.endswith(".md"):
            for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
                if not ((ROOT / name).parent / target).exists():
                    broken.append((name, target))
    assert broken == []


def test_every_target_of_the_makefile_is_explained() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    phony = set(re.search(r"^\.PHONY:((?:.*\\\n)*.*)$", text, re.MULTILINE).group(1).replace("\\", " ").split())  # type: ignore[union-attr]
    explained = set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))
    assert phony - explained == {"browser"}


def test_the_readme_fits_a_stranger() -> None:
    """Short, with the two commands first and a way to each paper; the checks are for whoever develops."""
    readme = (ROOT / "README.md").read_text("utf-8")
    assert len(readme.splitlines()) < 200
    assert {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")} <= set(re.findall(r"\]\(([^)#]+)\)", readme))
    for path in sorted((ROOT / "docs").glob("*.md")):
        assert "**Contents:**" in path.read_text("utf-8"), path.name
    assert len(re.findall(r"<img ", readme)) == 3
    assert max(path.stat().st_size for path in (ROOT / "docs" / "pictures").iterdir()) <= 60_000


def test_the_papers_name_the_commands_that_the_checks_call() -> None:
    """Whoever clones finds `make demo` and `make run` first, whoever develops what `.ci/run` calls."""
    makefile, readme = (ROOT / "Makefile").read_text("utf-8"), (ROOT / "README.md").read_text("utf-8")
    first = re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)[0]
    checks = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "development.md").read_text("utf-8"), re.DOTALL)[0]
    named = [re.findall(r"^make ([a-z-]+) ", one, re.MULTILINE) for one in (first, checks)]
    assert named == [["demo", "run"], ["test", "test-pages", "lint", "help"]]
    assert [name for names in named for name in names if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []
    called = re.findall(r"^exec make (.+)$", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
    assert [name for names in called for name in names.split()] == ["lint", "test", "test-pages"]


def test_prose_is_at_most_120_columns_wide() -> None:
    """Tables, code and HTML may be wider: a reader of a diff wraps nothing else."""
    wide = []
    for path in sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md")):
        code = False
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            code ^= line.lstrip().startswith("```")
            if len(line) > 120 and not code and not line.startswith(("|", "<", "    ")):
                wide.append(f"{path.name}:{number}")
    assert wide == []
