"""The linkage benchmark: invented cities with known truth, Jingwei and its rivals on the same files.

./jw bench linkage [--rows N] [--seeds 1,2,3] [--real MARKET.csv] [--quick] [--parts accuracy,size]
"""


def run(arguments: list[str]) -> int:
    """Measure, print the tables and return the exit code."""
    # Contestants run inside this package; what only the referee needs must not add to their start.
    from benchmarks.linkage.bench import measure_all  # noqa: PLC0415

    return measure_all(arguments)
