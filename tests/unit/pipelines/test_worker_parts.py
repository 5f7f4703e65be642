"""The worker's messages, its thinned progress, and what is told of a process that ended."""

from __future__ import annotations

import dataclasses
import sys
import types
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mergedesk.domain.findings import Code
from mergedesk.domain.progress import Progress, Stage
from mergedesk.domain.requests import AdapterChoice, MergeRequest, VerifyRequest
from mergedesk.inference.trial import Piece, Side
from mergedesk.pipelines.hub_merge import hub_merge
from mergedesk.pipelines.worker.ending import before, ended_by, kept_of
from mergedesk.pipelines.worker.jobs import JOBS, Job, MessageKind, WorkerMessage, decode, encode
from mergedesk.pipelines.worker.loop import RUNS, _Readings
from mergedesk.runtime import memory as counters
from mergedesk.runtime.codec import from_plain, to_plain
from mergedesk.support.failures import Failure

DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
PLAIN: Mapping[Any, st.SearchStrategy[Any]] = {
    type(None): st.none(),
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(),
    str: st.text(max_size=12),
    Any: DATA,
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Every value that a type can hold, as far as the program's data has it."""
    if kind in PLAIN:
        return PLAIN[kind]
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of([values_of(one) for one in get_args(kind)])
    if get_origin(kind) is tuple:
        return _tuples(get_args(kind))
    if get_origin(kind) is not None:  # a mapping
        return st.dictionaries(st.text(max_size=6), values_of(get_args(kind)[1]), max_size=2)
    if issubclass(kind, StrEnum):
        return st.sampled_from(list(kind))
    if issubclass(kind, Path):
        return st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=8).map(
            lambda text: Path("/m") / text
        )
    return _dataclasses(kind)


def _tuples(kinds: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if kinds[-1] is Ellipsis:
        return st.lists(values_of(kinds[0]), max_size=2).map(tuple)
    return st.tuples(*map(values_of, kinds))


def _dataclasses(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: values_of(hints[field.name]) for field in dataclasses.fields(kind)})


TYPES = dict.fromkeys((Failure, *(kind for job in JOBS.values() for kind in (job.question, job.answer, *job.pieces))))


@pytest.mark.slow
@pytest.mark.parametrize("kind", TYPES, ids=str)
@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_whatever_is_asked_and_answered_goes_over_a_line(kind: Any, data: st.DataObject) -> None:
    value = data.draw(values_of(kind))
    line = encode(WorkerMessage(MessageKind.ANSWER, 3, "x", to_plain(value)))
    assert line.count(b"\n") == 1
    message = decode(line)
    assert (message.kind, message.number) == (MessageKind.ANSWER, 3)
    assert repr(from_plain(message.body, kind)) == repr(value), "repr, since a NaN is not equal to itself"


@pytest.mark.parametrize("line", [b"", b"{", b"print\n", b'{"kind":"joke"}\n', b"[1]\n", b"\xff\n"])
def test_what_is_no_message_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(line)


def test_every_job_is_registered_under_its_name() -> None:
    import mergedesk.pipelines.worker.jobs as module

    made = {one.name: one for one in vars(module).values() if isinstance(one, Job)}
    assert made == JOBS
    assert RUNS.keys() == JOBS.keys()


class Outbox:
    """Keeps what is sent, and gives the time."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.now = 0.0

    def send(self, message: WorkerMessage) -> None:
        self.sent.append(message.body if message.name == "Piece" else message.body["done_bytes"])


def test_of_many_readings_a_few_go_over_and_the_last_of_each_stage() -> None:
    box = Outbox()
    readings = _Readings(1, box, lambda: box.now)  # type: ignore[arg-type]
    for stage in (Stage.MERGE, Stage.VERIFY):
        for done in range(1000):
            box.now += 0.001
            readings.publish(Progress(stage, done, 1000))
    readings.flush()
    readings.flush()
    assert box.sent.count(999) == 2
    assert 36 <= len(box.sent) <= 44
    halves = box.sent[: box.sent.index(999) + 1], box.sent[box.sent.index(999) + 1 :]
    assert all(half == sorted(half) for half in halves)


def test_no_piece_of_an_answer_is_left_out() -> None:
    box = Outbox()
    readings = _Readings(1, box, lambda: 0.0)  # type: ignore[arg-type]
    for number in range(100):
        readings.publish(Piece(Side.BASE, str(number)))
    assert [one["text"] for one in box.sent] == [str(number) for number in range(100)]


# --- What ended a process ---------------------------------------------------------------------------------------------

NOTHING = before(None)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("exit_code", "code", "said"),
    [
        (-9, Code.WORKER_KILLED, "SIGKILL"),
        (-15, Code.WORKER_KILLED, "SIGTERM"),
        (-7, Code.WORKER_LOST_FILE, "SIGBUS"),
        (-11, Code.WORKER_CRASHED, "SIGSEGV"),
        (-6, Code.WORKER_CRASHED, "SIGABRT"),
        (-60, Code.WORKER_KILLED, "60"),
        (0xC0000005, Code.WORKER_CRASHED, "access violation"),
        (0xC0000006, Code.WORKER_LOST_FILE, "in-page error"),
        (0xC000012D, Code.WORKER_OUT_OF_MEMORY, "commitment limit"),
        (0, Code.WORKER_EXITED, None),
        (1, Code.WORKER_EXITED, None),
    ],
)
def test_what_an_exit_code_says(exit_code: int, code: Code, said: str | None) -> None:
    finding = ended_by(exit_code, NOTHING)
    assert finding.code is code
    assert finding.data.get("signal") == said


def test_the_kernel_s_counters_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    groups, vmstat, cgroup = tmp_path / "groups", tmp_path / "vmstat", tmp_path / "cgroup"
    (groups / "user" / "app").mkdir(parents=True)
    (groups / "user" / "app" / "memory.events").write_text("low 0\noom 9\noom_kill 2\noom_group_kill 0\n")
    (groups / "user" / "memory.events").write_text("oom_kill 5\n")
    vmstat.write_text("pgfault 12\noom_kill 11\n")
    cgroup.write_text("1:memory:/x\n0::/user/app\n")
    monkeypatch.setattr(counters, "_GROUPS", groups)
    monkeypatch.setattr(counters, "_OF_THE_SYSTEM", vmstat)
    monkeypatch.setattr(counters, "_CGROUP", cgroup)
    assert counters.oom_kills() == (2, 5, 11)
    cgroup.unlink()
    vmstat.unlink()
    assert counters.oom_kills() == ()


def request_for(output: Path | None) -> MergeRequest:
    return MergeRequest(Path("base"), (AdapterChoice(Path("lora")),), output)


def test_what_was_kept_is_seen_by_which_folder_is_there(tmp_path: Path) -> None:
    output = tmp_path / "out"
    request = hub_merge(request_for(output))
    was = before(request)
    assert kept_of(request, was).code is Code.WORKER_LEFT_NOTHING  # type: ignore[union-attr]
    output.mkdir()
    (output / "file").touch()
    assert kept_of(request, was).code is Code.WORKER_LEFT_RESULT  # type: ignore[union-attr]
    was = before(request)
    assert kept_of(request, was).code is Code.WORKER_LEFT_OLD  # type: ignore[union-attr]
    output.rename(tmp_path / "away")
    output.mkdir()
    (output / "file").touch()
    assert kept_of(request, was).code is Code.WORKER_LEFT_RESULT  # type: ignore[union-attr]
    assert kept_of(VerifyRequest(output, (), output), was) is None
