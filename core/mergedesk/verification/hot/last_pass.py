"""What holds of a tensor at the end: that all of it was judged, and that its bytes still are those that were judged."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from ...domain.progress import CancelToken
from ...planning.plan import Action, PlannedTensor
from ...storage.open_files import OpenFiles
from ...storage.safetensors_header import TensorRecord, as_bytes
from ..compare.outcome import AS_IT_SHOULD, outcome_of
from ..compare.packed_cells import is_lost, packed_outcome
from ..compare.statistics import TensorStatistics
from .chunk_proof import ChunkProof, cover
from .kept_proofs import KeptProofs
from .word_sum import stored_sum


class Standing(Enum):
    """``REFUTED``: a tile was not right, was never judged, or is no longer what was judged."""

    PROVED = auto()
    REFUTED = auto()
    UNKNOWN = auto()


def standing(
    tensor: PlannedTensor, written: TensorRecord, proofs: KeptProofs, files: OpenFiles, cancel: CancelToken
) -> Standing:
    """What hot proofs say of a tensor as it is stored now. Raises Cancelled, UserError(read_failed).

    Nothing of one that has another dtype or shape than was planned, is empty, or has parts that are all the base's.
    """
    if (written.dtype, written.shape) != (tensor.dtype, tensor.shape):
        return Standing.UNKNOWN
    judged = standing_when_written(tensor, proofs)
    if judged is Standing.REFUTED or not proofs or not tensor.nbytes:
        return judged
    if not all(_is_as_judged(chunk, as_bytes(written), files, cancel) for chunk in proofs.of(tensor.name)):
        return Standing.REFUTED
    return judged


def standing_when_written(tensor: PlannedTensor, proofs: KeptProofs) -> Standing:
    """The same before anything is read once more. What is not proved is looked at anew, with what it was made of."""
    if not proofs or not tensor.nbytes:
        return Standing.UNKNOWN
    chunks = sorted(proofs.of(tensor.name), key=lambda chunk: chunk.begin)
    if (
        not cover(chunks, tensor.nbytes)
        or not all(chunk.right for chunk in chunks)
        or not _samples_right(tensor, chunks)
    ):
        return Standing.REFUTED
    changed = not tensor.merges or _all_changed(tensor, chunks)
    return Standing.PROVED if changed else Standing.UNKNOWN


def _samples_right(tensor: PlannedTensor, chunks: Sequence[ChunkProof]) -> bool:
    sampled = (chunk.statistics for chunk in chunks if chunk.statistics.elements)
    statistics = sum(sampled, start=TensorStatistics())
    if tensor.action is Action.REPACK:
        return is_lost(statistics) or packed_outcome(statistics).outcome in AS_IT_SHOULD
    return not statistics.elements or outcome_of(statistics).outcome in AS_IT_SHOULD


def _all_changed(tensor: PlannedTensor, chunks: Sequence[ChunkProof]) -> bool:
    """Whether each part that an update changes by itself, such as an expert, has a tile that is not the base's."""
    row = tensor.nbytes // (tensor.source.elements // tensor.width)
    changed = [(chunk.begin // row, chunk.end // row) for chunk in chunks if chunk.changed]
    scaled = [
        (first * update.width // tensor.width, last * update.width // tensor.width)
        for update in tensor.updates
        for first, last in (update.rows,)
    ]
    return all(any(begin < last and first < end for begin, end in changed) for first, last in scaled)


def _is_as_judged(chunk: ChunkProof, written: TensorRecord, files: OpenFiles, cancel: CancelToken) -> bool:
    cancel.check()
    return all(stored_sum(files, written, begin, end) == total for begin, end, total in chunk.tiles)
