"""``python -m deploy.identity --demo --port 8109``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import uvicorn

from deploy.identity.accounts import SAMPLES, read_accounts
from deploy.identity.api import create_identity
from deploy.identity.provider import CLIENT, NotADemo, Provider, make_key
from shared.runtime.logs import configure_logs


def main(arguments: list[str]) -> int:
    """Serve until stopped."""
    said = _read(arguments)
    issuer = (said.issuer or f"http://{said.host}:{said.port}").rstrip("/")
    try:
        provider = Provider(
            issuer=issuer,
            accounts=read_accounts(said.accounts),
            key=make_key(said.algorithm, said.key) if said.demo else make_key(),
            audience=said.audience,
            redirects=frozenset(said.redirect),
        )
        app = create_identity(provider, demo=said.demo)
    except NotADemo as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2
    except (OSError, ValueError) as wrong:
        sys.stderr.write(f"The provider cannot start: {wrong}\n")
        return 2
    configure_logs(service="identity", node="demo")
    uvicorn.run(
        app, host=said.host, port=said.port, log_config=None, access_log=False, server_header=False
    )
    return 0


def _read(arguments: list[str]) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m deploy.identity", description=__doc__)
    reader.add_argument("--demo", action="store_true", help="this is a demonstration")
    reader.add_argument("--host", default="127.0.0.1")
    reader.add_argument("--port", type=int, default=8109)
    reader.add_argument("--issuer", help="the address that others know this provider by")
    reader.add_argument("--audience", default=CLIENT, help="for whom the tokens are")
    reader.add_argument("--algorithm", choices=("ES256", "RS256"), default="ES256")
    reader.add_argument("--key", type=Path, help="file that keeps the key; made if missing")
    reader.add_argument("--accounts", type=Path, default=SAMPLES)
    reader.add_argument("--redirect", action="append", default=[], help="a trusted address")
    return reader.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
