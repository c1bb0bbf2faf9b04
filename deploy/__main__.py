"""Run Kentongan on a machine that has nothing but Python: ``python3 -m deploy <verb>``."""

import os
import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):  # before anything an older Python cannot read
    sys.stderr.write(
        f"Kentongan runs on Python 3.11, 3.12 or 3.13 and this is {sys.version.split()[0]}: "
        "name one of them, for example `make demo PYTHON=python3.12`.\n"
    )
    sys.exit(3)

from deploy import bootstrap, lock


def main(arguments: list[str]) -> int:
    """Do what needs no package at once; do the rest inside the environment of this tree."""
    verb, rest = (arguments[0] if arguments else "--help"), arguments[1:]
    if verb == "bootstrap":
        return bootstrap.command(rest)
    if verb == "lock":
        return lock.command(rest)
    bootstrap.enter([verb, *rest])
    from deploy.cli import app  # exists only inside the environment
    from deploy.found import take_secrets

    take_secrets(os.environ)
    app(args=[verb, *rest], prog_name="python3 -m deploy")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
