"""Plain QR codes by `qrcode`: a text in, an SVG of module runs out.

The certificate's symbol has segments of its own and is drawn by `app.certificates.symbol`.
"""

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4
MASK = 3
"""A fixed mask decodes as well as the best of eight and draws several times faster."""


def svg(text: str) -> str:
    """Return a QR code of a text as SVG, one path, black on white, quiet zone of four modules."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    size = len(matrix) + 2 * QUIET
    runs = "".join(
        f"M{start + QUIET} {row + QUIET}h{length}v1h-{length}z"
        for row, modules in enumerate(matrix)
        for start, length in _runs(modules)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"'
        ' shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{runs}" fill="#000"/></svg>'
    )


def _runs(modules: list[bool]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = None
    for place, is_dark in enumerate([*modules, False]):
        if is_dark and start is None:
            start = place
        elif not is_dark and start is not None:
            found.append((start, place - start))
            start = None
    return found
