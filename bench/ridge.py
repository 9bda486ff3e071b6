"""Logistic regression held near given weights, each with its own bounds: projected Newton steps in NumPy."""

from __future__ import annotations

import numpy as np

from rules.facts.recorded import Floats

STEPS = 60
SETTLED = 1e-7


def held_logistic(x: Floats, y: Floats, w: Floats, start: Floats, hold: Floats, low: Floats, high: Floats) -> Floats:
    """The weights that minimise weighted log loss + ½ · hold · (weight − start)², inside ``low`` and ``high``.

    ``x`` is (runs, weights), ``y`` 0 or 1, ``w`` the runs' weights.
    """

    def loss(at: Floats) -> float:
        z = x @ at
        return float((w * (np.logaddexp(0, z) - y * z)).sum() + 0.5 * (hold * (at - start) ** 2).sum())

    at = np.clip(start, low, high)
    now = loss(at)
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ at, -30, 30)))
        slope = x.T @ (w * (p - y)) + hold * (at - start)
        # A weight at its bound that the slope presses outwards stays there; the others take a Newton step.
        free = ~(((at <= low) & (slope > 0)) | ((at >= high) & (slope < 0)))
        if not free.any():
            break
        curve = (x[:, free] * (w * p * (1 - p))[:, None]).T @ x[:, free] + np.diag(hold[free])
        step = np.zeros(len(at))
        step[free] = np.linalg.solve(curve, slope[free])
        size = 1.0
        while size > 1e-6 and loss(np.clip(at - size * step, low, high)) > now:
            size /= 2
        then = np.clip(at - size * step, low, high)
        after = loss(then)
        if now - after < SETTLED:
            break
        at, now = then, after
    return at
