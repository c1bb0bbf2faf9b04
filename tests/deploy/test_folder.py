"""What a demo or a node keeps on its machine."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from deploy.folder import Folder

ASKING = 8


def test_a_secret_is_one_for_all_who_ask_at_once(tmp_path: Path) -> None:
    """Two processes of intake derive the same PINs, though they start together."""
    together = Barrier(ASKING)

    def ask(nth: int) -> str:
        together.wait(20)
        return Folder(tmp_path / str(nth // ASKING)).secret("pin")

    with ThreadPoolExecutor(ASKING) as pool:
        found = list(pool.map(ask, range(10 * ASKING)))
    rounds = [set(found[begin : begin + ASKING]) for begin in range(0, len(found), ASKING)]
    assert all(len(secrets) == 1 and min(map(len, secrets)) > 32 for secrets in rounds)
    assert stat.S_IMODE((tmp_path / "0" / "keys" / "pin").stat().st_mode) == 0o600


def test_a_state_is_whole_though_many_write_at_once(tmp_path: Path) -> None:
    """Whoever reads finds the state of one of them, ours alone, and nothing lies about."""
    folder, together = Folder(tmp_path), Barrier(ASKING)
    nodes = {f"{nth:04d}" for nth in range(10 * ASKING)}

    def write(node: str) -> str:
        together.wait(20)
        folder.write_state({"node": node, "publishers": ["kampus"] * 1000})
        state = folder.read_state()
        assert state is not None
        return str(state["node"])

    with ThreadPoolExecutor(ASKING) as pool:
        assert set(pool.map(write, sorted(nodes))) <= nodes
    assert list(tmp_path.iterdir()) == [folder.state]
    assert stat.S_IMODE(folder.state.stat().st_mode) == 0o600
