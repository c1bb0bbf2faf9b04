"""Commands about outside publishers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from deploy.commands import options
from deploy.commands.ground import find, wait
from deploy.console import Exit, fail, say
from deploy.folder import HOME, Folder, named_hosts
from deploy.found import Found
from shared.contracts.topics import publisher_name
from shared.runtime.files import put_file

publisher = typer.Typer(
    help="Outside systems that hand complaints in over the bus.", no_args_is_help=True
)


def attach(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(publisher, name="publisher")


@publisher.callback()
def about() -> None:
    """Outside systems that hand complaints in over the bus."""


Name = Annotated[str, typer.Argument(help="Small letters, digits and dashes: sigap.")]
PartnerAddress = Annotated[
    str | None,
    typer.Option("--partner-address", help="Where the partner reaches the bus, if elsewhere."),
]
Rate = Annotated[
    int, typer.Option("--rate", min=1, max=10**6, help="KiB it may write in a second.")
]
Key = Annotated[
    Path | None, typer.Option("--key", help="Public key (JWK) that reporters are sealed with.")
]
NewPassword = Annotated[
    bool, typer.Option("--new-password", help="Put another password in place of the old one.")
]
PasswordTo = Annotated[
    Path | None, typer.Option("--password-to", help="New file for the password.")
]
FilesFrom = Annotated[
    list[str] | None,
    typer.Option(
        "--files-from",
        help="Host from which the files it names are fetched, such as berkas.sigap.example; can be "
        'repeated, and stands in the place of those before. "" ends it.',
    ),
]


@publisher.command("add")
def add(  # noqa: PLR0913 - one option each
    name: Name,
    *,
    node: options.Node = None,
    kafka: options.Kafka = None,
    partner_address: PartnerAddress = None,
    rate: Rate = 256,
    key: Key = None,
    new_password: NewPassword = False,
    password_to: PasswordTo = None,
    files_from: FilesFrom = None,
    data: options.Data = None,
) -> None:
    """Give a publisher topics, a principal, rights and a quota; print the page for its people."""
    from deploy.publishers.adding import add as make
    from deploy.publishers.page import Partner, page, password_file
    from deploy.topics import BusAbsent

    _named(name)
    found, folder = _where(data, node, kafka)
    bus, secret = kafka or found.kafka, password_to or Path(password_file(name))
    if secret.exists():
        fail(f"{secret} is there already; name another file with --password-to.", Exit.WRONG_USE)
    public, hosts = _key(key, folder), _hosts(files_from)
    try:
        added = wait(make(bus, name, rate * 1024, anew=new_password))
    except BusAbsent as absent:
        fail(str(absent))
    if added.password is not None:
        put_file(secret.absolute(), f"{added.password}\n".encode(), 0o600)
        say(f"The password is in {secret}, readable by you alone; the bus cannot say it again.")
    elif added.signs_in:
        say("It has a password already; --new-password makes another.")
    for sentence in (*added.topics.wrong, *added.lacks):
        say(str(sentence))
    _remember(folder, found, name, hosts)
    hosts = (folder.files_from(name) or ()) if hosts is None else hosts
    partner = partner_address or bus
    print(page(Partner(name, found.node, partner, added.signs_in, added.most, public, hosts)))
    raise typer.Exit(Exit.DIFFERENT if added.topics.wrong else Exit.CLEAN)


@publisher.command("kit")
def kit(folder: Annotated[Path, typer.Argument(help="A new folder for it.")]) -> None:
    """Write the contract kit for partners: schemas, examples, a check and a sample publisher."""
    from deploy.publishers.kit import write

    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        fail(f"{folder} is there already and not empty.", Exit.WRONG_USE)
    try:
        written = write(folder)
    except OSError as failed:
        fail(f"The kit cannot be written: {failed.filename}: {failed.strerror}.")
    for path in written:
        print(path)


def _named(name: str) -> None:
    try:
        publisher_name(name)
    except ValueError as wrong:
        fail(f"{wrong}.", Exit.WRONG_USE)


def _where(data: Path | None, node: str | None, kafka: str | None) -> tuple[Found, Folder]:
    """Find the node, and the folder in which this machine keeps what is its own."""
    if kafka and node:
        return Found(node, kafka=kafka), Folder(data or HOME / f"node-{node}")
    found = find(data, node=node, kafka=kafka)
    return found, Folder(found.folder or data or HOME)


def _key(given: Path | None, folder: Folder) -> str | None:
    """Read the public half of the node's key, and nothing but that."""
    from shared.runtime.sealing import PUBLIC_FILE, PublicKey

    path = given or folder.keys / PUBLIC_FILE
    if given is None and not path.is_file():
        return None
    try:
        read = PublicKey.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        fail(f"{path} is no public key (JWK, X25519 or P-256).", Exit.WRONG_USE)
    return read.model_dump_json(exclude_none=True)


def _hosts(named: Sequence[str] | None) -> tuple[str, ...] | None:
    """Read the hosts that are agreed on; None where nothing is said of them."""
    from services.intake.domain.hosts import Host

    if named is None:
        return None
    try:
        return tuple(dict.fromkeys(str(Host.read(each)) for each in named if each))
    except ValueError as wrong:
        fail(f"--files-from: {wrong}.", Exit.WRONG_USE)


def _remember(folder: Folder, found: Found, name: str, hosts: Sequence[str] | None) -> None:
    """Have a node of this machine know all that from its next start on; say what to do else."""
    if not folder.path.is_dir():
        files = named_hosts(name, hosts) if hosts is not None else ""
        beside = f", {files} to KENTONGAN_FILES_FROM," if files else ""
        say(f"Add {name} to KENTONGAN_PUBLISHERS of intake{beside} and start it again.")
        return
    if folder.add_publisher(name, hosts) and (hosts is not None or name not in found.publishers):
        files = "" if hosts is None else " and files" if hosts else " and no files"
        say(f"Intake of node {found.node} takes its records{files} from its next start on.")
