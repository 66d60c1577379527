"""The public page's scripts keep to what Chrome 78 and Safari 13 read: WeChat's are no newer."""

import re

import pytest

from tests.architecture.tree import ROOT

STATIC = ROOT / "app" / "web" / "static"
NEWER = {
    "optional chaining": r"\?\.(?!\d)",
    "nullish coalescing": r"\?\?",
    "big integers": r"\b\d+n\b|\bBigInt\b",
    "private fields": r"\bthis\.#",
    "replaceAll, at, matchAll": r"\.(?:replaceAll|at|matchAll|flatMap)\(",
    "waiting at the top": r"^await ",
    "sending a form by script": r"\brequestSubmit\b",
}
SCRIPTS = (
    *("claim.js", "kept_bundle.js", "log.js", "log_key.js", "offline.js"),
    *("qr_reader.js", "scan.js", "signature.js", "verify.js", "vendor/nacl.js"),
)
QUOTED = re.compile(r"//.*|'(?:\\\\.|[^'])*'|/(?:[^/\n*]|\\\\/)+/[a-z]*(?=[.,;)])")


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("feature", NEWER)
def test_the_page_asks_for_nothing_newer(name: str, feature: str) -> None:
    text = QUOTED.sub("''", (STATIC / name).read_text(encoding="utf-8"))

    assert re.findall(NEWER[feature], text, re.MULTILINE) == []
