"""Behind nginx and Caddy as the manual sets them up, below a path: shell, sign-in, websocket, upload. Real programs."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sync.settings import passwords
from sync.settings.credentials import CredentialStore
from sync.settings.paths import DataDir
from tests.browser import PHONE, Served, browser, free_port, served, visit
from tests.page_requests import Caller
from tests.shell import until

NGINX, CADDY = shutil.which("nginx") or shutil.which("/usr/sbin/nginx"), shutil.which("caddy")
pytestmark = [pytest.mark.pages, pytest.mark.timeout(300)]
NAME = "feet.home.arpa"
PASSWORD = "wiggle the toes"
NGINX_CONF = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1; user root;
events {{ worker_connections 128; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port};
    location /springstep/ {{
      proxy_pass http://127.0.0.1:{page}{slash};
      proxy_http_version 1.1;
      proxy_set_header Host {host};
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";
      client_max_body_size 300m;
    }}
  }}
}}
"""
CADDYFILE = """
{{
	admin off
	auto_https off
	storage file_system {folder}
}}
http://{name}:{port} {{
	handle_path /springstep/* {{
		reverse_proxy 127.0.0.1:{page}
	}}
}}
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("proxies")
    passwords.put(CredentialStore(DataDir(root).secrets), "runner", PASSWORD)
    with served(root) as running:
        yield running


def walk_through(page: Served, port: int, command: list[str], more: str) -> None:
    (page.home / "config.toml").write_text(f'[dashboard]\npasswords = true\nallowed_hosts = ["{NAME}"]\n{more}')
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as proxy:
        try:
            until(lambda: answers(port) or proxy.poll() is not None, 30)
            with (
                browser(f"--host-resolver-rules=MAP {NAME} 127.0.0.1") as window,
                visit(window, f"http://{NAME}:{port}/springstep", **PHONE) as phone,
            ):
                phone.page.goto(f"{phone.url}/status")
                phone.page.get_by_label("Password").fill(PASSWORD)
                phone.page.get_by_role("button", name="Sign in").tap()
                phone.settled()
                assert phone.page.url == f"{phone.url}/status"
                phone.unfold("Drop files here")
                phone.page.locator("input[type=file]").set_input_files(
                    [{"name": f"run-{port}.fit", "mimeType": "application/octet-stream", "buffer": b"x" * 200_000}]
                )
                expect(phone.page.get_by_text(f"run-{port}")).not_to_have_count(0)
                assert phone.wrongs == []
        finally:
            proxy.terminate()


def answers(port: int) -> bool:
    try:
        return Caller(port).get("/springstep/sign-in", Host=f"{NAME}:{port}").status == 200
    except OSError:
        return False


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
@pytest.mark.parametrize(
    ("slash", "host", "more"),
    [("/", "$http_host", ""), ("", "$http_host", 'path = "/springstep"\n'), ("/", "$host", "")],
    ids=["path taken off", "path passed on", "port taken off the name"],
)
def test_nginx(slash: str, host: str, more: str, page: Served, tmp_path: Path) -> None:
    port, conf = free_port(), tmp_path / "nginx.conf"
    conf.write_text(NGINX_CONF.format(folder=tmp_path, port=port, page=page.port, slash=slash, host=host))
    assert NGINX is not None
    walk_through(page, port, [NGINX, "-c", str(conf), "-p", str(tmp_path)], more)


@pytest.mark.skipif(CADDY is None, reason="Caddy is not installed")
def test_caddy(page: Served, tmp_path: Path) -> None:
    port, conf = free_port(), tmp_path / "Caddyfile"
    conf.write_text(CADDYFILE.format(folder=tmp_path, port=port, page=page.port, name=NAME))
    assert CADDY is not None
    walk_through(page, port, [CADDY, "run", "--adapter", "caddyfile", "--config", str(conf)], "")
