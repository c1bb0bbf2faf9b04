"""A small Debian in a folder: what it takes to run packages that this machine's release lacks.

Mounts are made in a mount namespace of their own, so they vanish with the process that
needed them, however it ends.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from .cache import need, run
from .engine import EngineAbsent

_INSTALL = """
set -eu
root=$1; shift
for folder in proc sys dev; do mount --rbind "/$folder" "$root/$folder"; done
export DEBIAN_FRONTEND=noninteractive LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
chroot "$root" apt-get update
chroot "$root" apt-get install -y --no-install-recommends "$@"
chroot "$root" apt-get clean
rm -rf "$root"/var/lib/apt/lists/* "$root"/usr/share/doc/* "$root"/usr/share/man/*
"""

_RUN = """
set -eu
root=$1; data=$2; shift 2
mount --bind "$data" "$root/srv"
mount --rbind /dev "$root/dev"
exec chroot --userspec=nobody:nogroup "$root" "$@"
"""


def make_root(root: Path, suite: str, packages: Sequence[str]) -> None:
    """Fill a folder with a minimal Debian and these packages."""
    debootstrap = _debootstrap()
    command = [debootstrap, "--variant=minbase", suite, str(root), *_mirror()]
    run(command, f"a minimal Debian ({suite})")
    root.chmod(0o755)
    for file in ("/etc/resolv.conf", "/etc/ssl/certs/ca-certificates.crt"):
        if Path(file).exists():
            (root / file.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, root / file.lstrip("/"))
    # What this machine's apt knows of its mirror (a proxy, an old signature) holds there too.
    acquire = subprocess.run(
        [need("apt-config", "it is part of apt"), "dump", "Acquire"],
        check=True,
        capture_output=True,
        text=True,
    )
    (root / "etc/apt/apt.conf.d/99acquire").write_text(acquire.stdout)
    # Packages must not start their servers while they are installed.
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    run(_alone(_INSTALL, str(root), *packages), f"installing {' '.join(packages)}")


def inside(root: Path, data: Path, *command: str) -> list[str]:
    """Give the command that runs another inside, as nobody, with `data` as its /srv."""
    _be_root()
    return _alone(_RUN, str(root), str(data), *command)


def _alone(script: str, *arguments: str) -> list[str]:
    unshare = need("unshare", "it is part of util-linux")
    return [unshare, "--mount", "sh", "-c", script, "sh", *arguments]


def _debootstrap() -> str:
    _be_root()
    if shutil.which("debootstrap") is None and shutil.which("apt-get"):
        run(["apt-get", "update", "-qq"], "reading the package lists")
        run(["apt-get", "install", "-y", "-qq", "debootstrap"], "installing debootstrap")
    return need("debootstrap", "install the package debootstrap, or use Docker")


def _be_root() -> None:
    if os.geteuid() != 0:
        raise EngineAbsent(
            "PostgreSQL with DocumentDB runs in a folder of its own, for which root is needed: "
            "run this as root, or use Docker, or give an address in KENTONGAN_TEST_MONGO."
        )


def _mirror() -> list[str]:
    """Find the Debian mirror that this machine already uses; none means the usual one."""
    for file in [*Path("/etc/apt/sources.list.d").glob("*"), Path("/etc/apt/sources.list")]:
        text = file.read_text() if file.is_file() else ""
        if found := re.search(r"(?m)^(?:URIs:|deb)\s.*?(\S+://\S+/debian)/?(?:\s|$)", text):
            return [found[1]]
    return []
