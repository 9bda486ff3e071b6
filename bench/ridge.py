"""Logistic and softmax regression held near given weights: projected Newton steps in NumPy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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


def held_shares(x: Floats, true: NDArray[np.intp], w: Floats, hold_slope: float, hold_added: float) -> Floats:
    """Slope and additions (1 + columns) of rivals' log-odds, held near 1 and 0: softmax of 0 and slope · x + added.

    ``x`` is (runs, rivals); ``true`` 0 for none of them, else the rival's number from 1; ``w`` the runs' weights.
    """
    runs, rivals = x.shape
    hold = np.array([hold_slope, *[hold_added] * rivals], dtype=np.float64)
    start = np.array([1.0, *[0.0] * rivals], dtype=np.float64)
    won = (true[:, None] == np.arange(1, rivals + 1)).astype(np.float64)

    def log_shares(at: Floats) -> Floats:
        z = np.column_stack((np.zeros(runs), at[0] * x + at[1:]))
        return z - np.logaddexp.reduce(z, axis=1, keepdims=True)

    def loss(at: Floats) -> float:
        return float(-(w * log_shares(at)[np.arange(runs), true]).sum() + 0.5 * (hold * (at - start) ** 2).sum())

    at, now = start, loss(start)
    for _ in range(STEPS):
        p = np.exp(log_shares(at))[:, 1:]
        away = w[:, None] * (p - won)
        slope = np.array([(away * x).sum(), *away.sum(axis=0)], dtype=np.float64) + hold * (at - start)
        spread = w[:, None, None] * (p[:, :, None] * (np.eye(rivals) - p[:, None, :]))
        cross = np.einsum("nij,nj->i", spread, x)
        curve = np.zeros((rivals + 1, rivals + 1)) + np.diag(hold)
        curve[0, 0] += float(np.einsum("ni,nij,nj->", x, spread, x))
        curve[0, 1:] += cross
        curve[1:, 0] += cross
        curve[1:, 1:] += spread.sum(axis=0)
        step = np.linalg.solve(curve, slope)
        size = 1.0
        while size > 1e-6 and loss(at - size * step) > now:
            size /= 2
        after = loss(at - size * step)
        if now - after < SETTLED:
            break
        at, now = at - size * step, after
    return at
