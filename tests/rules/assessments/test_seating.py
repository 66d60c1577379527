"""Candidates into numbers and stations: each has one, none has two."""

from hypothesis import given
from hypothesis import strategies as st

from assessments.rules.seating import Seat, seats

ROOMS = [("第一考场", 2), ("第二考场", 1)]


def test_goes_room_by_room_and_then_begins_a_new_round():
    assert seats([7, 8, 9, 10], rooms=ROOMS, prefix="2611A") == [
        Seat(7, "2611A001", "第一考场", 1),
        Seat(8, "2611A002", "第一考场", 2),
        Seat(9, "2611A003", "第二考场", 1),
        Seat(10, "2611A004", "第一考场", 1),
    ]


def test_goes_on_where_the_last_seating_ended():
    assert seats([11], rooms=ROOMS, prefix="2611A", first=3) == [
        Seat(11, "2611A003", "第二考场", 1)
    ]


@given(
    st.lists(st.integers(1, 10_000), unique=True, max_size=60),
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
)
def test_gives_each_candidate_one_seat_and_no_station_twice_a_round(candidates, sizes):
    rooms = [(f"第{place}考场", size) for place, size in enumerate(sizes)]
    found = seats(candidates, rooms=rooms, prefix="X")

    assert [seat.candidate_id for seat in found] == candidates
    assert len({seat.number for seat in found}) == len(candidates)
    for start in range(0, len(found), sum(sizes)):
        part = found[start : start + sum(sizes)]
        assert len({(seat.room, seat.station) for seat in part}) == len(part)
