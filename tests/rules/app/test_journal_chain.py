"""The journal's chain: any edit of a record, and any other order, gives another hash."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from app.rules.journal_chain import GENESIS, link

texts = st.text(st.characters(codec="utf-8"), max_size=12)
facts = st.dictionaries(texts, texts | st.integers(-(2**53) + 1, 2**53 - 1) | st.none(), max_size=5)


def test_is_sha256_over_the_link_before_and_the_canonical_facts():
    expected = hashlib.sha256(GENESIS + '{"act":"登录","number":1}'.encode()).digest()

    assert link(GENESIS, {"number": 1, "act": "登录"}) == expected


@given(facts, facts)
def test_differs_for_other_facts(one, other):
    assert (link(GENESIS, one) == link(GENESIS, other)) == (one == other)


@given(facts, facts)
def test_differs_for_another_order(one, other):
    forward = link(link(GENESIS, one), other)
    backward = link(link(GENESIS, other), one)

    assert (forward == backward) == (one == other)
