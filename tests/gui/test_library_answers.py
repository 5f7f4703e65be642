"""What the libraries say of a merge, asked from the window's preflight: once, in bounds, and in a worker process."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from folders import llama_tensors, make_lora, make_model, the
from window_helpers import ADAPTER, BASE

from mergedesk.domain.findings import Code, Finding, Severity, error
from mergedesk.domain.progress import Cancelled, CancelToken
from mergedesk.domain.requests import AdapterChoice, CheckRequest
from mergedesk.support.failures import Failed, failure_of
from mergedesk_gui.jobs.engine_api import EngineApi, engine
from mergedesk_gui.jobs.library_answers import LibraryAnswers
from mergedesk_gui.state.form import Form
from mergedesk_gui.state.inspection import inspect

SAID = (error(Code.WEIGHTS_ABSENT, names=["x"], count=1),)
NORM = "model.norm.weight"


@pytest.fixture
def doubtful(tmp_path: Path) -> CheckRequest:
    """A pair of which headers do not tell whether the base is whole: it lacks a weight of its class."""
    tensors = {name: tensor for name, tensor in llama_tensors().items() if name != NORM}
    base = make_model(tmp_path / "base", tensors)
    return CheckRequest(base, (AdapterChoice(make_lora(tmp_path / "adapter")),))


class Asked(list[CheckRequest]):
    """Notes what it is asked."""

    def __call__(self, request: CheckRequest, cancel: CancelToken) -> Sequence[Finding]:
        self.append(request)
        return SAID


def test_the_same_inputs_are_asked_about_once(doubtful: CheckRequest, tmp_path: Path) -> None:
    asked = Asked()
    answers = LibraryAnswers(asked)
    for output in (None, tmp_path / "a", tmp_path / "ab"):
        assert SAID[0] in answers(replace(doubtful, output=output), CancelToken())
    assert asked == [doubtful]
    (doubtful.base / "added.txt").write_text("x")
    answers(doubtful, CancelToken())
    assert len(asked) == 2


def test_where_headers_tell_enough_nothing_is_asked(doubtful: CheckRequest, tmp_path: Path) -> None:
    asked = Asked()
    whole = make_model(tmp_path / "whole")
    assert Code.WEIGHTS_ABSENT not in {
        one.code for one in LibraryAnswers(asked)(replace(doubtful, base=whole), CancelToken())
    }
    assert asked == []


@pytest.mark.parametrize("trouble", [Failed(failure_of(ValueError("odd"))), Cancelled()])
def test_what_ends_without_an_answer_says_nothing_and_is_asked_again(
    trouble: Exception, doubtful: CheckRequest
) -> None:
    troubles: Iterator[Exception | None] = iter([trouble, None])

    def ask(_request: CheckRequest, _cancel: CancelToken) -> Sequence[Finding]:
        if raised := next(troubles):
            raise raised
        return SAID

    answers = LibraryAnswers(ask)
    assert SAID[0] not in answers(doubtful, CancelToken())
    assert SAID[0] in answers(doubtful, CancelToken())


def test_it_does_not_wait_for_ever(doubtful: CheckRequest) -> None:
    def ask(_request: CheckRequest, cancel: CancelToken) -> Sequence[Finding]:
        while True:
            cancel.check()
            time.sleep(0.01)

    started = time.monotonic()
    assert SAID[0] not in LibraryAnswers(ask, seconds=0.2)(doubtful, CancelToken())
    assert time.monotonic() - started < 5


def test_it_is_part_of_the_preflight_that_the_window_shows() -> None:
    from window_fakes import FakeEngine

    shown = []
    backend: EngineApi = FakeEngine().backend(ask_libraries=lambda _request, _cancel: SAID)
    inspect(backend, Form(base=BASE, adapters=(AdapterChoice(ADAPTER),)), shown.append)
    assert SAID[0] in shown[-1].findings


@pytest.mark.slow
def test_a_worker_process_is_asked(doubtful: CheckRequest) -> None:
    api = engine()
    try:
        said = api.ask_libraries(replace(doubtful, output=doubtful.base.parent / "out"), CancelToken())
    finally:
        api.close()
    absent = the(said, Code.WEIGHTS_ABSENT)
    assert absent.severity is Severity.ERROR
    assert absent.data["names"] == [NORM]
