"""Proofs that are kept in a few words come out as they went in, each under its own tensor's name."""

from __future__ import annotations

import tracemalloc
from array import array
from dataclasses import replace

import pytest

from mergedesk.verification.compare.statistics import TensorStatistics
from mergedesk.verification.hot import kept_proofs
from mergedesk.verification.hot.chunk_proof import ChunkProof, cover
from mergedesk.verification.hot.kept_proofs import KeptProofs


def proof(begin: int, *sums: int, right: bool = True) -> ChunkProof:
    """Of a chunk that was copied, in tiles of four bytes."""
    return ChunkProof(begin, begin + 4 * len(sums), 4, array("Q", sums), right, False, TensorStatistics())


def said(proofs: KeptProofs, name: str) -> list[tuple[object, ...]]:
    """All that is held of a tensor."""
    return [
        (one.begin, one.end, one.step, list(one.sums), one.right, one.changed, one.statistics)
        for one in proofs.of(name)
    ]


def told(*expected: ChunkProof) -> list[tuple[object, ...]]:
    """The same of proofs as they were made."""
    proofs = KeptProofs()
    proofs.sampled["any"] = list(expected)
    return said(proofs, "any")


def test_every_proof_comes_out_as_it_went_in() -> None:
    proofs = KeptProofs()
    sampled = replace(proof(0, 5), changed=True, statistics=TensorStatistics(elements=3, right=3))
    added = {
        "first": [proof(0, 1, 2**64 - 1), proof(8, 3)],
        "wrong": [proof(0, 1, right=False)],
        "sampled": [sampled],
        "counted": [replace(proof(0, 5), statistics=TensorStatistics(elements=1))],
    }
    for name, ones in added.items():
        for one in ones:
            proofs.add(name, one)
    assert {name: said(proofs, name) for name in added} == {name: told(*ones) for name, ones in added.items()}
    assert proofs.of("another") == ()
    proofs.add("another", proof(4, 7))
    assert said(proofs, "another") == told(proof(4, 7))
    assert len(proofs) == 6


def test_proofs_of_names_with_one_hash_are_each_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither is taken for the other's: who looks sees bytes that were judged twice."""
    proofs = KeptProofs()
    monkeypatch.setattr(kept_proofs, "hash", lambda _name: 5, raising=False)
    proofs.add("one", proof(0, 1))
    proofs.add("other", proof(0, 2))
    for name in ("one", "other"):
        assert not cover(proofs.of(name), 4)


def test_a_proof_of_a_copy_takes_a_few_words() -> None:
    names = [f"model.layers.0.mlp.experts.{number}.up_proj.weight" for number in range(5000)]
    tracemalloc.start()
    try:
        proofs = KeptProofs()
        for name in names:
            proofs.add(name, proof(0, 1))
        assert len(proofs.of(names[7])) == 1
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 64 * len(names)
