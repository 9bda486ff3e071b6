"""Where the page listens and who counts as near: ``lan``, what a person wrote, private networks, printed addresses."""

from __future__ import annotations

import pytest

from sync.settings.config import Config, ConfigMistakes, example_text, parse
from sync.settings.listening import ChosenAddress, choose_address, is_private, page_urls

OLD_EXAMPLE = (
    "[dashboard]\n# The page listens on this machine only, because it speaks plain HTTP.\n"
    'address = "127.0.0.1"\nport = 8501\n'
)


@pytest.mark.parametrize(
    ("text", "lan", "chosen"),
    [
        ("", False, ChosenAddress("127.0.0.1")),
        ("", True, ChosenAddress("lan")),
        (None, True, ChosenAddress("lan")),
        (example_text(), False, ChosenAddress("127.0.0.1")),
        (example_text(), True, ChosenAddress("lan")),
        (OLD_EXAMPLE, True, ChosenAddress("lan")),
        (OLD_EXAMPLE.replace("8501", "8600"), True, ChosenAddress("lan")),  # another line was changed
        ('[dashboard]\naddress = "127.0.0.1"\n', True, ChosenAddress("127.0.0.1", refused=True)),
        (OLD_EXAMPLE.replace("127.0.0.1", "::1"), True, ChosenAddress("::1", refused=True)),
        ('[dashboard]\naddress = "localhost"\n', True, ChosenAddress("localhost", refused=True)),
        ('[dashboard]\naddress = "192.168.1.20"\n', True, ChosenAddress("192.168.1.20")),
        ('[dashboard]\naddress = "lan"\n', False, ChosenAddress("lan")),
        ('[dashboard]\naddress = "lan"\n', True, ChosenAddress("lan")),
        ("[dashboard]\nport = 9000\n", True, ChosenAddress("lan")),
    ],
)
def test_the_flag_stands_above_a_copy_and_below_a_person(text: str | None, lan: bool, chosen: ChosenAddress) -> None:
    assert choose_address(parse(text or "").dashboard.address, text, lan=lan) == chosen


@pytest.mark.parametrize(
    ("page", "sign_in"),
    [
        ("", False),
        ("passwords = true", True),
        ('address = "lan"', True),
        ('address = "0.0.0.0"', True),
        ('address = "192.168.1.20"', True),
        ('address = "fd00::1"', True),
        ('address = "::"', True),
        ('address = "::1"', False),
        ('address = "127.0.0.2"', False),
        ('address = "localhost"', False),
        ('address = "lan"\npasswords = false', True),
    ],
)
def test_beyond_loopback_nobody_comes_in_without_signing_in(page: str, sign_in: bool) -> None:
    assert parse(f"[dashboard]\n{page}\n").dashboard.sign_in is sign_in


def test_what_a_command_decided_counts_in_the_page_too() -> None:
    assert Config().listening_at("lan").dashboard.sign_in
    assert Config().listening_at(None) == Config()


PEERS = {
    True: (
        "127.0.0.1", "127.255.0.1", "::1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.1.1",
        "fe80::1", "fe80::1%eth0", "fd12:3456::1", "fc00::1", "100.64.0.1", "100.127.255.255", "::ffff:192.168.1.5",
    ),
    False: (
        "0.0.0.0", "8.8.8.8", "172.15.255.255", "172.32.0.1", "192.167.255.255", "192.169.0.0", "100.63.255.255",
        "100.128.0.0", "169.253.0.1", "11.0.0.0", "2001:db8::1", "2600::1", "::", "fec0::1", "::ffff:8.8.8.8",
        "::127.0.0.1", "64:ff9b::7f00:1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "localhost.example", "", "a",
        "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "192.0.2.1", "203.0.113.7",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("address", "private"), [(one, kind) for kind, all_ in PEERS.items() for one in all_])
def test_which_addresses_are_private(address: str, private: bool) -> None:
    assert is_private(address) is private


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ('address = "pi.local"', 'must be "lan", or an address of this machine'),
        ('path = "springstep"', 'must begin with "/"'),
        ('path = "/a//b"', 'must begin with "/"'),
        ('path = "/../x y"', 'must begin with "/"'),
        ('certificate = "/etc/c.pem"', "needs `certificate` and `key` together"),
        ('key = "/etc/k.pem"', "needs `certificate` and `key` together"),
        ('proxies = ["caddy"]', 'must be an address such as "127.0.0.1", not "caddy"'),
    ],
)
def test_what_cannot_be_is_told(page: str, says: str) -> None:
    with pytest.raises(ConfigMistakes) as told:
        parse(f"[dashboard]\n{page}\n")
    (mistake,) = told.value.mistakes
    assert mistake.startswith("config.toml: [dashboard]")
    assert says in mistake


@pytest.mark.parametrize(
    ("address", "own", "url", "path", "https", "told"),
    [
        ("127.0.0.1", ("192.168.1.20",), None, "", False, ("http://127.0.0.1:8501/",)),
        ("::1", (), None, "", False, ("http://[::1]:8501/",)),
        ("lan", ("192.168.1.20", "10.0.0.3"), None, "", False,
         ("http://192.168.1.20:8501/", "http://10.0.0.3:8501/")),
        ("lan", (), None, "", False, ("http://127.0.0.1:8501/",)),
        ("0.0.0.0", ("192.168.1.20",), None, "", False, ("http://192.168.1.20:8501/",)),
        ("::", ("192.168.1.20",), None, "", False, ("http://192.168.1.20:8501/",)),
        ("fd00::5", ("192.168.1.20",), None, "", False, ("http://[fd00::5]:8501/",)),
        ("192.168.1.20", ("192.168.1.20", "10.0.0.3"), None, "", False, ("http://192.168.1.20:8501/",)),
        ("lan", ("192.168.1.20",), "http://ADDRESS-OF-YOUR-SERVER:8501", "", False,
         ("http://ADDRESS-OF-YOUR-SERVER:8501/",)),
        ("lan", ("192.168.1.20",), "https://feet.example.org/", "", False, ("https://feet.example.org/",)),
        ("lan", ("192.168.1.20",), None, "/feet", True, ("https://192.168.1.20:8501/feet/",)),
    ],
)  # fmt: skip
def test_how_the_page_is_reached(
    address: str, own: tuple[str, ...], url: str | None, path: str, https: bool, told: tuple[str, ...]
) -> None:
    assert page_urls(address, 8501, path, https=https, own=own, url=url) == told
