"""What a stranger finds on a paper with other people's tools: pictures, codes, signatures."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cbor2
import pypdfium2
from PIL import Image
from pycose.keys.okp import OKPKey
from pycose.messages.cosemessage import CoseMessage
from pyzbar import pyzbar

DOTS_PER_INCH = 150
KID = 4
CWT_ID, CWT_FACTS = 7, -65537


@dataclass(frozen=True)
class Scanned:
    """What a signed code says, once its signature was found to be good."""

    address: str
    verification_id: bytes
    number: str
    name: str
    title: str
    result: str


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page, on one line."""
    texts = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]
    return [text.replace("\r", "").replace("\n", " ") for text in texts]


def codes_in(pdf: Path) -> list[str]:
    """Print a PDF with poppler and read its codes with zbar, page by page from the top."""
    stem = pdf.with_suffix("")
    subprocess.run(["pdftoppm", "-r", str(DOTS_PER_INCH), "-png", pdf, stem], check=True)
    pictures = sorted(pdf.parent.glob(f"{stem.name}-*.png"))
    assert pictures, "the PDF has no page"
    return [
        code.data.decode()
        for picture in pictures
        for code in sorted(
            pyzbar.decode(Image.open(picture), [pyzbar.ZBarSymbol.QRCODE]),
            key=lambda found: found.rect.top,
        )
    ]


def scanned(text: str, keys: str) -> Scanned:
    """Check the signature of a code by pycose with the keys that the house publishes."""
    address, _, digits = text.partition("#")
    value = int(digits)
    raw = value.to_bytes((value.bit_length() + 7) // 8)
    assert raw[0] == 1, "another form of fragment"
    message: Any = CoseMessage.decode(raw[1:])
    kid = next(part for name, part in message.phdr.items() if name.identifier == KID)
    public_key = bytes.fromhex(json.loads(keys)[kid.hex()]["public_key"])
    message.key = OKPKey(crv="ED25519", x=public_key)
    assert message.verify_signature(), "the signature does not hold"
    claims = cbor2.loads(message.payload)
    _, number, name, title, result = claims[CWT_FACTS]
    return Scanned(address, claims[CWT_ID], number, name, title, result)
