"""``python -m tests.storm --minutes 30 --engines real``: prints every fault, and the counts."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

from deploy.engines.choose import ABSENT, embedded, real
from tests.storm.storm import Weather, a_world, weather_the_storm


def main(arguments: list[str]) -> int:
    """Storm; end with 1 where a promise was broken."""
    reader = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    reader.add_argument("--minutes", type=float, default=1.0)
    reader.add_argument("--engines", choices=("embedded", "real"), default="embedded")
    reader.add_argument("--rate", type=float, default=2.0, help="reports a second, at both doors")
    reader.add_argument("--pause", type=float, default=2.0, help="seconds between two faults")
    reader.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    reader.add_argument("--keep", type=Path, help="folder for logs and data, kept")
    said = reader.parse_args(arguments)
    folder = said.keep or Path(tempfile.mkdtemp(prefix="kentongan-storm-"))
    weather = Weather(said.minutes, said.rate, said.pause, said.seed)
    engines = embedded(folder / "engines") if said.engines == "embedded" else real(folder / "real")
    if engines is None:
        print(ABSENT, file=sys.stderr)
        return 2
    print(f"logs and data are in {folder}", flush=True)
    with engines, a_world(engines, folder) as world:
        counts = weather_the_storm(world, weather, lambda line: print(line, flush=True))
    for name, count in sorted(counts.items()):
        print(f"{count:8}  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
