"""Who listens where: at each start the same, so that what was copied goes on working."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from deploy.demo.run import Demo
from deploy.engines.ports import free_port
from deploy.folder import Folder
from deploy.node import Ports
from deploy.parts import is_free
from deploy.running_node import RunningNode
from shared.contracts.topics import SERVICES


def room(ports: int = 10) -> int:
    """Give the first of so many ports that are free."""
    while not all(map(is_free, range(first := free_port(), first + ports))):
        pass
    return first


def demo(folder: Path, port: int) -> Demo:
    """Give a demo that was not started."""
    return Demo(node="8171", folder=Folder(folder), port=port, rate=0.0)


def test_the_bus_of_the_demo_has_the_same_port_at_each_start(tmp_path: Path) -> None:
    """It follows from the first one, whatever folder it is."""
    first = room()
    addresses = {demo(tmp_path / name, first).engines.broker.address for name in ("a", "b")}
    assert addresses == {f"127.0.0.1:{first + 8}"}


def test_a_bus_whose_port_is_taken_has_the_next_and_it_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As with every other port."""
    first = room()
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", first + 8))
        somebody.listen()
        address = demo(tmp_path, first).engines.broker.address
    assert address == f"127.0.0.1:{first + 9}"
    assert f"port {first + 8} is taken: bus takes {first + 9}" in capsys.readouterr().err


def test_whoever_finds_a_taken_port_moves_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The others stay at the addresses that the README gives, and nothing is said of them."""
    first = room()
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", first))
        somebody.listen()
        given = demo(tmp_path, first).ports.given
    assert list(given.values()) == [first + 9, *range(first + 1, first + 9)]
    assert f"port {first} is taken: intake takes {first + 9}" in capsys.readouterr().err


def test_nothing_is_called_taken_that_a_neighbour_has() -> None:
    """Further processes of a service come after all places, where one moved to before."""
    first, said = room(), list[str]()
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", first))
        somebody.listen()
        ports = Ports(first, said.append, ("intake", "routing"))
        given = [ports.of(name) for name in ("intake", "routing", "intake-2", "routing-2")]
    assert given == [first + 2, first + 1, first + 3, first + 4]
    assert said == [f"port {first} is taken: intake takes {first + 2}"]


def test_the_bus_of_a_node_comes_after_its_services(tmp_path: Path) -> None:
    """They keep the ports that they have on a bus that is named."""
    first = room()
    node = RunningNode("8171", Folder(tmp_path), tmp_path, first, None, None, "", "")
    ports = node.ports()
    assert node.engines(ports).broker.address == f"127.0.0.1:{first + len(SERVICES)}"
    assert [ports.of(service) for service in SERVICES] == list(range(first, first + len(SERVICES)))
