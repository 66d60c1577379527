"""Whom a limit counts, and what it remembers of what was sent."""

from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from app.main import create_app
from app.settings import load
from app.sheets import doors
from app.web import limits
from app.web.limits import Limit

PROXY = "10.0.0.1"


class TestWhomALimitCounts:
    @pytest.mark.parametrize(
        ("address", "counted"),
        [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
            ("a:b", "a:b"),
            ("", ""),
        ],
    )
    def test_is_an_address_or_the_line_it_belongs_to(self, address, counted):
        assert limits.line_of(address) == counted

    @pytest.mark.anyio
    async def test_is_who_asks_to_pair_a_tablet_and_not_the_proxy(
        self, database: str, tmp_path: Path
    ):
        said = {"XIANGJIANG_DATA_DIR": str(tmp_path), "XIANGJIANG_TRUSTED_PROXIES": PROXY}
        house = create_app(load(said))
        wrong = {"device": "0123456789", "code": "wrong"}
        transport = httpx.ASGITransport(app=cast(Any, house), client=(PROXY, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            asked = {
                (address, place): (
                    await client.post(
                        "/j/api/pair", json=wrong, headers={"x-forwarded-for": address}
                    )
                ).status_code
                for address in ("192.0.2.7", "192.0.2.8")
                for place in range(doors.PAIRINGS.most + 1)
            }

        late = [place for place, status in asked.items() if status == 429]
        assert late == [("192.0.2.7", 60), ("192.0.2.8", 60)]

    @pytest.mark.anyio
    @pytest.mark.parametrize(
        "forwarded",
        [
            ["192.0.2.7, 10.0.8.1"],
            ["192.0.2.7", "10.0.8.1"],
            ["192.0.2.7:5678, 10.0.8.1"],
            ["203.0.113.1, ::ffff:192.0.2.7, 10.0.8.1"],
        ],
    )
    async def test_is_the_same_reader_through_every_proxy(
        self, sqlite_database, tmp_path: Path, forwarded: list[str]
    ):
        trusted = f"{PROXY},10.0.8.0/24"
        said = {"XIANGJIANG_DATA_DIR": str(tmp_path), "XIANGJIANG_TRUSTED_PROXIES": trusted}
        for _ in range(doors.PAIRINGS.most):
            doors.PAIRINGS.take("192.0.2.7")
        transport = httpx.ASGITransport(
            app=cast(Any, create_app(load(said))), client=(f"::ffff:{PROXY}", 1)
        )
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answer = await client.post(
                "/j/api/pair",
                json={"device": "0123456789", "code": "wrong"},
                headers=[("x-forwarded-for", said) for said in forwarded],
            )

        assert answer.status_code == 429


class TestALimit:
    def test_keeps_no_long_key_as_it_was_sent(self):
        limit = Limit(1, 60)

        assert limit.take("x" * 1_000_000) == 0
        assert limit.take("x" * 1_000_000) > 0
        assert limit.take("x" * 1_000_001) == 0
        assert limit.take("\ud800" * 100) == 0
        assert all(len(key) <= limits.LONGEST_KEY for key in limit._taken)

    def test_begins_anew_with_all_others(self):
        made, known = Limit(1, 60), doors.PAIRINGS
        made.take("x")
        known.take("x")

        limits.forget_all()

        assert (made._taken, known._taken) == ({}, {})

    def test_forgets_a_long_key(self):
        limit = Limit(1, 60)
        limit.take("x" * 100)

        limit.forget("x" * 100)

        assert limit.take("x" * 100) == 0

    def test_gives_a_long_key_back(self):
        limit = Limit(1, 60)
        limit.take("x" * 100)

        limit.give_back("x" * 100)

        assert limit.take("x" * 100) == 0
