"""Writing a file that others read."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def put_file(path: Path, content: bytes, mode: int, *, once: bool = False) -> None:
    """Put a file in its place, whole or not at all, in that of another; ``once``: the first stays.

    Whoever reads meanwhile finds one of them whole. A power cut may lose it: the system writes it
    to the disk when it likes.
    """
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            with suppress(FileExistsError):
                (os.link if once else os.replace)(file.name, path)
        finally:
            Path(file.name).unlink(missing_ok=True)
