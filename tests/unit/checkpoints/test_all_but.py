"""Nearly all names of a wide model, as a set would hold them."""

from __future__ import annotations

from mergedesk.checkpoints.checkpoint import AllBut


def test_all_but_a_few_are_what_a_set_would_hold() -> None:
    names = AllBut(["a", "b", "c", "d"], frozenset("bd"))
    assert list(names) == ["a", "c"]
    assert len(names) == 2
    assert [name for name in "abcde" if name in names] == ["a", "c"]


def test_all_but_everything_is_nothing() -> None:
    assert not AllBut(["a"], frozenset("a"))
    assert AllBut(["a", "b"], frozenset("a"))
