"""Every kind of spreadsheet of the command line: what is handed out comes back unchanged."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.__main__ import main
from app.commands.running import in_house
from app.documents.limited_reader import plain_title
from app.web import locale
from tests.builders.competitions import a_competition

KINDS: dict[str, tuple[str, ...]] = {
    "organizations": (),
    "regions": (),
    "specifications": (),
    "delegations": ("--competition", "2"),
    "entries": ("--competition", "1"),
    "judges": ("--competition", "2"),
    "scheme": ("--event", "3"),
    "marks": ("--event", "4"),
    "examiners": ("--sitting", "2"),
    "candidates": ("--sitting", "3"),
}
GIVEN_ONLY: dict[str, tuple[str, ...]] = {"results": ("--event", "3"), "certificates": ()}
CHINESE = re.compile(r"[\u3400-\u9fff]")
UNCHANGED = re.compile(r"新增 0，更新 0，没有变化 [1-9]\d*，未导入 0。")


@pytest.fixture(scope="module")
def demo(seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a demonstration."""
    return Path(shutil.copytree(seeded_folder, tmp_path_factory.mktemp("demo") / "data"))


@pytest.fixture(autouse=True)
def settings(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(demo))


def exported(kind: str, folder: Path, *scope: str) -> Path:
    path = folder / f"{kind}.xlsx"
    assert main(["export", kind, str(path), *scope]) == 0
    return path


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


@pytest.fixture(params=locale.LOCALES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each language of a page that hands out and takes in."""
    locale.use(request.param)
    yield request.param
    locale.use("zh")


@pytest.mark.parametrize("kind", KINDS)
def test_comes_back_unchanged(kind, language, tmp_path, capsys):
    path = exported(kind, tmp_path, *KINDS[kind])
    said(capsys)
    locale.use("zh")  # Whoever switches the language may bring back what the other one gave.

    assert main(["import", kind, str(path), *KINDS[kind]]) == 0
    assert UNCHANGED.search(said(capsys))


@pytest.mark.parametrize("kind", KINDS)
def test_has_a_template_that_names_its_columns(kind, language, tmp_path):
    path = tmp_path / "template.xlsx"

    assert main(["export", kind, "--template", str(path), *KINDS[kind]]) == 0

    sheet: Any = openpyxl.load_workbook(path).worksheets[0]
    titles = [str(cell.value) for cell in sheet[1] if cell.value]
    assert sheet.freeze_panes == "A2"
    assert sheet.max_row == 1
    assert len({plain_title(title) for title in titles}) == len(titles) > 0
    assert [bool(CHINESE.search(title)) for title in titles] == [language == "zh"] * len(titles)


@pytest.mark.parametrize("kind", KINDS)
def test_offers_each_choice_in_a_word_of_its_own(kind, language, tmp_path):
    path = tmp_path / "template.xlsx"
    assert main(["export", kind, "--template", str(path), *KINDS[kind]]) == 0

    book = openpyxl.load_workbook(path)
    rules = book.worksheets[0].data_validations.dataValidation
    for rule in rules:
        sheet, cells = str(rule.formula1).replace("'", "").replace("$", "").split("!")
        words = [str(row[0].value) for row in book[sheet][cells]]
        assert len({plain_title(word) for word in words}) == len(words)


def test_lines_within_a_cell_stay_lines(tmp_path, capsys):
    path = exported("specifications", tmp_path)
    sheet: Any = openpyxl.load_workbook(path).worksheets[0]
    titles = [str(cell.value) for cell in sheet[1]]
    norms = sheet.cell(2, titles.index("操作规范") + 1)
    assert "\n" in norms.value
    assert norms.alignment.wrap_text
    said(capsys)

    same = changed(path, norms.coordinate, norms.value.replace("\n", "；"))

    assert main(["import", "specifications", str(same)]) == 0
    assert UNCHANGED.search(said(capsys))


@pytest.mark.parametrize("kind", GIVEN_ONLY)
def test_is_handed_out_and_not_taken_back(kind, tmp_path, capsys):
    path = exported(kind, tmp_path, *GIVEN_ONLY[kind])
    rows = openpyxl.load_workbook(path).worksheets[0].max_row
    said(capsys)

    assert rows > 10
    assert main(["import", kind, str(path), *GIVEN_ONLY[kind]]) == 1
    assert f"（{kind}）只能导出" in said(capsys)


def changed(path: Path, cell: str, value: str) -> Path:
    book = openpyxl.load_workbook(path)
    book.worksheets[0][cell] = value
    book.save(path)
    return path


class TestBadCells:
    @pytest.mark.parametrize(
        ("kind", "cell", "value", "word"),
        [
            ("regions", "A2", "12", "六位数字"),
            ("examiners", "A2", "nobody", "没有这个账号"),
            ("marks", "D2", "一百", "评分点"),
            ("specifications", "L2", "六十", "整数"),
            ("candidates", "G2", "110105194912310021", "校验"),
        ],
    )
    def test_are_named_and_nothing_is_written(self, kind, cell, value, word, tmp_path, capsys):
        scope = KINDS[kind]
        path = changed(exported(kind, tmp_path, *scope), cell, value)
        said(capsys)

        assert main(["import", kind, str(path), *scope]) == 1

        out = said(capsys)
        assert re.search(rf"!{cell}: .*{word}", out), out
        assert "没有写入任何内容" in out

    def test_leave_the_others_importable(self, tmp_path, capsys):
        path = changed(exported("regions", tmp_path), "A2", "12")
        said(capsys)

        assert main(["import", "regions", str(path), "--partial"]) == 1
        assert "未导入 1" in said(capsys)


def test_changed_regions_say_that_a_running_website_has_the_old_names(tmp_path, capsys):
    path = changed(exported("regions", tmp_path), "G2", "另一份公告")
    said(capsys)

    assert main(["import", "regions", str(path)]) == 0
    assert "更新 1" in (first := said(capsys))
    assert "网站要重启" in first
    assert main(["import", "regions", str(path)]) == 0
    assert "网站要重启" not in said(capsys)


def test_marks_on_a_submitted_sheet_are_refused(tmp_path, capsys):
    path = exported("marks", tmp_path, "--event", "4")
    sheet: Any = openpyxl.load_workbook(path).worksheets[0]
    other = "1" if str(sheet["D2"].value) != "1" else "2"
    changed(path, "D2", other)
    said(capsys)

    assert main(["import", "marks", str(path), "--event", "4"]) == 1
    assert "已提交，不能再改" in said(capsys)


def test_marks_are_found_by_codes_that_have_become_figures(tmp_path, capsys):
    path = exported("marks", tmp_path, "--event", "4")
    book = openpyxl.load_workbook(path)
    sheet: Any = book.worksheets[0]
    assert sheet["A2"].value.startswith("0")
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 1).value = int(sheet.cell(row, 1).value)
        sheet.cell(row, 4).value = str(sheet.cell(row, 4).value or "").replace(".", "．") or None
    book.save(path)
    said(capsys)

    assert main(["import", "marks", str(path), "--event", "4"]) == 0
    assert UNCHANGED.search(said(capsys))


def test_an_unknown_kind_says_which_there_are(tmp_path, capsys):
    assert main(["export", "recipes", str(tmp_path / "x.xlsx")]) == 2
    out = said(capsys)
    assert all(kind in out for kind in (*KINDS, *GIVEN_ONLY))


class TestWhichOne:
    def test_is_asked_where_there_are_several(self, tmp_path, capsys):
        path = tmp_path / "x.xlsx"

        assert main(["export", "entries", str(path)]) == 2
        out = said(capsys)
        assert re.search(r"^大赛\n  --competition 1  榕江", out, re.MULTILINE)
        assert "--competition 2" in out
        assert not path.exists()

    def test_cannot_be_of_another_kind(self, tmp_path, capsys):
        assert main(["export", "entries", str(tmp_path / "x.xlsx"), "--event", "3"]) == 2
        assert "competition" in said(capsys)
        assert main(["export", "regions", str(tmp_path / "x.xlsx"), "--event", "3"]) == 2

    def test_need_not_be_said_where_there_is_one(self, tmp_path, monkeypatch, capsys):
        monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(tmp_path))
        path = str(tmp_path / "x.xlsx")
        assert main(["migrate"]) == 0
        assert main(["export", "entries", path]) == 1
        assert "某个大赛，现在一个也没有" in said(capsys)

        in_house(lambda _: a_competition())

        assert main(["export", "entries", "--template", path]) == 0
        assert main(["export", "delegations", path]) == 0
