"""The arithmetic of seats, against a slow seating that tries every chair."""

from hypothesis import given
from hypothesis import strategies as st

from courses.enrolment.seats import Seats

ORGANISATIONS = [1, 2, None]


def seated(total: int, kept: dict[int, int], people: list[int | None]) -> bool:
    """Whether all these people find a chair: own ones first, then shared ones."""
    chairs = {**kept}
    shared = total - sum(kept.values())
    for organisation in people:
        if chairs.get(organisation, 0):
            chairs[organisation] -= 1
        elif shared > 0:
            shared -= 1
        else:
            return False
    return True


kept_seats = st.dictionaries(st.sampled_from([1, 2]), st.integers(0, 3))


@given(st.integers(0, 8), kept_seats, st.lists(st.sampled_from(ORGANISATIONS), max_size=10))
def test_free_for_says_exactly_who_still_finds_a_chair(extra, kept, people):
    total = sum(kept.values()) + extra
    seats, inside = Seats(total, {}, kept), []
    for organisation in people:
        fits = seated(total, kept, [*inside, organisation])
        assert (seats.free_for(organisation) > 0) == fits
        if fits:
            seats.take(organisation)
            inside.append(organisation)
    assert seats.taken_in_all <= total


@given(st.integers(1, 5), kept_seats, st.integers(0, 9))
def test_over_enrolment_never_makes_free_negative(extra, kept, externals):
    seats = Seats(sum(kept.values()) + extra, {None: externals}, kept)
    assert all(seats.free_for(organisation) >= 0 for organisation in ORGANISATIONS)
    if externals > seats.total:
        assert all(seats.free_for(organisation) == 0 for organisation in ORGANISATIONS)
