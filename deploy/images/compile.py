"""Compile what a process of this image loads, and leave what it never loads as it is.

``python compile.py services.intake.app``: nobody may write there later, so what is not compiled
now is compiled again at every start; and what is compiled for nobody makes an image larger.
"""

import compileall
import importlib
import sys
from pathlib import Path
from py_compile import PycInvalidationMode

OURS = Path(sys.prefix).parent
"""Where packages and our code are; Python itself is the base's affair."""


def main(modules: list[str]) -> int:
    """Load the modules, and compile their files and those of all that came with them."""
    for name in modules:
        importlib.import_module(name)
    files = {getattr(module, "__file__", None) for module in sys.modules.values()}
    for file in sorted(name for name in files if name and name.endswith(".py")):
        if Path(file).is_relative_to(OURS) and not compileall.compile_file(
            file, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH
        ):
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
