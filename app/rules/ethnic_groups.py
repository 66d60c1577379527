"""Ethnic groups by their code of GB/T 3304 (domain.md D4)."""

from collections.abc import Mapping
from types import MappingProxyType

from app.errors import N_, RuleBroken, refusal

_LINES = """
汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳
佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米
塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺
"""
_NAMES = _LINES.split()

ETHNIC_GROUPS: Mapping[str, str] = MappingProxyType(
    {f"{number:02d}": f"{name}族" for number, name in enumerate(_NAMES, start=1)}
    | {"97": "其他", "98": "外国血统中国籍"}
)
_CODES = {name.removesuffix("族"): code for code, name in ETHNIC_GROUPS.items()}


@refusal
class UnknownGroup(RuleBroken):
    """One of the 56."""

    says = N_("没有这个民族，请写全称，例如“苗族”。")
    field = "ethnic_group"


def ethnic_code(text: str) -> str | None:
    """Return the code of a group written as a name or a code; None for an unknown one."""
    plain = text.strip()
    return plain if plain in ETHNIC_GROUPS else _CODES.get(plain.removesuffix("族"))


def given_code(text: str) -> str | None:
    """Return the code of a group that may be left open; raise `UnknownGroup`."""
    code = ethnic_code(text)
    if text and code is None:
        raise UnknownGroup
    return code
