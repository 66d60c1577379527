"""Forms: what was typed becomes a struct, or comes back with a sentence at each field.

A form's shape is a `msgspec.Struct`. The label of a field is the `title` of its `msgspec.Meta`:

    class SiteForm(Struct, frozen=True):
        name: Annotated[str, Meta(title=N_("考点名称"), min_length=1, max_length=80)]
        opens_on: Annotated[date, Meta(title=N_("启用日期"))]
        note: Annotated[str, Meta(title=N_("备注"), max_length=500)] = ""
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from litestar.datastructures import UploadFile
from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo

from app.errors import N_, Refusal, RuleBroken, refusal
from app.rules.plain_text import one_line
from app.web import locale
from app.web.clock import SHANGHAI
from app.web.http import AnyRequest

T = TypeVar("T", bound=Struct)
LARGEST = 2**31 - 1
"""The largest whole number of a form: every column of both databases holds it."""
LONGEST_LINE = 60
"""A field of so few characters holds a name; tabs pasted into it are blanks."""
GENERAL = ""
"""The key of errors that belong to no field."""

NEEDED = N_("请填写{label}。")
NEEDED_CHOICE = N_("请选择{label}。")
UNFIT = N_("{label}的内容不符合要求。{why}")
WHY = (
    ("length <= ", N_("最多 {limit} 个字。")),
    ("length >= ", N_("至少 {limit} 个字。")),
    ("`int` <= ", N_("应不大于 {limit}。")),
    ("`int` >= ", N_("应不小于 {limit}。")),
    ("Expected `int", N_("应填整数。")),
    ("Expected `datetime", N_("应填日期和时间，例如 2026-11-23 09:30。")),
    ("Expected `date", N_("应填日期，例如 2026-11-23。")),
    ("encoded datetime", N_("应填日期和时间，例如 2026-11-23 09:30。")),
    ("encoded date", N_("应填日期，例如 2026-11-23。")),
    ("Expected `decimal", N_("应填数字，例如 8.5。")),
    ("Invalid decimal", N_("应填数字，例如 8.5。")),
    ("NUL", N_("其中有看不见的字符，请删去后重新输入。")),
    ("Invalid enum", N_("请从列出的选项中选择。")),
)


@refusal
class NotFilledIn(RuleBroken):
    """A form came without something that it needs, or with something unfit."""

    says = N_("{problems}")
    problems: str


class Form(Generic[T]):
    """What was sent: `ok` with `data`, or not, with `errors` by field and every typed `value`."""

    def __init__(
        self,
        shape: type[T] | None = None,
        values: Mapping[str, Any] | None = None,
        *,
        place: str = "",
    ) -> None:
        """`place` names the form where its page has several; it stands before each field's id."""
        self.shape = shape
        self.place = place
        self.values: dict[str, list[Any]] = {
            name: list(value) if isinstance(value, list | tuple) else [value]
            for name, value in (values or {}).items()
        }
        self.errors: dict[str, str] = {}
        self._data: T | None = None

    @property
    def ok(self) -> bool:
        return self._data is not None and not self.errors

    @property
    def data(self) -> T:
        """Return what was sent; raise `NotFilledIn` with the sentences at its fields."""
        if self._data is None:
            raise NotFilledIn(" ".join(self.errors.values()))
        return self._data

    def at(self, place: str) -> "Form[T]":
        """Return this form where it is the one of that place, else an empty one for it."""
        return self if place == self.place else Form(self.shape, place=place)

    def id(self, name: str) -> str:
        """Return the id of a field, which no other form of the page has."""
        return f"{self.place}-{name}" if self.place else name

    def value(self, name: str, otherwise: Any = "") -> Any:
        """Return what was typed into a field, or `otherwise`."""
        given = self.values.get(name)
        return given[0] if given else otherwise

    def chosen(self, name: str) -> list[str]:
        """Return all values of a field that may be given several times."""
        return [str(value) for value in self.values.get(name, ())]

    def error(self, name: str) -> str:
        """Return the sentence at a field; empty where it is right."""
        return self.errors.get(name, "")

    def refuse(self, refusal: Refusal) -> None:
        """Show a rule's refusal at its field, or on top."""
        self.errors[refusal.field] = locale.sentence(refusal)

    def label(self, name: str) -> str:
        """Return a field's label, translated."""
        return label_of(self.shape, name) if self.shape else name

    def check(self) -> None:
        """Read every field by the shape; collect what is wrong."""
        if self.shape is None:
            raise TypeError("a form is checked against a shape")
        hints = get_type_hints(self.shape, include_extras=True)
        found: dict[str, Any] = {}
        for field in msgspec.structs.fields(self.shape):
            self._read(field, hints[field.name], found)
        if not self.errors:
            try:
                self._data = self.shape(**found)
            except Refusal as refusal:
                self.refuse(refusal)

    def _read(self, field: FieldInfo, hint: Any, found: dict[str, Any]) -> None:
        raw = [_trimmed(value) for value in self.values.get(field.name, ())]
        given = [value for value in raw if value != "" and not _is_empty_file(value)]
        is_many, is_choice, is_file = (
            _holds_many(hint),
            _is_choice(hint),
            UploadFile in _kinds(hint),
        )
        if is_file:
            given = [value for value in given if isinstance(value, UploadFile)]
        if not given:
            if (
                field.default is NODEFAULT
                and field.default_factory is NODEFAULT
                and bool not in _kinds(hint)
            ):
                needed = NEEDED_CHOICE if is_choice else NEEDED
                self.errors[field.name] = locale.gettext(needed).format(
                    label=self.label(field.name)
                )
            elif field.default is NODEFAULT and field.default_factory is NODEFAULT:
                found[field.name] = False
            return
        if is_file:
            found[field.name] = given[0]
            return
        if _is_line(hint):
            given = [one_line(value) if isinstance(value, str) else value for value in given]
        try:
            value = given if is_many else given[0]
            found[field.name] = msgspec.convert(_prepared(value, hint), hint, strict=False)
            _refuse_unstorable(found[field.name])
        except msgspec.ValidationError as error:
            self.errors[field.name] = locale.gettext(UNFIT).format(
                label=self.label(field.name), why=_why(str(error))
            )


async def read_form(request: AnyRequest, shape: type[T], *, place: str = "") -> Form[T]:
    """Read and check a submitted form; its `errors` say what to mend."""
    sent = await request.form()
    values: dict[str, list[Any]] = {}
    # Not `multi_items`, which loses the order and looks each name up among all the others.
    for name, value in sent.items():
        values.setdefault(name, []).append(value)
    form = Form(shape, values, place=place)
    form.check()
    return form


def read_query(request: AnyRequest, shape: type[T]) -> Form[T]:
    """Read a filter from the address in the same way."""
    values: dict[str, list[Any]] = {}
    for name, value in request.query_params.multi_items():
        values.setdefault(name, []).append(value)
    form = Form(shape, values)
    form.check()
    return form


def filled(shape: type[T], record: Struct) -> Form[T]:
    """Return a form that shows what a record holds now."""
    return Form(
        shape, {name: _typed(value) for name, value in msgspec.structs.asdict(record).items()}
    )


def label_of(shape: type[Struct], name: str) -> str:
    """Return the translated title of a field."""
    hint = get_type_hints(shape, include_extras=True).get(name)
    for meta in getattr(hint, "__metadata__", ()):
        if isinstance(meta, msgspec.Meta) and meta.title:
            return locale.gettext(meta.title)
    return name


def _typed(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _trimmed(value: Any) -> Any:
    return value.strip().replace("\r\n", "\n") if isinstance(value, str) else value


def _is_empty_file(value: Any) -> bool:
    return isinstance(value, UploadFile) and not value.filename


def _kinds(hint: Any) -> set[Any]:
    if get_origin(hint) is Annotated:
        return _kinds(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return set().union(*(_kinds(part) for part in get_args(hint)))
    return {get_origin(hint) or hint}


def _holds_many(hint: Any) -> bool:
    return bool(_kinds(hint) & {list, tuple, set, frozenset})


def _is_choice(hint: Any) -> bool:
    return any(isinstance(kind, type) and hasattr(kind, "__members__") for kind in _kinds(hint))


def _is_line(hint: Any) -> bool:
    """Tell whether a text is so short that it is one line: a name, no paragraph."""
    metas = getattr(hint, "__metadata__", ())
    lengths = [meta.max_length for meta in metas if isinstance(meta, msgspec.Meta)]
    return any(length is not None and length <= LONGEST_LINE for length in lengths)


def _prepared(value: Any, hint: Any) -> Any:
    kinds = _kinds(hint)
    if isinstance(value, str) and datetime in kinds:
        return _instant(value)
    if isinstance(value, str) and bool in kinds:
        return value not in {"0", "false", "off"}
    return value


def _refuse_unstorable(value: Any) -> None:
    """Raise msgspec's own error for what no column can hold."""
    for item in value if isinstance(value, list | tuple | set | frozenset) else [value]:
        if isinstance(item, int) and abs(item) > LARGEST:
            raise msgspec.ValidationError(f"Expected `int` <= {LARGEST}")
        if isinstance(item, str) and "\0" in item:
            raise msgspec.ValidationError("NUL")


def _instant(text: str) -> Any:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _why(message: str) -> str:
    for sign, says in WHY:
        if sign in message:
            return locale.gettext(says).format(
                limit=message.split(sign, 1)[1].split(" ", maxsplit=1)[0].rstrip("`")
            )
    return ""
