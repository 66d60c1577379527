"""成绩表: the results of an event as a workbook."""

from collections.abc import Sequence

from app.documents.workbooks import Column, Layout, export
from app.web.locale import gettext as _
from app.web.locale import label
from competitions.results.queries import PlaceLine
from competitions.rules.awards import award_word
from competitions.rules.duties import CodeStatus

KIND = "results"


def layout(places: Sequence[PlaceLine], *, is_open: bool) -> Layout:
    """Return the columns: names and delegations only once the code book is open."""
    modules = list(places[0].modules) if places else []
    named = (
        Column("names", _("姓名"), width=18),
        Column("delegation", _("代表队"), width=18),
        Column("employer", _("单位或院校"), width=26),
    )
    scaled = any(item.scale is not None for item in places)
    return Layout(
        KIND,
        _("成绩表"),
        (
            Column("rank", _("名次"), width=8),
            Column("code", _("加密号"), width=10),
            *(named if is_open else ()),
            *(Column(f"module {name}", _("模块 {name}").format(name=name)) for name in modules),
            Column("total", _("总分"), width=10),
            *((Column("scale", _("换算分"), width=10),) if scaled else ()),
            Column("award", _("奖项"), width=12),
            Column("status", _("情况"), width=12),
        ),
    )


def workbook(places: Sequence[PlaceLine], *, is_open: bool) -> bytes:
    """Return the workbook's bytes. Points stay texts: a spreadsheet would make floats of them."""
    return export(
        layout(places, is_open=is_open),
        (
            {
                "rank": item.rank if item.rank is not None else _rankless(item),
                "code": item.code,
                "names": item.names,
                "delegation": item.party,
                "employer": item.employer,
                "total": item.total,
                "scale": item.scale,
                "award": _(award_word(item.award)),
                "status": "" if item.status == "competed" else label(CodeStatus(item.status)),
                **{f"module {name}": value for name, value in item.modules.items()},
            }
            for item in places
        ),
    )


def _rankless(item: PlaceLine) -> str:
    return _("待裁定") if item.is_undecided else ""
