"""How a measured value becomes points, in the words that forms and spreadsheets use.

是否                      yes gives the full mark, no gives nothing
每错扣 0.25               a count of errors, each takes so much
标准 100：±0.5 得 2；±1 得 1   what was measured, in bands around the nominal value

English: `yes or no`, `each error 0.25`, `nominal 100: ±0.5 gives 2; ±1 gives 1`.
"""

import re
from typing import Any

from app.errors import N_, RuleBroken, refusal
from app.rules.widths import narrowed
from app.web.locale import gettext as _

YES_NO = N_("是否")
DECIMAL = r"[0-9]{1,8}(?:\.[0-9]{1,4})?"
DEDUCT = re.compile(rf"(?:每错扣|eacherror)({DECIMAL})分?")
BANDS = re.compile(rf"(?:标准|nominal)(-?{DECIMAL}):(.+)")
BAND = re.compile(rf"±({DECIMAL})(?:得|gives)({DECIMAL})分?")


@refusal
class WrongCalculation(RuleBroken):
    """The words are none of the three ways."""

    says = N_(
        "计算方式“{text}”看不懂，应写成“是否”、“每错扣 0.25”或“标准 100：±0.5 得 2；±1 得 1”。"
    )
    field = "aspects"
    text: str


def calculation_of(text: str) -> dict[str, Any] | None:
    """Read a calculation, None for an empty text; raise `WrongCalculation`."""
    plain = re.sub(r"\s", "", narrowed(text)).lower()
    if not plain:
        return None
    if plain in {YES_NO, "yes/no", "yesorno"}:
        return {"kind": "yes_no"}
    if found := DEDUCT.fullmatch(plain):
        return {"kind": "deduct", "per_error": found[1]}
    if found := BANDS.fullmatch(plain):
        bands = [BAND.fullmatch(part) for part in found[2].rstrip(";").split(";")]
        if all(bands):
            return {
                "kind": "bands",
                "nominal": found[1],
                "bands": [{"within": band[1], "mark": band[2]} for band in bands if band],
            }
    raise WrongCalculation(text.strip()[:40])


def words_of(calculation: dict[str, Any] | None) -> str:
    """Write a calculation in the words that `calculation_of` reads."""
    if not calculation:
        return ""
    if calculation["kind"] == "yes_no":
        return _(YES_NO)
    if calculation["kind"] == "deduct":
        return _("每错扣 {points}").format(points=calculation["per_error"])
    bands = _("；").join(
        _("±{within} 得 {mark}").format(within=band["within"], mark=band["mark"])
        for band in calculation["bands"]
    )
    return _("标准 {nominal}：{bands}").format(nominal=calculation["nominal"], bands=bands)
