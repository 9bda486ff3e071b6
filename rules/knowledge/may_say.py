"""What a row of the knowledge may say: elements, families, equipment, contra-indications, facts and studies."""

from __future__ import annotations

ELEMENTS = ("mobilise", "stretch", "strengthen", "load")
SOURCES = ("guide", "study", "ours")
EQUIPMENT = ("towel", "band", "small-objects")
FAMILIES = (
    "curl",
    "arch_lift",
    "bend",
    "spread_grip",
    "ankle_rock",
    "big_toe_lift",
    "heel_raise",
    "stretch",
    "balance",
    "texture",
)
"""Drills that train the same, each with its levels; among those never done yet, the first is taken first."""
WARM_UP_FAMILY = "warm"
AVOID = (
    "broken_skin",
    "diabetes_or_numb",
    "under_18",
    "unscreened",
    "no_barefoot",
    "dialled_back",
    "lighter",
    "unsure",
    "before",
    "before_long",
    "new_shoes",
    "new_plan_hard",
    "early",
    "stiff_big_toe",
    "one_leg",
    "rest_loaded",
    *(f"rest_{family}" for family in FAMILIES),
)
LOADED = 2
"""From this load on a drill is loaded: band, towel, body weight on the toes, bare feet on a texture."""
LOADED_BARS = frozenset({"lighter", "dialled_back", "before", "unscreened"})
"""Where no loaded drill may be."""
FACTS = frozenset({f"M{n}" for n in range(1, 30)} | {f"S{n}" for n in range(1, 8)})
STUDIES = frozenset(
    {
        "Taddei 2020",
        "Run RCT 2024",
        "Ridge 2013",
        "Konrad 2021",
        "Takizawa",
        "Salaffi 2004",
        "Farrar 2001",
        "Frandsen 2025",
        "Thomeé 1997",
        "Silbernagel 2007",
        "Rathleff 2014",
        "FIX-Heel 2023",
        "Nakai 2024",
        "Day 2019",
        "Wu 2024",
        "Munteanu 2021",
        "Henry 1999",
        "Landorf 2010",
        "Lally 2010",
        "Powden 2015",
        "Tang & Landes 2020",
        "Impellizzeri 2020",
        "Williams 2017",
        "Treff 2019",
        "Toresdahl 2020",
    }
)
