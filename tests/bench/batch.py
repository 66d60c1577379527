"""A batch of 10,000 certificates; `python -m tests.bench batch`, since it takes a minute."""

from tests.bench import certificates
from tests.bench.measuring import Figure

COUNT = 10_000


def figures() -> list[Figure]:
    """Measure as for a thousand."""
    return certificates.figures(COUNT)
