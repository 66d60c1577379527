"""放假安排 as people paste it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.holidays import LONGEST, DayKind, NamedDay, read_days, read_line

NEXT = 2027
SPRING = [date(2027, 2, day) for day in range(5, 12)]


def rest(day, name):
    return NamedDay(day, DayKind.REST, name)


class TestALine:
    @pytest.mark.parametrize(
        "line",
        [
            "2027-01-01 休 元旦",
            "2027-1-1 休元旦",
            "2027年1月1日（周五）放假 元旦",
            "２０２７／１／１，休：元旦",
            "2027.01.01\t休\t元旦",
            "2027-01-01 rest 元旦",
        ],
    )
    def test_names_a_day_as_people_write_it(self, line):
        assert read_line(line, last_year=NEXT) == [rest(date(2027, 1, 1), "元旦")]

    @pytest.mark.parametrize("between", ["—", "——", "-", " - ", "~", "～", "至", " 到 "])
    def test_names_every_day_of_a_range(self, between):
        found = read_line(f"2027-02-05{between}2027-02-11 休 春节", last_year=NEXT)

        assert found == [rest(day, "春节") for day in SPRING]

    @pytest.mark.parametrize("word", ["班", "上班", "调休上班", "补班", "work", "Work"])
    def test_makes_a_weekend_work(self, word):
        sunday = date(2027, 2, 7)

        found = read_line(f"2027-02-07 {word}", last_year=NEXT)

        assert found == [NamedDay(sunday, DayKind.WORK, "")]
        assert str(found[0]) == "2027-02-07 班"

    @pytest.mark.parametrize(
        ("line", "says"),
        [
            ("元旦 休", "开头应是日期，例如 2027-01-01，或一段日期，例如 2027-02-05—2027-02-11。"),
            ("2027-02-30 休 春节", "没有 2027-02-30 这一天。"),
            ("2028-01-01 休 元旦", "年份应在 2000 到 2027 之间。"),
            ("1999-01-01 休 元旦", "年份应在 2000 到 2027 之间。"),
            ("2027-02-11—2027-02-05 休 春节", "结束日期早于开始日期。"),
            (
                "2027-02-05—2027-12-11 休 春节",
                "这一段有 310 天，一段最多 31 天，请核对起止日期。",
            ),
            ("2027-01-01 元旦", "日期后面应写“休”或“班”。"),
            ("2027-01-01", "日期后面应写“休”或“班”。"),
            ("2027-01-01 休", "“休”的后面应写节日名称，例如“休 元旦”。"),
            ("2027-01-01 休 " + "长" * 21, "节日名称最多 20 个字。"),
            ("2027-02-08 班", "2027-02-08 不是周六、周日，本来就上班。"),
            ("2027-02-05—2027-02-07 班", "2027-02-05 不是周六、周日，本来就上班。"),
        ],
    )
    def test_is_refused_with_the_reason(self, line, says):
        days, bad = read_days(f"\n{line}\n2027-05-01 休 劳动节", last_year=NEXT)

        assert [(item.number, item.text, str(item.why)) for item in bad] == [(2, line, says)]
        assert days == [rest(date(2027, 5, 1), "劳动节")]


class TestSeveralLines:
    def test_say_each_day_once(self):
        text = "2027-02-05—2027-02-11 休 春节\n\n2027-02-07 班"

        days, bad = read_days(text, last_year=NEXT)

        assert [item.day for item in days] == SPRING
        assert [(item.number, str(item.why)) for item in bad] == [
            (3, "2027-02-07 在第 1 行已经写过。")
        ]

    def test_may_be_none(self):
        assert read_days(" \n\n", last_year=NEXT) == ([], [])

    @given(
        st.dates(date(2000, 1, 1), date(2027, 11, 1)),
        st.integers(0, LONGEST - 1),
        st.sampled_from(["元旦", "春节", "国庆节、中秋节"]),
    )
    def test_read_back_what_they_wrote(self, first, more, name):
        days = [rest(first + timedelta(days=at), name) for at in range(more + 1)]

        assert read_days("\n".join(map(str, days)), last_year=NEXT) == (days, [])

    @given(st.text(max_size=60))
    def test_never_fail_otherwise(self, text):
        days, bad = read_days(text, last_year=NEXT)

        assert len(bad) <= len(text.splitlines())
        assert len({item.day for item in days}) == len(days)
