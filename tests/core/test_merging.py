"""What two people changed is put together, or both values are given."""

from hypothesis import given
from hypothesis import strategies as st

from academy.core.merging import three_way

records = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2), min_size=4, max_size=4)


def test_each_of_the_four_cases():
    base = {"same": 1, "mine": 1, "theirs": 1, "both": 1, "equal": 1}
    mine = {"same": 1, "mine": 2, "theirs": 1, "both": 2, "equal": 2}
    theirs = {"same": 1, "mine": 1, "theirs": 3, "both": 3, "equal": 2}
    merge = three_way(base, mine, theirs)
    assert merge.taken == {"mine": 2}
    assert merge.clashes == {"both": (1, 2, 3)}


@given(records, records, records)
def test_nobodys_change_is_overwritten(base, mine, theirs):
    merge = three_way(base, mine, theirs)
    result = {**theirs, **merge.taken}
    for name in base:
        if theirs[name] != base[name]:
            assert result[name] == theirs[name]
        if mine[name] != base[name] and name not in merge.clashes:
            assert result[name] == mine[name]
    assert not set(merge.taken) & set(merge.clashes)
