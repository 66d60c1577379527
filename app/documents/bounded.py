"""A process that bounds itself and then is another: `bounded.py MEMORY SECONDS SCRIPT ARGUMENT`.

The script may import what it needs from its own folder, and nothing else of the house.
"""

import os
import runpy
import sys
from pathlib import Path
from typing import Final

YIELDS: Final = 5
"""How nice it is: whoever enters marks on the same machine goes first."""


def main() -> None:
    """Bound this process, and become the script."""
    memory, seconds = (int(argument) for argument in sys.argv[1:3])
    del sys.argv[:3]
    sys.path.append(str(Path(__file__).parents[2]))
    bound(memory, seconds)
    runpy.run_path(sys.argv[0], run_name="__main__")


def bound(memory: int, seconds: int) -> None:
    """Take no more bytes of memory and seconds of a processor, leave no core, let others go first.

    Where the system knows no such bounds, the clock of the parent is the only one.
    """
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(YIELDS)


if __name__ == "__main__":
    main()
