"""What a device is called, from the numbers in its file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from rules.knowledge.typed_toml import Each, ListOf, load_typed

PRODUCTS = Path(__file__).with_name("garmin_products.toml")
MAKERS = {"polar_electro": "Polar", "wahoo_fitness": "Wahoo", "the_sufferfest": "The Sufferfest"}
NOBODY = frozenset({"development", "dynastream"})
"""Names in files of test benches and home-made apps."""


def device_name(manufacturer: str | None, product: str | None) -> str | None:
    """ "Garmin Forerunner 945", "Garmin 9999" for a number that is newer than our table, else the maker alone."""
    if manufacturer is None or manufacturer in NOBODY or manufacturer.startswith("code_"):
        return None
    maker = MAKERS.get(manufacturer) or manufacturer.replace("_", " ").title()
    if manufacturer != "garmin" or product is None:
        return maker
    return f"{maker} {_products().get(product, product)}"


@cache
def _products() -> Mapping[str, str]:
    named: dict[str, list[int]] = load_typed(PRODUCTS, Each(ListOf(int)))
    return {str(number): name for name, numbers in named.items() for number in numbers}
