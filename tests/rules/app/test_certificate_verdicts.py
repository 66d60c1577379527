"""What register, signature and log say together; where two disagree, nobody says valid."""

import pytest
from msgspec.structs import replace

from app.certificates import cose, verdicts
from app.certificates.kinds import CertificateStatus, KeyStatus, Verdict
from app.certificates.notes import Leaf, LogEvent
from app.certificates.verdicts import Doubt, KnownKey
from tests.builders.certificates import ISSUING, OTHER, a_claim, a_row

CLAIM = a_claim()
SIGNED = cose.parse(cose.sign(CLAIM, ISSUING)[0])
ROW = a_row(CLAIM, SIGNED.commit)
KEY = KnownKey(ISSUING.public_key, 0, None, KeyStatus.ACTIVE)
SOON = CLAIM.issued_at + 3600
ISSUED = (5, Leaf(LogEvent.ISSUED, SIGNED.commit, SOON))


def event(index: int, kind: LogEvent) -> tuple[int, Leaf]:
    return index, Leaf(kind, SIGNED.commit, SOON + index)


def judged(row=ROW, key=KEY, events=(ISSUED,), covered=100):
    return verdicts.judge(row, verdicts.compare(row, SIGNED, key), key, events, covered)


class TestVerdict:
    def test_is_valid_where_all_three_agree(self):
        standing = judged()

        assert (standing.verdict, standing.is_late, standing.logged_at) == (
            Verdict.VALID,
            False,
            SOON,
        )

    @pytest.mark.parametrize(
        ("events", "status", "verdict"),
        [
            ([LogEvent.REVOKED], CertificateStatus.REVOKED, Verdict.REVOKED),
            ([LogEvent.REVOKED, LogEvent.RESTORED], CertificateStatus.VALID, Verdict.VALID),
            ([LogEvent.CORRECTED], CertificateStatus.CORRECTED, Verdict.CORRECTED),
        ],
    )
    def test_follows_the_latest_event(self, events, status, verdict):
        later = [event(6 + place, kind) for place, kind in enumerate(events)]

        assert judged(replace(ROW, status=status), events=[ISSUED, *later]).verdict is verdict

    def test_is_unregistered_without_a_leaf(self):
        assert judged(events=()).verdict is Verdict.UNREGISTERED

    def test_is_unregistered_with_a_leaf_elsewhere(self):
        assert judged(replace(ROW, leaf_index=6)).verdict is Verdict.UNREGISTERED

    @pytest.mark.parametrize(
        ("part", "value"),
        [
            ("number", "x"),
            ("name", "李四"),
            ("title", "x"),
            ("result", "x"),
            ("verification_id", "F" * 16),
        ],
    )
    def test_is_uncertain_where_the_register_was_edited(self, part, value):
        standing = judged(replace(ROW, **{part: value}))

        assert standing.verdict is Verdict.UNCERTAIN
        assert standing.differs == ("id" if part == "verification_id" else part,)

    def test_is_uncertain_where_the_status_was_edited(self):
        standing = judged(events=[ISSUED, event(6, LogEvent.REVOKED)])

        assert (standing.verdict, standing.doubt) == (Verdict.UNCERTAIN, Doubt.STATUS)

    @pytest.mark.parametrize("key", [None, KnownKey(OTHER.public_key, 0, None, KeyStatus.ACTIVE)])
    def test_is_uncertain_without_the_key(self, key):
        assert judged(key=key).doubt is Doubt.SIGNATURE

    def test_believes_a_compromised_key_up_to_its_index(self):
        lost = KnownKey(ISSUING.public_key, 0, 4, KeyStatus.COMPROMISED)

        assert judged(key=lost).doubt is Doubt.KEY
        assert judged(key=replace(lost, last_index=5)).verdict is Verdict.VALID

    def test_is_uncertain_before_a_checkpoint(self):
        assert judged(covered=5).doubt is Doubt.CHECKPOINT

    def test_says_when_it_was_logged_late(self):
        late = (
            5,
            Leaf(LogEvent.ISSUED, SIGNED.commit, CLAIM.issued_at + verdicts.LATE_SECONDS + 1),
        )

        assert judged(events=[late]).is_late
