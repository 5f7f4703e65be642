"""The list of past merges on the disk: whole records from several programs at once, bounded, private, and forgiving."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mergedesk.domain.findings import Code, UserError, error
from mergedesk.domain.job_list import JobState, QueuedJob
from mergedesk.domain.merge_record import Front, MergeRecord, ResultStanding
from mergedesk.domain.merge_report import MergeReport, MergeStatus, OutputFile
from mergedesk.domain.progress import Cancelled, CancelToken
from mergedesk.domain.requests import AdapterChoice, MergeRequest, VerifyRequest
from mergedesk.pipelines.history import store
from mergedesk.pipelines.history.recording import keep_job, kept_merge, record_of
from mergedesk.pipelines.history.whereabouts import whereabouts
from mergedesk.pipelines.queue.perform import JobEnd

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
ASKED = MergeRequest(Path("/base"), (AdapterChoice(Path("/adapter"), 0.7),), Path("/模型/out"), resume=True, threads=3)
RECORD = MergeRecord(NOW, ASKED, MergeStatus.MERGED, Front.WINDOW, (), 2.5, 7, "bfloat16", (1, 2))


def later(minutes: int, **more: object) -> MergeRecord:
    return replace(RECORD, when=NOW + timedelta(minutes=minutes), **more)  # type: ignore[arg-type]


def listed() -> list[MergeRecord]:
    return [*store.records().values()]


def files() -> list[Path]:
    return sorted(store.history_folder().iterdir())


def test_records_come_back_the_latest_first() -> None:
    assert listed() == []
    for minutes in (2, 1, 3):
        assert store.keep(later(minutes, findings=(error(Code.FOLDER_MISSING, path="/x"),)))
    assert [(record.when - NOW).seconds // 60 for record in listed()] == [3, 2, 1]
    assert listed()[0].findings == (error(Code.FOLDER_MISSING, path="/x"),)
    assert [*store.records(most=1).values()] == listed()[:1]


def test_only_the_person_may_read_them() -> None:
    store.keep(RECORD)
    (file,) = files()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_what_is_known_is_not_read_again() -> None:
    store.keep(RECORD)
    known = store.records()
    files()[0].write_text("nonsense")
    assert store.records(known) == known
    assert store.records() == {}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", "[" * 100_000, '{"when": 7}', '{"when":"2026-03-01T12:30:00"}', "\x00" * 100],
)
def test_what_is_no_record_is_passed_over(text: str) -> None:
    store.keep(RECORD)
    store.keep(later(1))
    files()[0].write_text(text, encoding="utf-8")
    assert [record.when for record in listed()] == [NOW + timedelta(minutes=1)]


def test_a_record_of_a_later_version_is_passed_over_and_one_with_more_in_it_read() -> None:
    store.keep(RECORD)
    (file,) = files()
    content = json.loads(file.read_text())
    file.write_text(json.dumps({**content, "colour": "blue"}))
    assert listed() == [RECORD]
    file.write_text(json.dumps({**content, "status": "half made"}))
    assert listed() == []


def test_other_files_in_the_folder_are_let_be() -> None:
    store.keep(RECORD)
    other = store.history_folder() / "notes.json"
    other.write_text("mine")
    assert listed() == [RECORD]
    store.forget(["notes.json", "../history/notes.json", files()[0].name])
    assert files() == [other]


def test_the_oldest_go_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_KEPT", 3)
    for minutes in (5, 1, 4, 2, 3):
        store.keep(later(minutes))
    assert [(record.when - NOW).seconds // 60 for record in listed()] == [5, 4, 3]
    assert len(files()) == 3


def test_nothing_is_kept_while_it_is_turned_off() -> None:
    store.keep(RECORD)
    store.keep_from_now_on(False)
    assert not store.keep(later(1))
    assert listed() == [RECORD], "what is in it stays"
    store.keep_from_now_on(True)
    assert store.keep(later(1))


def test_a_folder_that_takes_nothing_stops_nothing() -> None:
    store.history_folder().parent.mkdir(parents=True, exist_ok=True)
    store.history_folder().write_text("in the way")
    assert not store.keep(RECORD)
    assert listed() == []
    store.keep_from_now_on(False)
    store.forget(["20260301T123000000000-00000000.json"])


@pytest.mark.slow
def test_many_programs_write_at_once_and_no_reader_sees_half_of_one() -> None:
    code = (
        "import sys; from dataclasses import replace; from pathlib import Path;"
        "from mergedesk.domain.merge_record import *; from mergedesk.domain.requests import *; from datetime import *;"
        "from mergedesk.pipelines.history.store import keep\n"
        "for number in range(40): keep(MergeRecord(datetime.now(UTC), MergeRequest(Path('/b' * 300), (), "
        "Path(f'/{sys.argv[1]}/{number}')), MergeStatus.MERGED, Front.BATCH))"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(number)]) for number in range(4)]
    while any(writer.poll() is None for writer in writers):
        names = [file.name for file in store.history_folder().glob("[0-9]*.json")]
        assert store.records().keys() >= {*names}, "each is whole as soon as it has its name"
    assert [writer.wait() for writer in writers] == [0] * 4
    assert len({record.request.output for record in listed()}) == 160
    assert all(file.name[0] != "." for file in files()), "nothing half written is left"


# What of a merge is kept


def test_what_holds_for_one_attempt_is_not_kept(tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    asked = replace(ASKED, output=output, overwrite=True, base=Path("hf://owner/name"))
    report = MergeReport(MergeStatus.MERGED, output, files=(OutputFile("a", 5), OutputFile("b", 7)), seconds=3.0)
    kept = record_of(asked, report, Front.COMMAND)
    assert kept.request == replace(asked, overwrite=False, resume=False, threads=None)
    assert (kept.nbytes, kept.seconds, kept.precision) == (12, 3.0, "auto")
    assert kept.place == (output.stat().st_dev, output.stat().st_ino)
    packed = record_of(asked, replace(report, options={"output_format": "int4"}), Front.COMMAND)
    assert packed.precision == "int4"


def test_paths_are_kept_from_the_root_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report = MergeReport(MergeStatus.REFUSED, Path("out"), findings=(error(Code.FOLDER_MISSING, path="x"),))
    kept = record_of(MergeRequest(Path("base"), (AdapterChoice(Path("a")),), Path("out")), report, Front.COMMAND)
    assert kept.request.base == tmp_path / "base"
    assert kept.request.adapters[0].folder == tmp_path / "a"
    assert kept.request.output == tmp_path / "out"


def test_no_secret_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_SERVICE_TOKEN", "correct horse battery")
    reason = "401 for hf_abcdefghijklmnopqrstuvwx, sent correct horse battery to someone@example.org"
    report = MergeReport(MergeStatus.FAILED, Path("/out"), findings=(error(Code.INTERNAL, reason=reason),))
    store.keep(record_of(ASKED, report, Front.COMMAND))
    text = files()[0].read_text()
    assert "401 for" in text
    for secret in ("hf_abc", "correct horse", "someone@"):
        assert secret not in text


def test_every_end_of_a_merge_is_kept() -> None:
    def merge(request: MergeRequest, _report: object, _cancel: object) -> MergeReport:
        if request.output.name == "cancelled":
            raise Cancelled
        if request.output.name == "broken":
            raise UserError(Code.FOLDER_MISSING, path="/base")
        return MergeReport(MergeStatus(request.output.name), request.output)

    for name in ("merged", "refused", "failed", "cancelled", "broken"):
        try:
            kept_merge(merge, Front.WINDOW)(replace(ASKED, output=Path("/", name)), lambda _: None, CancelToken())
        except (Cancelled, UserError):
            assert name in ("cancelled", "broken")
    found = {record.request.output.name: record.status.value for record in listed()}
    assert found == {name: name for name in ("merged", "refused", "failed", "cancelled")} | {"broken": "failed"}


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (JobState.REFUSED, MergeStatus.REFUSED),
        (JobState.CANCELLED, MergeStatus.CANCELLED),
        (JobState.FAILED, MergeStatus.FAILED),
        (JobState.INTERRUPTED, MergeStatus.FAILED),
    ],
)
def test_jobs_without_a_report_are_kept(state: JobState, status: MergeStatus) -> None:
    why = error(Code.FOLDER_MISSING, path="/x")
    keep_job(QueuedJob(1, ASKED), JobEnd(state, (why,)), Front.BATCH)
    keep_job(QueuedJob(2, VerifyRequest(Path("/b"), (), Path("/m"))), JobEnd(state), Front.BATCH)
    (kept,) = listed()
    assert (kept.status, kept.front, kept.findings) == (status, Front.BATCH, (why,))


# Where results are


def made(folder: Path) -> tuple[int, int]:
    folder.mkdir(parents=True)
    (folder / "mergedesk-report.json").write_text("{}")
    return folder.stat().st_dev, folder.stat().st_ino


def of(output: Path, **more: object) -> MergeRecord:
    return replace(RECORD, request=replace(ASKED, output=output), **more)  # type: ignore[arg-type]


def test_results_are_there_moved_replaced_or_gone(tmp_path: Path) -> None:
    here = {name: made(tmp_path / "home" / name) for name in ("stays", "renamed", "lifted", "twice")}
    (tmp_path / "home" / "renamed").rename(tmp_path / "home" / "other")
    (tmp_path / "home" / "lifted").rename(tmp_path / "lifted")
    records = {
        "twice": of(tmp_path / "home" / "twice", place=here["twice"]),
        "before": of(tmp_path / "home" / "twice", place=(1, 1)),
        **{name: of(tmp_path / "home" / name, place=here[name]) for name in ("stays", "renamed", "lifted")},
        "gone": of(tmp_path / "home" / "gone", place=(1, 1)),
        "unknown place": of(tmp_path / "nowhere" / "gone", place=None),
        "refused": of(tmp_path / "home" / "stays", status=MergeStatus.REFUSED),
    }
    found = {name: (one.standing, one.folder and one.folder.name) for name, one in whereabouts(records).items()}
    assert found == {
        "twice": (ResultStanding.THERE, "twice"),
        "before": (ResultStanding.REPLACED, None),
        "stays": (ResultStanding.THERE, "stays"),
        "renamed": (ResultStanding.MOVED, "other"),
        "lifted": (ResultStanding.MOVED, "lifted"),
        "gone": (ResultStanding.GONE, None),
        "unknown place": (ResultStanding.GONE, None),
        "refused": (ResultStanding.NONE, None),
    }
