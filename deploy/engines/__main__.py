"""Get the real engines and run them until Ctrl-C: `python -m deploy.engines`."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from .cache import Cache
from .choose import real
from .engine import Engine, EngineAbsent, EngineFailed
from .images import build_all


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the engines for people who want to look at them, or to give them to tests."""
    parser = argparse.ArgumentParser(prog="engines", description=__doc__)
    parser.add_argument("--fetch-only", action="store_true", help="fill the cache and end")
    parser.add_argument(
        "--images", action="store_true", help="build the images for compose.here.yaml and end"
    )
    parser.add_argument(
        "--directory", type=Path, default=Path(".kentongan/engines"), help="where their data is"
    )
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if options.images:
            build_all(Cache.of())
            return 0
        return _run(options.directory, fetch_only=options.fetch_only)
    except (EngineAbsent, EngineFailed) as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _run(directory: Path, *, fetch_only: bool) -> int:
    began = time.monotonic()
    engines = real(directory, fetch=True)
    if engines is None:
        raise EngineAbsent("KENTONGAN_ENGINES says embedded: no real engine is wanted.")
    print(f"{engines}: at hand after {time.monotonic() - began:.1f} s", flush=True)
    if fetch_only:
        return 0
    try:
        for engine in (engines.broker, engines.store):
            _start(engine)
        print(f"export KENTONGAN_TEST_KAFKA='{engines.broker.address}'")
        print(f"export KENTONGAN_TEST_MONGO='{engines.store.address}'")
        print("Ctrl-C ends them.", flush=True)
        while engines.broker.alive() and engines.store.alive():
            time.sleep(1)
    finally:
        engines.close()
    print("An engine has ended by itself.", file=sys.stderr)
    return 1


def _start(engine: Engine) -> None:
    began = time.monotonic()
    engine.start()
    took = time.monotonic() - began
    print(f"{engine.name} at {engine.address}: answered after {took:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
