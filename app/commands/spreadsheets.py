"""`import KIND FILE.xlsx`, `export KIND FILE.xlsx`: the pages' spreadsheets, in the shell."""

import argparse
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from app.accounts import scope_names
from app.audit import actions as audit
from app.audit.acts import Act
from app.commands.running import in_house
from app.documents import workbooks
from app.documents.layouts import CellProblem
from app.errors import N_, RuleBroken, refusal
from app.imports import work
from app.imports.progress import tell_nobody
from app.imports.registry import (
    Checked,
    Exporter,
    Importer,
    UnknownKind,
    WrongScope,
    exporter_of,
    importer_of,
    scope_of,
)
from app.rules.actors import SYSTEM, Scope
from app.settings import Settings
from app.storage.engine import write_transaction
from app.web import clock, locale

Verbs = argparse._SubParsersAction
SCOPES = (
    ("competition", "大赛"),
    ("event", "赛项"),
    ("sitting", "考核批次"),
)
REFUSED, USAGE = 1, 2


@refusal
class NotSaidWhich(RuleBroken):
    """The kind belongs to one of several things, and the command names none."""

    says = N_("“{kind}”属于其中一项，请写明是哪一项：\n{choices}")
    kind: str
    choices: str


@refusal
class NoneThere(RuleBroken):
    """The kind belongs to something of which there is none yet."""

    says = N_("“{kind}”属于某个{word}，现在一个也没有。请先在网页上建立。")
    kind: str
    word: str


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register both verbs."""
    taken = verbs.add_parser("import", help="从 .xlsx 表格导入，检查与页面相同")
    _arguments(taken)
    taken.add_argument("--partial", action="store_true", help="有问题的行除外，其余照样写入")
    taken.set_defaults(run=run_import)
    given = verbs.add_parser("export", help="导出为 .xlsx 表格")
    _arguments(given)
    given.add_argument("--template", action="store_true", help="写一份空白的导入模板")
    given.set_defaults(run=run_export)


def _arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("kind", metavar="KIND", help="种类，例如 entries、candidates")
    verb.add_argument("file", metavar="FILE.xlsx", type=Path, help="文件")
    for name, word in SCOPES:
        verb.add_argument(f"--{name}", type=int, metavar="ID", help=f"属于哪个{word}")


def run_import(arguments: argparse.Namespace) -> int:
    """Take one workbook in; list every bad cell as `sheet!cell: reason`."""
    return _run(lambda settings: _import(settings, arguments))


def run_export(arguments: argparse.Namespace) -> int:
    """Write one workbook."""
    return _run(lambda settings: _export(settings, arguments))


def _run(work: Callable[[Settings], Awaitable[int]]) -> int:
    """Run in the house; a command that does not say what it means is a wrong usage."""
    try:
        return in_house(work)
    except (UnknownKind, WrongScope, NotSaidWhich) as problem:
        sys.stdout.write(f"{problem}\n")
        return USAGE


async def _import(_: Settings, arguments: argparse.Namespace) -> int:
    importer = importer_of(arguments.kind)
    scope = await _scope(importer, arguments)
    await importer.place(scope)
    if (content := _content(arguments.file)) is None:
        return REFUSED
    at = clock.now()
    table, checked = await work.examine(importer.kind, scope, content, at, tell_nobody)
    _say(problems := table.problems, checked)
    good, wrong = len(checked.good), len(table.rows) - len(checked.good)
    if problems and not arguments.partial:
        sys.stdout.write(f"有 {wrong} 行有问题，没有写入任何内容；其余 {good} 行没有问题。\n")
        return REFUSED
    async with write_transaction(work.WRITING_SECONDS):
        outcome = await work.write_within(importer.kind, scope, checked, by=SYSTEM, at=at)
        await audit.record(
            act=Act.WORKBOOK_IMPORTED,
            subject="imports.command",
            by=SYSTEM,
            at=at,
            after={
                "kind": importer.kind,
                "scope": str(scope),
                "rows": good,
                "left_out": wrong,
                "added": outcome.added,
                "changed": outcome.changed,
            },
        )
    rest = good - outcome.added - outcome.changed
    unchanged = rest if outcome.unchanged is None else outcome.unchanged
    sys.stdout.write(
        f"新增 {outcome.added}，更新 {outcome.changed}，没有变化 {unchanged}，未导入 {wrong}。\n"
    )
    if importer.afterwards and outcome.added + outcome.changed:
        sys.stdout.write(f"{locale.gettext(importer.afterwards)}\n")
    return REFUSED if problems else 0


def _say(problems: Sequence[CellProblem], checked: Checked) -> None:
    for problem in [*problems, *checked.notes]:
        sys.stdout.write(f"{problem}\n")
    for effect in checked.effects:
        sys.stdout.write(f"{effect.what} {effect.name} {effect.detail}".strip() + "\n")


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError as problem:
        sys.stdout.write(f"{path}: {problem.strerror}\n")
        return None


async def _export(_: Settings, arguments: argparse.Namespace) -> int:
    if arguments.template:
        importer = importer_of(arguments.kind)
        scope = await _scope(importer, arguments)
        content = workbooks.template(await importer.layout(scope))
    else:
        exporter = exporter_of(arguments.kind)
        scope = await _scope(exporter, arguments)
        content = await exporter.workbook(scope, SYSTEM, clock.now())
    try:
        arguments.file.write_bytes(content)
    except OSError as problem:
        sys.stdout.write(f"{arguments.file}: {problem.strerror}\n")
        return REFUSED
    sys.stdout.write(f"{arguments.file}: {len(content)} 字节\n")
    return 0


async def _scope(item: Importer | Exporter, arguments: argparse.Namespace) -> Scope:
    """Return the scope that the command names; where there is only one, it need not."""
    given = {name: number for name in dict(SCOPES) if (number := getattr(arguments, name))}
    if given.keys() - {item.scope_kind}:
        raise WrongScope(item.title, item.scope_kind)
    if given or item.scope_kind == "all":
        return scope_of(item, "".join(f"{name}:{number}" for name, number in given.items()))
    places = await scope_names.every(item.scope_kind)
    if not places:
        raise NoneThere(item.title, dict(SCOPES)[item.scope_kind])
    if len(places) > 1:
        raise NotSaidWhich(item.title, "\n".join(_choices(places)))
    return places[0].scope


def _choices(places: Sequence[scope_names.Place]) -> Iterator[str]:
    for group, members in groupby(places, lambda place: place.group):
        yield group
        for place in members:
            yield f"  --{place.scope.kind} {place.scope.key}  {place.name}"
