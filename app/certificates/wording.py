"""Words that a certificate may carry only where its issuer is recorded as authorised for them.

After the clean-up of fake certificates of 2022 (domain.md B6, S67). Guangdong adds two words.
"""

from collections.abc import Collection, Iterable

from app.errors import N_, RuleBroken, refusal

EVERYWHERE = (
    "中华人民共和国",
    "中国",
    "中华",
    "国家",
    "全国",
    "职业资格",
    "专业技术职务",
    "岗位合格",
    "国徽",
)
BY_PROVINCE = {"44": ("职业技能等级", "专项职业能力")}


@refusal
class ForbiddenWord(RuleBroken):
    """A text holds a word that this issuer has no recorded authority for."""

    says = N_(
        "“{text}”中有“{word}”，按规定未经批准的发证机构不得在证书上使用。"
        "请改用其他说法；确已获批的，先在“发证机构”中登记批准文件。"
    )
    word: str
    text: str


def words_for(region_code: str) -> tuple[str, ...]:
    """Return the words that are forbidden without authority in a region."""
    return EVERYWHERE + BY_PROVINCE.get(region_code[:2], ())


def forbidden_in(text: str, *, region_code: str, authorized: Collection[str]) -> str | None:
    """Return the first forbidden word of a text, or None.

    Authority for a longer word covers the shorter ones inside it, and no more.
    """
    plain = "".join(text.split())
    for allowed in sorted(authorized, key=len, reverse=True):
        plain = plain.replace(allowed, "\n")
    return next((word for word in words_for(region_code) if word in plain), None)


def refuse_forbidden(
    texts: Iterable[str], *, region_code: str, authorized: Collection[str]
) -> None:
    """Raise `ForbiddenWord`, showing the word, where a text may not be printed by this issuer."""
    for text in texts:
        word = forbidden_in(text, region_code=region_code, authorized=authorized)
        if word is not None:
            raise ForbiddenWord(word, text)
