"""The journal in words: what an auditor reads of a record, and no key of the code."""

import json
from typing import Any

import pytest

import app.main  # noqa: F401 - every enumeration has its words
from app.audit.facts import differences
from app.audit.subjects import number_of, word_of
from app.web import locale

EVENT = "competitions.event:3"


def told(before: Any, after: Any, subject: str = EVENT) -> list[tuple[str, str, str]]:
    was, now = ("" if side is None else json.dumps(side) for side in (before, after))
    return [(item.field, item.before, item.after) for item in differences(was, now, subject)]


class TestDifferences:
    def test_names_what_changed_and_leaves_out_what_did_not(self):
        said = told({"quota": 2, "members": 1}, {"quota": 3, "members": 1})

        assert said == [("每队名额", "2", "3")]

    @pytest.mark.parametrize(
        ("subject", "before", "after", "words"),
        [
            (EVENT, "unsealed", "published", ("已解密", "已公布")),
            ("competitions.competition:1", "preparing", "announced", ("筹备", "已公告")),
            ("assessments.candidate:6", "accepted", "absent", ("审核通过", "缺考")),
            ("competitions.entry:6", "registered", "withdrawn", ("待审查", "已退赛")),
            ("certificates.certificate:9", "valid", "revoked", ("有效", "已撤销")),
        ],
    )
    def test_says_a_status_by_the_word_of_its_subject(
        self, subject: str, before: str, after: str, words: tuple[str, str]
    ):
        assert told({"status": before}, {"status": after}, subject) == [("状态", *words)]

    @pytest.mark.parametrize(
        ("field", "value", "shown"),
        [
            ("notice_ends_at", "2026-12-04T16:00:00+00:00", ("公示截止", "2026-12-05 00:00")),
            ("is_closed", True, ("停用", "是")),
            ("scope", "event:3", ("范围", "赛项 3")),
            ("scope", "all", ("范围", "全部")),
            ("basis", "assessments.sitting:1", ("签发依据", "考核批次 1")),
            ("duty", "coding_judge", ("职责", "加密裁判")),
            ("ethnic_group", "06", ("民族", "苗族")),
            ("rooms", [["第一考场", 12], ["第二考场", 8]], ("考场", "第一考场 12、第二考场 8")),
            (
                "persons",
                list(range(1, 43)),
                ("人员", "1、2、3、4、5、6、7、8、9、10、11、12 等 42 项"),
            ),
            ("sha256", "a1" * 32, ("校验值", "a1a1a1a1a1a1…")),
            ("document", {"panel": {"round": "exact"}}, ("规则全文", "见原始记录")),
        ],
    )
    def test_writes_values_as_people_do(self, field: str, value: Any, shown: tuple[str, str]):
        assert told(None, {field: value}) == [(shown[0], "", shown[1])]

    def test_says_of_which_of_many(self):
        said = told({"contestant 7": {"team": "一队"}}, {"contestant 7": {"team": "二队"}})

        assert said == [("选手 7 参赛队", "一队", "二队")]

    def test_takes_one_side_for_the_facts(self):
        assert told({"status": "published"}, None) == [("状态", "", "已公布")]

    @pytest.mark.parametrize("damaged", ["{", "[1]", '"text"', '{"at": 1e999}'])
    def test_passes_over_what_cannot_be_read(self, damaged: str):
        assert differences(damaged, "", EVENT) == ()

    def test_shows_a_moment_that_is_none_as_it_stands(self):
        assert told(None, {"starts_at": "2026-13-40T99:99"}) == [
            ("开始时间", "", "2026-13-40T99:99")
        ]

    def test_calls_a_name_by_whose_it_is(self):
        assert told(None, {"name": "石秀英"}, "accounts.account:2") == [("姓名", "", "石秀英")]
        assert told(None, {"name": "砌筑"}) == [("名称", "", "砌筑")]

    def test_is_in_english_too(self):
        locale.use("en")
        try:
            said = told({"status": "unsealed"}, {"status": "published", "name": "砌筑"})
        finally:
            locale.use("zh")

        assert said == [("Name", "", "砌筑"), ("Status", "Unsealed", "Published")]


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("competitions.event:12", ("赛项", "12")),
        ("sheets.ledger:assessments.sitting:1", ("评分账册", "考核批次 1")),
        ("competitions.rule_set:a-very-long-code", ("评分规则", "a-very-l…")),
    ],
)
def test_a_subject_is_named(subject: str, words: tuple[str, str]) -> None:
    assert (word_of(subject), number_of(subject)) == words
