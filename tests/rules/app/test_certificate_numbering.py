"""Official numbers and the words that a certificate may not carry."""

from datetime import date

import pytest

from app.certificates import numbering, wording
from app.certificates.numbering import (
    BadTemplate,
    NumberFacts,
    PartMissing,
    SerialsUsedUp,
    TemplateFault,
)
from app.certificates.wording import ForbiddenWord
from app.rules.certificate_claim import CertificateKind

FACTS = NumberFacts(date(2026, 3, 1), "520102", "0001")


class TestNumber:
    @pytest.mark.parametrize(
        ("pattern", "number"),
        [
            ("S000052000005{yy}3{serial:6}", "S000052000005263000012"),
            ("{yy}{region:4}{body:4}6{serial:5}", "2652010001600012"),
            ("黔〔{year}〕第{serial:4}号".removeprefix("黔"), "〔2026〕第0012号"),
            ("J{year}{month}{serial:3}{check}", "J202603012I"),
        ],
    )
    def test_follows_its_template(self, pattern, number):
        segments = numbering.parse_template(pattern)

        found = numbering.render(segments, FACTS, 12)

        assert found[:-1] == number[:-1]
        assert numbering.written(segments) == pattern.replace("{region}", "{region:6}")

    def test_of_the_level_certificate_has_22_places(self):
        segments = numbering.parse_template("S000052000005{yy}3{serial:6}")

        assert len(numbering.render(segments, FACTS, 1)) == 22

    def test_counts_apart_for_every_year(self):
        segments = numbering.parse_template(numbering.DEFAULTS[CertificateKind.AWARD])
        later = NumberFacts(date(2027, 1, 1), "520102", "0001")

        assert numbering.render(segments, FACTS, None) != numbering.render(segments, later, None)

    @pytest.mark.parametrize(
        ("pattern", "why"),
        [
            ("", TemplateFault.SERIAL),
            ("{serial:3}{serial:3}", TemplateFault.SERIAL),
            ("{check}{serial:3}", TemplateFault.CHECK),
            ("A" * 40 + "{serial:3}", TemplateFault.LENGTH),
            ("a{serial:3}", TemplateFault.FIXED),
            ("{color}{serial:3}", TemplateFault.PART),
            ("{level}{serial:3}", TemplateFault.LEVEL),
            ("{serial:13}", TemplateFault.WIDTH),
            ("{yy:3}{serial:3}", TemplateFault.WIDTH),
            ("{serial:0}", TemplateFault.WIDTH),
        ],
    )
    def test_is_refused_with_a_reason(self, pattern, why):
        with pytest.raises(BadTemplate) as refused:
            numbering.parse_template(pattern)

        assert refused.value.why is why

    def test_runs_out(self):
        with pytest.raises(SerialsUsedUp):
            numbering.render(numbering.parse_template("{serial:2}"), FACTS, 100)

    def test_needs_every_part(self):
        with pytest.raises(PartMissing):
            numbering.render(
                numbering.parse_template("{body:4}{serial:2}"),
                NumberFacts(FACTS.issued_on, "520102"),
                1,
            )

    @pytest.mark.parametrize("kind", CertificateKind)
    def test_has_a_default_for_every_kind(self, kind):
        assert numbering.parse_template(numbering.DEFAULTS[kind])


class TestWords:
    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("中国刺梨", "中国"),
            ("中华人民共和国", "中华人民共和国"),
            ("全 国大赛", "全国"),
            ("职业资格证书", "职业资格"),
        ],
    )
    def test_are_refused_and_shown(self, text, word):
        with pytest.raises(ForbiddenWord) as refused:
            wording.refuse_forbidden([text], region_code="520000", authorized=())

        assert refused.value.word == word

    def test_are_allowed_to_who_is_authorised(self):
        wording.refuse_forbidden(["全国大赛"], region_code="000000", authorized=("全国",))

    def test_are_more_in_guangdong(self):
        assert (
            wording.forbidden_in("专项职业能力证书", region_code="440100", authorized=())
            == "专项职业能力"
        )
        assert wording.forbidden_in("专项职业能力证书", region_code="520000", authorized=()) is None

    def test_in_a_longer_authorised_word_allow_no_shorter_one_elsewhere(self):
        authorized = ("中华人民共和国",)

        assert (
            wording.forbidden_in("中华人民共和国", region_code="000000", authorized=authorized)
            is None
        )
        assert (
            wording.forbidden_in("中华技能", region_code="000000", authorized=authorized) == "中华"
        )
