"""Inversions: what turns uniforms in (0, 1) into times and sizes.

Each is a scalar function that rises with its uniform, so a larger uniform means longer under every
organisation. Where the uniforms come from lives in draws.py; the values of means and spreads are
the scenario's.
"""

import math

FIXED, EXPONENTIAL, LOGNORMAL = 0, 1, 2
"""Laws of a duration, as numbers: always the mean; exponential; lognormal."""

# Wichura's algorithm AS 241 (Applied Statistics 37, 1988), PPND16: the quantile is a ratio of two
# polynomials of degree 7, one pair near the median, one in the tails, one far out. Highest power
# first.
_CENTRE = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
     4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
     1.3314166789178437745e2, 3.3871328727963666080e0),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
     2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
     4.2313330701600911252e1, 1.0),
)  # fmt: skip
_TAIL = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
     1.27045825245236838258e0, 3.64784832476320460504e0, 5.76949722146069140550e0,
     4.63033784615654529590e0, 1.42343711074968357734e0),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
     1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
     2.05319162663775882187e0, 1.0),
)  # fmt: skip
_FAR_TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
     2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
     5.46378491116411436990e0, 6.65790464350110377720e0),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
     7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
     5.99832206555887937690e-1, 1.0),
)  # fmt: skip


def exponential(u: float, mean: float) -> float:
    """Give the value of an exponential law with this mean at the uniform `u`; unit of the mean.

    >>> round(exponential(0.5, 10.0), 6)
    6.931472
    """
    return -mean * math.log1p(-u)


def standard_normal(u: float) -> float:
    """Give the standard normal quantile of `u` (algorithm AS 241, about 16 digits).

    >>> round(standard_normal(0.975), 6)
    1.959964
    """
    offset = u - 0.5
    if abs(offset) <= 0.425:
        above, below = _CENTRE
        scale, r = offset, 0.180625 - offset * offset
    else:
        scale = -1.0 if offset < 0.0 else 1.0
        r = math.sqrt(-math.log(u if offset < 0.0 else 1.0 - u))
        if r <= 5.0:
            above, below = _TAIL
            r = r - 1.6
        else:
            above, below = _FAR_TAIL
            r = r - 5.0
    numerator, denominator = 0.0, 0.0
    for power in range(8):
        numerator = numerator * r + above[power]
        denominator = denominator * r + below[power]
    return scale * numerator / denominator


def lognormal(u: float, median: float, sigma: float) -> float:
    """Give the value at `u` of a lognormal law; `sigma` is the standard deviation of its logarithm.

    >>> lognormal(0.5, 8.7, 1.0)
    8.7
    """
    return median * math.exp(sigma * standard_normal(u))


def erlang4(u1: float, u2: float, u3: float, u4: float, mean: float) -> float:
    """Give a gamma value of shape 4 with this mean: the sum of four exponential values.

    >>> round(erlang4(0.5, 0.5, 0.5, 0.5, 1000.0), 3)
    693.147
    """
    quarter = mean / 4.0
    return (
        exponential(u1, quarter)
        + exponential(u2, quarter)
        + exponential(u3, quarter)
        + exponential(u4, quarter)
    )


def duration(u: float, law: int, mean: float, sd: float) -> float:
    """Give a duration at `u` under a law (FIXED, EXPONENTIAL or LOGNORMAL), in the unit of `mean`.

    `mean` and `sd` are those of the duration itself, not of its logarithm; the first two laws don't
    read `sd`. A lognormal needs a mean above 0. An unknown law is a ValueError.

    >>> duration(0.9, FIXED, 15.0, 0.0)
    15.0
    >>> round(duration(0.5, LOGNORMAL, 15.0, 15.0), 6)  # the median lies below the mean
    10.606602
    """
    if law == FIXED:
        return mean
    if law == EXPONENTIAL:
        return exponential(u, mean)
    if law == LOGNORMAL:
        ratio = sd / mean
        log_variance = math.log1p(ratio * ratio)
        return lognormal(u, mean * math.exp(-0.5 * log_variance), math.sqrt(log_variance))
    raise ValueError("unknown law of a duration")
