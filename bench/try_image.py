"""The steps of deploy/Dockerfile in a root made by debootstrap, and springstep started in it as the image would.

For machines without a registry of images: ``python -m bench.try_image FOLDER`` as root, with debootstrap installed. The
base is Debian's own bookworm, minimal, and not the published image; users, read-only root and dropped capabilities are
what ``setpriv`` and a read-only mount can show. What pip is set to on this machine is lent to the root for the install.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
MIRROR = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org/debian")
PORT = 8501
LENT_CA = "/etc/lent-authorities.crt"


@dataclass
class Image:
    root: Path
    workdir: str = "/"
    environ: dict[str, str] = field(default_factory=dict)
    user: str = "0:0"
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)


def steps(text: str) -> Iterator[tuple[str, str]]:
    joined = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", text))
    for line in filter(None, map(str.strip, joined.splitlines())):
        word, _, rest = line.partition(" ")
        yield word, rest.strip()


def run(image: Image, command: list[str], *, as_user: str = "0:0", **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(entered(image, command, as_user), check=True, text=True, **more)  # type: ignore[call-overload,no-any-return]


def entered(image: Image, command: list[str], as_user: str) -> list[str]:
    uid, gid = as_user.split(":")
    lent = {name: value for name, value in os.environ.items() if name.startswith("PIP_")} if uid == "0" else {}
    if lent and (image.root / LENT_CA.lstrip("/")).exists():
        lent["PIP_CERT"] = LENT_CA
    environ = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **lent, **image.environ}
    given = [f"{name}={value}" for name, value in environ.items()]
    drop = [] if uid == "0" else ["--bounding-set=-all", "--no-new-privs"]
    inside = shlex.join(["env", "-i", *given, "setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", *drop])
    return ["chroot", str(image.root), "/bin/sh", "-c", f"cd {image.workdir} && exec {inside} {shlex.join(command)}"]


def build(root: Path) -> Image:
    image = Image(root)
    for word, rest in steps(DOCKERFILE.read_text("utf-8")):
        print(f"{word} {rest[:100]}", flush=True)
        match word:
            case "FROM":
                assert rest == "debian:bookworm-slim"
                if not (root / "etc" / "debian_version").exists():
                    subprocess.run(["debootstrap", "--variant=minbase", "bookworm", str(root), MIRROR], check=True)
                lend(root)
            case "RUN":
                run(image, ["/bin/sh", "-ec", rest])
            case "WORKDIR":
                image.workdir = rest
                (root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "COPY":
                *sources, target = rest.split()
                for source in sources:
                    copy(ROOT / source, root / image.workdir.lstrip("/") / (target if target != "./" else source))
            case "ENV":
                image.environ |= dict(one.split("=", 1) for one in shlex.split(rest))
            case "USER":
                image.user = rest
            case "CMD":
                image.command = json.loads(rest)
            case "HEALTHCHECK":
                image.health = json.loads(rest[rest.index("CMD ") + 4 :])
            case "VOLUME" | "EXPOSE":
                pass
            case _:
                raise SystemExit(f"unknown step: {word}")
    return image


def lend(root: Path) -> None:
    """How this machine reaches names and packages; no part of an image."""
    for name in ("etc/resolv.conf", "etc/hosts", "etc/pip.conf"):
        if Path("/", name).exists():
            shutil.copyfile(Path("/", name), root / name)
    authorities = Path(os.environ.get("PIP_CERT") or "/etc/ssl/certs/ca-certificates.crt")
    if authorities.exists():
        shutil.copyfile(authorities, root / LENT_CA.lstrip("/"))
    if Path("/etc/xdg/pip").is_dir():
        shutil.copytree("/etc/xdg/pip", root / "etc" / "xdg" / "pip", dirs_exist_ok=True)


def copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(source, target)


def start(image: Image, user: str) -> None:
    """The root is read-only but for the volume, /tmp and /dev; the user has no capability."""
    volume = image.root / image.environ["SPRINGSTEP_HOME"].lstrip("/")
    mounts = [
        ["mount", "--bind", str(image.root), str(image.root)],
        ["mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", str(volume)],
        ["mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", str(image.root / "tmp")],
        ["mount", "--bind", "/dev", str(image.root / "dev")],
        ["mount", "-t", "proc", "proc", str(image.root / "proc")],
        ["mount", "-o", "remount,bind,ro", str(image.root)],
    ]
    script = " && ".join(map(shlex.join, mounts)) + " && exec " + shlex.join(entered(image, image.command, user))
    with subprocess.Popen(
        ["unshare", "--mount", "/bin/sh", "-ec", script], stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            began = time.monotonic()
            while time.monotonic() - began < 120 and process.poll() is None:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=5) as answer:
                        took = time.monotonic() - began
                        print(f"user {user}: healthz {answer.status} {answer.read().decode()!r} after {took:.1f} s")
                        break
                except OSError:
                    time.sleep(1)
            else:
                raise SystemExit(f"user {user}: it did not come up")
            checked = run(image, image.health, as_user=user, capture_output=True)
            print(f"user {user}: the healthcheck ends with {checked.returncode}")
        finally:
            process.terminate()
            assert process.stderr is not None
            print(process.stderr.read())


def main() -> None:
    root = Path(sys.argv[1]).absolute()
    root.mkdir(parents=True, exist_ok=True)
    image = build(root)
    print(run(image, ["python3", "--version"], as_user=image.user, capture_output=True).stdout.strip())
    for user in (image.user, "1234:1234"):
        start(image, user)


if __name__ == "__main__":
    main()
