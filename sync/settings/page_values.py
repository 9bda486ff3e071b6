"""What the config may say of where the page is: a mistake is said in the words of its file by `config_errors`."""

from __future__ import annotations

from sync.settings import listening


def page_address(value: str) -> str:
    if not listening.is_page_address(value):
        raise ValueError(
            f'must be "lan", or an address of this machine such as "127.0.0.1" or "192.168.1.20", not "{value}"'
        )
    return value


def page_path(value: str) -> str:
    kept = value.rstrip("/")
    if kept and not listening.PATH.fullmatch(kept):
        raise ValueError(f'must begin with "/", such as "/springstep", not "{value}"')
    return kept


def ip_address(value: str) -> str:
    if listening.literal(value) is None:
        raise ValueError(f'must be an address such as "127.0.0.1", not "{value}"')
    return value
