"""Numbers as a scheme's form and workbook take them."""

import re

DECIMAL = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})?")
DECIMALS = ("0", "1", "2", "3", "4")
"""How many decimals a judge may give."""
