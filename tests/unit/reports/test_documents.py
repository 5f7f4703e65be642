"""Reports as documents: every number is there, names stay names, and nothing a report holds breaks a page."""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from folders import make_lora, make_sharded_model, request, write_json
from typer.testing import CliRunner, Result

from mergedesk.checkpoints.files import REPORT
from mergedesk.cli import commands as cli
from mergedesk.cli.output import ExitCode
from mergedesk.domain.merge_report import MergeReport, report_json
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import MergeRequest
from mergedesk.domain.units import human_bytes
from mergedesk.pipelines.merge import merge
from mergedesk.reports.document import report_document
from mergedesk.reports.document_parts import html_page, markdown
from mergedesk.reports.formats import ReportFormat, report_as

NAUGHTY = '<script>alert("1")</script> | `a` *b* [c](http://evil) & <img src=x onerror=y>'
CHINESE = "微调-模型"
VOID = {"meta", "link", "br", "img"}


class Page(HTMLParser):
    """A page as a browser takes it apart; an end tag that closes nothing, or the wrong thing, is an error."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, MergeReport]:
    """A real merge of folders with Chinese names, and its report."""
    home = tmp_path_factory.mktemp("merge") / CHINESE
    make_sharded_model(home / "base")
    make_lora(home / "adapter-适配器")
    asked = request(home / "base", home / "adapter-适配器", output=home / "合并")
    return home, merge(asked, lambda _: None, CancelToken())


@pytest.fixture(scope="module")
def stored(merged: tuple[Path, MergeReport]) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((merged[0] / "合并" / REPORT).read_text(encoding="utf-8"))
    return content


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(cli.app, ["report", *(str(argument) for argument in arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_base_s_header_hashes_are_those_of_its_files(merged: tuple[Path, MergeReport], stored: dict[str, Any]) -> None:
    assert len(stored["base_files"]) == 2
    for entry in stored["base_files"]:
        content = (merged[0] / "base" / entry["name"]).read_bytes()
        length = struct.unpack("<Q", content[:8])[0]
        assert entry == {
            "name": entry["name"],
            "bytes": len(content),
            "header_sha256": hashlib.sha256(content[8 : 8 + length]).hexdigest(),
        }


@pytest.mark.parametrize("write", [markdown, html_page])
def test_a_document_holds_every_input_check_and_file(stored: dict[str, Any], write: Any) -> None:
    text = write(report_document(stored))
    shown = Page(text).text if write is html_page else text.replace("\\", "")
    wanted = [one["message"] for one in stored["checks"] + stored["findings"]]
    wanted += [one["name"] for one in stored["files"] + stored["base_files"] + stored["adapters"]]
    wanted += [str(one["bytes"]) for one in stored["files"]] + [human_bytes(stored["total_bytes"])]
    wanted += [stored["adapters"][0]["sha256"], stored["base_files"][1]["header_sha256"], stored["versions"]["torch"]]
    wanted += ["PeftModelForCausalLM → LlamaForCausalLM", "合并", "Merged and verified", "14 of 14 matched"]
    assert [one for one in wanted if one not in shown] == []


def test_a_document_tells_no_path_of_this_computer(stored: dict[str, Any]) -> None:
    assert CHINESE not in json.dumps(stored, ensure_ascii=False), "it lies in a folder that is shared"
    for kind in (ReportFormat.MARKDOWN, ReportFormat.HTML):
        assert CHINESE not in report_as(stored, kind)


def test_the_page_is_whole_and_loads_nothing(stored: dict[str, Any]) -> None:
    page = Page(html_page(report_document(stored)))
    assert {tag for tag, _ in page.tags} == {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "p", "section", "h2", "div", "table", "thead",
        "tbody", "tr", "th", "td", "code", "figure", "svg", "desc", "g", "rect", "text",
    }  # fmt: skip
    assert not [attributes for _, attributes in page.tags if {"src", "href"} & set(attributes)]
    text = html_page(report_document(stored))
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text
    assert not re.search(r"url\(|@import|https?:", text)


def hostile(value: Any) -> Any:
    """The same report with every text turned nasty, except what the program looks up."""
    if isinstance(value, dict):
        return {key: inner if key in ("status", "code") else hostile(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [hostile(inner) for inner in value]
    return NAUGHTY if isinstance(value, str) else value


def test_hostile_names_stay_text_in_html(stored: dict[str, Any]) -> None:
    page = Page(html_page(report_document(hostile(stored))))
    assert not {"script", "img", "a"} & {tag for tag, _ in page.tags}
    assert "script> | `a` *b* [c](http://evil) & <img src=x onerror=y>" in page.text
    named = report_document({"output": "/x/a <script>b", "status": "merged"})
    assert "Merge report: a <script>b" in Page(html_page(named)).texts


def test_hostile_names_stay_text_in_markdown(stored: dict[str, Any]) -> None:
    before, after = (markdown(report_document(one)) for one in (stored, hostile(stored)))
    assert not re.search(r"<\w|(?<!\\)[`*\[]a|(?<!\\)\]\(|://", after)
    plain = {key: value for key, value in stored.items() if key != "modules_effect"}  # alike names share a row
    before, after = (markdown(report_document(one)) for one in (plain, hostile(plain)))
    columns = [len(re.findall(r"(?<!\\)\|", line)) for line in before.splitlines()]
    assert [len(re.findall(r"(?<!\\)\|", line)) for line in after.splitlines()] == columns


@pytest.mark.slow
@pytest.mark.parametrize(
    "value", [None, 5, -1, 1e400, 10**30, True, "x\n\r\t| y\x1b[2J", "\ud800", [], [[[1]]], {"a": {}}]
)
def test_a_report_of_any_content_becomes_a_document(stored: dict[str, Any], value: Any) -> None:
    fields = set(stored) | {"checks", "findings"}
    for name in fields:
        page = html_page(report_document({**stored, name: value}))
        Page(page).text.encode()
        text = markdown(report_document({**stored, name: value}))
        text.encode()
        assert "\x1b" not in page + text
    entries = {"checks": [{"data": {"a": value}, "code": value, "status": value}, value], "files": [{"bytes": value}]}
    Page(html_page(report_document({**stored, **entries})))


def test_a_failed_check_is_no_success(stored: dict[str, Any]) -> None:
    failed = {**stored, "checks": [*stored["checks"], {"code": "new_one", "status": "fail", "message": "No."}]}
    assert report_document(failed).verdict == "Not published: 1 check failed."
    assert '<td class="bad">failed</td><td>new_one</td><td>No.</td>' in html_page(report_document(failed))
    assert report_document({**stored, "status": "failed"}).verdict == "Not merged: failed."


def test_several_adapters_are_told_with_how_they_were_combined(stored: dict[str, Any]) -> None:
    two = {
        **stored,
        "adapters": stored["adapters"] * 2,
        "combination": {"method": "ties", "density": 0.3, "seed": None},
    }
    assert "Combined: method ties, density 0.3." in markdown(report_document(two))
    assert "Combined" not in markdown(report_document(stored))


# The command


def test_the_command_prints_and_writes(
    merged: tuple[Path, MergeReport], stored: dict[str, Any], tmp_path: Path
) -> None:
    folder = merged[0] / "合并"
    assert run(folder).stdout == report_as(stored, ReportFormat.MARKDOWN)
    assert json.loads(run(folder, "--format", "json").stdout) == stored
    result = run(folder, "--format", "html", "--output", tmp_path / "报告.html")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / "报告.html").read_text(encoding="utf-8") == report_as(stored, ReportFormat.HTML)


def test_the_stored_report_is_what_the_job_returned(merged: tuple[Path, MergeReport], stored: dict[str, Any]) -> None:
    returned = report_json(merged[1])
    for later in (
        "files",
        "total_bytes",
        "seconds",
        "stage_seconds",
        "peak_rss_bytes",
        "peak_rss_beyond_imports_bytes",
    ):
        returned.pop(later)
        stored = {key: value for key, value in stored.items() if key != later}
    assert json.loads(json.dumps(returned)) == {**stored, "output": str(merged[0] / stored["output"])}


@pytest.mark.parametrize("content", [None, b"[]", b"{broken", b"\xff\xfe"])
def test_a_folder_without_a_readable_report(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / REPORT).write_bytes(content)
    result = run(tmp_path)
    assert result.exit_code == ExitCode.FAILED
    assert result.stdout == ""
    assert ("no report" if content is None else REPORT) in result.stderr


def test_a_report_that_cannot_be_written(tmp_path: Path) -> None:
    write_json(tmp_path / REPORT, {"status": "merged"})
    result = run(tmp_path, "--output", tmp_path / "nowhere" / "report.md")
    assert result.exit_code == ExitCode.FAILED
    assert result.stderr.strip()


def test_a_console_of_few_letters(merged: tuple[Path, MergeReport]) -> None:
    result = CliRunner(charset="ascii").invoke(cli.app, ["report", str(merged[0] / "合并"), "--format", "html"])
    assert result.exit_code == 0
    assert "合并" in Page(result.stdout).text


def test_a_report_says_all_that_was_asked_for(stored: dict[str, Any]) -> None:
    """A field that is added to requests belongs into the report too, or nobody can do the same again."""
    elsewhere = {"base", "adapters", "output", "precision", "rounding", "combination"}
    assert elsewhere <= set(stored)
    of_no_weight = {"resume", "threads", "keep_base"}  # the bytes are the same
    spelt_as_ever = {"dequantize": "dequantise"}  # reports of earlier versions have it so
    asked = {spelt_as_ever.get(field.name, field.name) for field in fields(MergeRequest)}
    assert asked - of_no_weight == elsewhere | set(stored["options"])


def test_options_and_the_date_are_shown(stored: dict[str, Any]) -> None:
    assert abs(datetime.now(UTC) - datetime.fromisoformat(stored["finished"])) < timedelta(hours=1)
    asked = {"engine": "peft", "dequantise": True, "resize_vocabulary": False, "max_shard_size": 5 * 10**9}
    document = report_document({**stored, "options": asked, "finished": "2026-03-01T12:30:00+00:00"})
    facts = {row.cells[0]: row.cells[1] for section in document.sections for row in section.table.rows}
    assert facts["Finished"] == "2026-03-01 12:30:00 UTC"
    assert facts["Engine asked for"] == "peft"
    assert facts["Allowed"] == "dequantising the base"
    assert facts["Largest weight file"] == "5.00 GB"


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every number and text in a report, with the name it stands under."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, name)
    else:
        yield name, value


def test_what_the_json_says_stands_in_the_page_and_in_markdown(stored: dict[str, Any]) -> None:
    """Texts of every part; what is left out is said here, with the reason."""
    codes = {"code", "output", "reason", "base_model", "status"}  # for programs, private, or said in words
    page = Page(html_page(report_document(stored))).text
    shown = markdown(report_document(stored)).replace("\\", "")
    parts = {key: stored[key] for key in stored if key not in ("modules_effect", "combination", "options", "finished")}
    texts = {text for name, text in leaves(parts) if isinstance(text, str) and text and name not in codes}
    assert len(texts) > 30
    missing = {text for text in texts if text not in page and text not in _DRAWN}
    assert missing == set()
    assert {text for text in texts if text.isalnum() and text not in shown} <= _DRAWN


_DRAWN = {"info", "warning", "error"}
