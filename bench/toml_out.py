"""Writes a table of numbers as readable TOML, with the comments the classifier's file keeps."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HEAD = """\
# Log-odds weights of the run classifier. Inputs are about 0 for a runner's usual run and about 1 when clearly more.
# `make fit` writes this file from bench/classifier_prior.toml: change weights there, then fit again.
#   summary, samples  questions "hard", "long", "hilly" on summary rows and on recordings: score = bias + weight x input
#   calibration       probability = logistic(slope x score + offset), never beyond the cap of its tier
#   votes             what words, marks, others' labels and felt effort add; none decides alone against the numbers
#   split             which of recovery, easy, steady and which of tempo, intervals, race
#   naming            how facets that hold compete for the run's name; from how much climb on hills do
#   decide            below these a facet or the primary kind is left open; from `possible` a kind is named as possible
#   runner, held      how answers count, and how strongly a runner's own model is held at the shared weights
"""


def written(path: Path, table: Mapping[str, Any]) -> None:
    """Temp file, fsync, rename."""
    lines = [HEAD, f'version = "{table["version"]}"']
    _tables(lines, "", {name: value for name, value in table.items() if isinstance(value, Mapping)})
    beside = path.with_suffix(".toml.new")
    with beside.open("w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
        out.flush()
        os.fsync(out.fileno())
    beside.rename(path)


def _tables(lines: list[str], prefix: str, tables: Mapping[str, Any]) -> None:
    for name, table in tables.items():
        plain = {key: value for key, value in table.items() if not isinstance(value, Mapping)}
        if plain:
            lines += ["", f"[{prefix}{name}]", *(f"{key} = {float(value):g}" for key, value in plain.items())]
        _tables(lines, f"{prefix}{name}.", {key: v for key, v in table.items() if isinstance(v, Mapping)})
