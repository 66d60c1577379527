"""The left rail of the certificate desk."""

from app.errors import N_

PLACES = (
    ("", N_("登记")),
    ("/issuers", N_("发证机构")),
    ("/numbers", N_("编号模板")),
    ("/keys", N_("密钥与日志")),
)
BASE = "/desk/certificates"


def rail(current: str = "") -> list[dict[str, object]]:
    """Return the places of the desk with the present one marked."""
    return [
        {"href": f"{BASE}{path}", "label": label, "is_current": path == current}
        for path, label in PLACES
    ]
