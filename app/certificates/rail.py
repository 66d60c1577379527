"""The left rail of the certificate desk."""

from app.errors import N_
from app.rules.actors import Duty

OFFICE = (Duty.CERTIFICATE_OFFICER, Duty.AUDITOR, Duty.ADMINISTRATOR)
"""Who finds the office open; the register is also the organizers'."""
PLACES = (
    ("", N_("登记"), ()),
    ("/issuers", N_("发证机构"), OFFICE),
    ("/numbers", N_("编号模板"), OFFICE),
    ("/keys", N_("密钥与日志"), OFFICE),
)
BASE = "/desk/certificates"


def rail(current: str = "") -> list[dict[str, object]]:
    """Return the places of the desk with the present one marked."""
    return [
        {
            "href": f"{BASE}{path}",
            "label": label,
            "is_current": path == current,
            "duties": duties,
        }
        for path, label, duties in PLACES
    ]
