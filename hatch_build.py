"""The build hook: a wheel holds the third-party scripts and fonts, or it is not built."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

import vendor_files


class VendorHook(BuildHookInterface[Any]):
    """Fills the vendor folders before a build, and asks for Node only where there is none."""

    def dependencies(self) -> list[str]:
        """Name what the build needs beyond hatchling."""
        if vendor_files.is_fresh():
            return []
        node = [] if vendor_files.has_npm() else [f"{vendor_files.NODE_PACKAGE}>=24.9,<25"]
        return ["brotli>=1.1", "fonttools>=4.68", *node]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch what is missing; the build fails loudly when it cannot be had."""
        vendor_files.build()
