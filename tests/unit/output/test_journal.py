"""What a journal says of a run that ended, and how little of it is read to know whether it says anything."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from mergedesk.output import journal
from mergedesk.output.journal import has_work, read_journal
from mergedesk.output.staging_folder import StagingFolder

HEADER = {"plan": "p", "inputs": {"/base": [3, 4, "d"]}}
ADAPTERS = {"adapters": {"/adapter": "hash"}}
SYNCED = {"synced": [0, 1]}
SINCE = "this boot"


def written(index: int, since: str = SINCE, stats: object = None) -> dict[str, Any]:
    return {"written": [[index, stats]], "since": since}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StagingFolder:
    monkeypatch.setattr(journal, "since_mounted", lambda _folder: SINCE)
    home = StagingFolder(tmp_path)
    home.model.mkdir()
    return home


def note(home: StagingFolder, lines: Sequence[Mapping[str, Any]]) -> None:
    home.journal.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


@pytest.mark.parametrize(
    "lines",
    [
        [HEADER, ADAPTERS, written(0), written(1)],
        [HEADER, written(0), written(1), ADAPTERS],
        [HEADER, ADAPTERS, written(0, "another"), written(1, "another"), SYNCED, written(2, "another")],
        [HEADER, written(0, "another"), written(1, "another"), SYNCED, ADAPTERS],
        [HEADER, ADAPTERS, SYNCED],
        [HEADER, written(0), SYNCED],
        [written(0), ADAPTERS],
        [{"plan": "p"}, ADAPTERS, written(0)],
        [HEADER, ADAPTERS, {"written": 3}],
    ],
)
def test_there_is_work_exactly_where_something_can_be_gone_on_with(
    lines: list[Mapping[str, Any]], home: StagingFolder
) -> None:
    """At every end that a run may have had, also within a line."""
    text = "".join(json.dumps(line) + "\n" for line in lines)
    for end in range(len(text) + 1):
        home.journal.write_text(text[:end], encoding="utf-8")
        assert has_work(home) == bool(read_journal(home).done), text[:end]


def test_work_shows_without_reading_on(home: StagingFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    note(home, [HEADER, written(0), ADAPTERS, *(written(index) for index in range(1, 500))])
    parsed: list[bytes] = []
    real = journal._parsed
    monkeypatch.setattr(journal, "_parsed", lambda line: parsed.append(line) or real(line))
    assert has_work(home)
    assert len(parsed) == 3
    assert len(read_journal(home).done) == 500


def test_work_without_a_model_is_none(home: StagingFolder) -> None:
    note(home, [HEADER, ADAPTERS, written(0)])
    assert has_work(home)
    home.model.rmdir()
    assert not has_work(home)


def test_numbers_that_json_does_not_have_are_read(home: StagingFolder) -> None:
    note(home, [HEADER, ADAPTERS, written(0, stats=[float("inf"), 10**30]), written(1, stats=[1.5])])
    assert read_journal(home).done == {0: [float("inf"), 10**30], 1: [1.5]}


def test_what_lies_before_a_torn_line_counts(home: StagingFolder) -> None:
    note(home, [HEADER, ADAPTERS, written(0)])
    whole = home.journal.stat().st_size
    with home.journal.open("ab") as stream:
        stream.write(b'{"written":[[1,nu')
    content = read_journal(home)
    assert (set(content.done), content.nbytes) == ({0}, whole)


def test_no_journal_is_no_work(home: StagingFolder) -> None:
    assert not has_work(home)
    assert read_journal(home) == journal.JournalContent()
