"""Identifiers outlive a re-import, and what changed can be said part by part."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule, SchemeSection
from competitions.rules.scheme_changes import Change, FieldChange, changes
from competitions.rules.scheme_matching import matched


def measured(key, title, most="1", **more):
    return SchemeAspect(key, "measurement", title, most, **more)


def a_scheme(*aspects, letter="A"):
    return SchemeFacts((SchemeModule(letter, "实操", "", tuple(aspects)),))


def numbered(*titles, letter="A"):
    """Write a scheme as a workbook does, where an aspect is called by its place."""
    return a_scheme(
        *(measured(f"{letter}1.{n}", title) for n, title in enumerate(titles, 1)), letter=letter
    )


def names(scheme):
    return {aspect.title: aspect.id for aspect in scheme.aspects()}


OLD = numbered("垂直度", "平整度", "灰缝厚度", "轴线位置")


class TestMatching:
    def test_keeps_identifiers_when_a_row_is_put_between(self):
        found = matched(OLD, numbered("垂直度", "砂浆饱满", "平整度", "灰缝厚度", "轴线位置"))

        assert names(found) == names(OLD) | {"砂浆饱满": "A1.5"}

    def test_never_gives_an_identifier_again(self):
        fewer = numbered("垂直度", "平整度", "灰缝厚度")
        found = matched(fewer, numbered("垂直度", "平整度", "灰缝厚度", "外观"), taken=["A1.4"])

        assert names(found)["外观"] == "A1.5"

    def test_follows_an_aspect_to_another_place(self):
        moved = SchemeFacts((*numbered("平整度").modules, *numbered("垂直度", letter="B").modules))

        assert names(matched(OLD, moved)) == {"平整度": "A1.2", "垂直度": "A1.1"}

    def test_knows_an_aspect_whose_words_were_mended(self):
        found = matched(OLD, numbered("垂直度", "墙面的平整度", "灰缝厚度", "轴线位置"))

        assert names(found)["墙面的平整度"] == "A1.2"

    def test_knows_an_aspect_by_its_neighbors_alone(self):
        found = matched(OLD, numbered("垂直度", "xyz", "灰缝厚度", "轴线位置"))
        other = matched(OLD, numbered("垂直度", "xyz", "uvw", "灰缝厚度", "轴线位置"))

        assert names(found)["xyz"] == "A1.2"
        assert names(other)["xyz"] == "A1.5"

    def test_does_not_take_one_kind_or_heading_for_another(self):
        steps = ("差", "可", "良", "优")
        judged = SchemeAspect("A1.1", "judgement", "垂直度", "1", descriptors=steps)
        elsewhere = measured("A1.1", "垂直的", sub_criterion="墙")

        assert next(matched(numbered("垂直度"), a_scheme(judged)).aspects()).id == "A1.2"
        assert next(matched(numbered("垂直度"), a_scheme(elsewhere)).aspects()).id == "A1.2"

    def test_tells_twins_apart_by_mark_then_by_order(self):
        twins = a_scheme(measured("A1.1", "长", "1"), measured("A1.2", "长", "2"))
        turned = a_scheme(measured("A1.1", "长", "2"), measured("A1.2", "长", "1"))

        assert [aspect.id for aspect in matched(twins, turned).aspects()] == ["A1.2", "A1.1"]
        assert matched(twins, twins) == twins

    def test_prefers_the_likest_words(self):
        old = numbered("门框的高度", "门框的高")
        found = matched(old, numbered("门框高度", "门框的高度了"))

        assert names(found) == {"门框的高度了": "A1.1", "门框高度": "A1.2"}

    def test_keeps_what_a_workbook_cannot_say(self):
        calculation = {"kind": "yes_no"}
        old = a_scheme(measured("A7", "长", unit="mm", decimals=1, calculation=calculation))

        [found] = matched(old, numbered("长")).aspects()

        assert found == measured("A7", "长", unit="mm", decimals=1, calculation=calculation)

    def test_renames_what_a_gate_points_at(self):
        gate = SchemeAspect("G", "gate", "安全", zeroes=("A1.1", "Z"))

        found = matched(a_scheme(measured("A7", "长")), a_scheme(measured("A1.1", "长"), gate))

        assert [aspect.zeroes for aspect in found.aspects()] == [(), ("A7", "Z")]

    def test_does_not_compare_endlessly(self):
        old = numbered(*(f"甲{n}" for n in range(200)))
        found = matched(old, numbered(*(f"乙{n}" for n in range(200))))

        assert not set(names(found).values()) & set(names(old).values())

    @given(
        st.lists(st.text("长宽高厚直平", min_size=1, max_size=4), min_size=1, unique=True),
        st.data(),
    )
    def test_survives_any_row_put_in(self, titles, data):
        place = data.draw(st.integers(0, len(titles)))
        old = numbered(*titles)
        new = numbered(*titles[:place], "新的一行", *titles[place:])

        found = matched(old, new)

        assert {title: names(found)[title] for title in titles} == names(old)
        assert names(found)["新的一行"] not in names(old).values()

    @given(st.permutations(["长度", "宽度", "高度", "厚度", "直度", "平度"]))
    def test_survives_any_order(self, titles):
        old = numbered("长度", "宽度", "高度", "厚度", "直度", "平度")

        assert names(matched(old, numbered(*titles))) == names(old)


class TestChanges:
    def test_of_the_same_scheme_are_none(self):
        assert changes(OLD, OLD) == []

    def test_say_what_came_went_and_changed(self):
        [first, second, *_rest] = OLD.aspects()
        new = a_scheme(replace(first, max="2", unit="mm"), second, measured("A1.9", "外观"))

        assert changes(OLD, new) == [
            Change(
                "changed", "aspect", "A1.1", "垂直度",
                (FieldChange("max", "1", "2"), FieldChange("unit", "", "mm")),
            ),
            Change("added", "aspect", "A1.9", "外观"),
            Change("removed", "aspect", "A1.3", "灰缝厚度"),
            Change("removed", "aspect", "A1.4", "轴线位置"),
        ]  # fmt: skip

    def test_say_what_moved(self):
        one, two, three, four = OLD.aspects()
        turned = a_scheme(two, one, three, four)
        elsewhere = SchemeFacts(
            (
                SchemeModule("A", "实操", "", (one, two, three)),
                SchemeModule("B", "实操", "", (four,)),
            )
        )

        assert [(item.what, item.id) for item in changes(OLD, turned)] in (
            [("moved", "A1.1")],
            [("moved", "A1.2")],
        )
        assert [(item.what, item.id) for item in changes(OLD, elsewhere)] == [
            ("added", "B"),
            ("moved", "A1.4"),
        ]
        assert changes(OLD, elsewhere)[1].fields == (FieldChange("module", "A", "B"),)

    def test_speak_of_modules_and_sections(self):
        old = replace(OLD, sections=(SchemeSection("1", "组织", "100"),))
        new = replace(
            old,
            modules=(replace(old.modules[0], name="砌筑"),),
            sections=(SchemeSection("1", "组织", "90"), SchemeSection("2", "制作", "10")),
        )

        assert [(item.what, item.part, item.id) for item in changes(old, new)] == [
            ("changed", "module", "A"),
            ("changed", "section", "1"),
            ("added", "section", "2"),
        ]
