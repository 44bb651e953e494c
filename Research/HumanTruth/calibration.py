"""Numbers about a scale: its separation reliability, shrinkage, and how well it predicts votes it was not made from."""

import math

import numpy as np

# The standard deviation, in JOD, of a judgement of a pair: 1 JOD is the difference that 75 % see.
JUDGEMENT_DEVIATION = 1.4826


def separation_reliability(scale):
    """1 - mean squared error / variance of the positions, as sirt's `mle.rel`; scale: item -> (position, error)."""
    positions, errors = np.array(list(scale.values())).T
    return 1 - np.mean(errors**2) / np.var(positions, ddof=1)


def shrunk(scale):
    """Positions drawn to their mean by their own reliability: the posterior mean under a normal prior.

    The prior's variance is the variance of the positions less their mean squared error; None when nothing is left.
    """
    positions, errors = np.array(list(scale.values())).T
    variance = np.var(positions, ddof=1) - np.mean(errors**2)
    if variance <= 0:
        return None
    mean = positions.mean()
    factors = variance / (variance + errors**2)
    return {item: (mean + f * (x - mean), e) for item, f, x, e in zip(scale, factors, positions, errors)}


def predictions(scale, judgements):
    """Predicted probits of «the winner wins» for the judgements whose items both are on the scale."""
    return [
        (scale[winner][0] - scale[loser][0]) / JUDGEMENT_DEVIATION
        for _, winner, loser in judgements
        if winner in scale and loser in scale
    ]


def calibration_slope(probits):
    """The slope b of a probit regression through the origin, P(winner wins) = Phi(b * probit), and its standard error.

    Outcomes are all «the winner won»; turning a pair turns the probit's sign and the outcome, which is the same
    likelihood. The log likelihood is concave in b, so Newton's method with halved steps finds it.
    """
    z = np.asarray(probits)
    if len(z) == 0 or np.all(z == 0) or np.all(z >= 0) or np.all(z <= 0):
        return None, None
    slope = 0.0
    for _ in range(100):
        ratio = mills(slope * z)
        gradient = np.sum(ratio * z)
        information = np.sum(z**2 * ratio * (slope * z + ratio))
        step = gradient / information
        while log_likelihood(slope + step, z) < log_likelihood(slope, z) - 1e-12:
            step /= 2
        slope += step
        if abs(step) < 1e-9:
            break
    return float(slope), float(1 / math.sqrt(information))


def log_likelihood(slope, z):
    return float(np.sum(log_normal_cdf(slope * z)))


def log_normal_cdf(x):
    x = np.asarray(x, dtype=float)
    far = x < -8
    near = np.log([0.5 * math.erfc(-v / math.sqrt(2)) for v in np.where(far, 0, x)])
    safe = np.where(far, x, -8)
    tail = -(safe**2) / 2 - np.log(-safe * math.sqrt(2 * math.pi)) + np.log1p(-1 / safe**2 + 3 / safe**4)
    return np.where(far, tail, near)


def mills(x):
    """phi(x) / Phi(x)."""
    return np.exp(-(np.asarray(x) ** 2) / 2 - 0.5 * math.log(2 * math.pi) - log_normal_cdf(x))
