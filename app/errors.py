"""Refusals: every way in which the house says no, apart from a bug.

A refusal is a small dataclass (`@refusal`) beside the rule that raises it. It carries facts;
`says` is the Chinese sentence that the edge translates and fills with them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeVar, dataclass_transform, runtime_checkable

_Class = TypeVar("_Class")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Mark a message for the catalogue; the edge translates it."""
    return message


@dataclass_transform(eq_default=False)
def refusal(cls: type[_Class]) -> type[_Class]:
    """Make a refusal a dataclass; not a frozen one, since Python writes its traceback on it."""
    return dataclass(eq=False)(cls)


@runtime_checkable
class Saying(Protocol):
    """A sentence of the rules, translatable, with what fills its blanks; a refusal may quote it."""

    @property
    def says(self) -> str:
        """Return the sentence in Chinese, its blanks unfilled."""

    @property
    def facts(self) -> Mapping[str, object]:
        """Return what fills the blanks."""


class Refusal(Exception):
    """Something was asked that the house does not do; subclasses say which kind of no it is."""

    says: ClassVar[str] = N_("这项操作没有完成。")
    field: ClassVar[str] = ""
    """The form field that the refusal is about, where there is one."""
    heading: ClassVar[str] = ""
    """What heads its page; empty for the heading of all of its kind."""

    def facts(self) -> dict[str, object]:
        """Return what fills the placeholders of `says`."""
        names: dict[str, object] = getattr(self, "__dataclass_fields__", {})
        return {name: getattr(self, name) for name in names}

    def __str__(self) -> str:
        return self.says.format(**self.facts())


class NotAllowed(Refusal):
    """This actor may not do this (403)."""

    says = N_("您没有办理这项操作的权限。请换用有权限的账号，或联系管理员授权。")


class NotFound(Refusal):
    """There is no such thing, or none this actor may know of (404)."""

    says = N_("没有找到这一项。它可能已被移走，或者地址有误。")


class RuleBroken(Refusal):
    """The rulebook says no (422)."""


class Stale(Refusal):
    """Somebody changed it first (409)."""

    says = N_("这一项刚刚被别人改动过。请刷新页面看到最新内容后再改。")


class Unavailable(Refusal):
    """Something that the house leans on does not answer; nothing was done (503)."""

    seconds: int = 30
    """After how long it may be tried again."""


@refusal
class Unreadable(RuleBroken):
    """What was sent has not the expected shape."""

    says = N_("“{name}”的内容不符合要求，请检查后重新填写。")
    name: str
