"""The build hook: a wheel holds the third-party scripts and fonts, or it is not built."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))  # No front end of PEP 517 puts the sources there.

import vendor_files


class VendorHook(BuildHookInterface[Any]):
    """Fills the vendor folders before a build, and asks for Node only where there is none."""

    def dependencies(self) -> list[str]:
        """Name what the build needs beyond hatchling."""
        if vendor_files.is_fresh(for_tests=False):
            return []
        node = [] if vendor_files.has_npm() else [f"{vendor_files.NODE_PACKAGE}>=24.9,<25"]
        return ["brotli>=1.1", "fonttools>=4.68", *node]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch what is missing; the build fails loudly when it cannot be had."""
        vendor_files.build(for_tests=False)
