"""The command line: the same job as the window, for scripts.

With no command it opens the window. JSON goes to stdout, progress and everything else to stderr.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from .. import __version__
from ..deployment.usage import usage_json, usage_of
from ..domain.errors import UserError
from ..domain.findings import Code, Finding
from ..domain.merge_report import MergeReport, MergeStatus, cancelled_json, json_text, report_json
from ..domain.progress import Cancelled, CancelToken
from ..domain.requests import (
    AdapterChoice,
    CombinationMethod,
    Engine,
    MajoritySign,
    MergeRequest,
    Precision,
    VerifyRequest,
)
from ..domain.verdict import Verdict, VerifyStatus, verdict_json
from ..inference.trial import ALL_SIDES, Side, Trial, TrialRequest, UnmergedLoading
from ..inspection.inspect_folder import FolderKind, inspect_folder
from ..output.companions import write_text
from ..pipelines import merge as job
from ..pipelines import verify as proving
from ..pipelines.trial import try_it
from ..pipelines.verify_logits import with_logits
from ..reports.formats import ReportFormat, read_report, report_as
from .errors import unexpected_errors_logged
from .json_output import preflight_json, recognition_json
from .launch import open_window
from .rendering import Console, print_preflight, print_recognition, print_report, print_verdict
from .trial_rendering import Printer, print_trial, trial_json
from .usage_rendering import modelfile_text, print_usage
from .values import command_with_base, parse_adapter, parse_combination, parse_size
from .words import finding_message, say


class ExitCode(IntEnum):
    """What the shell is told."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    VERIFICATION_FAILED = 4
    CANCELLED = 130


app = typer.Typer(
    add_completion=False,
    help="Fold a PEFT adapter into its base model, and prove that the result is right.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

BaseOption = Annotated[Path, typer.Option("--base", help="Folder of the base model.", metavar="DIR")]
AdapterOption = Annotated[
    list[str], typer.Option("--adapter", help="Folder of an adapter, =WEIGHT for its strength.", metavar="DIR[=WEIGHT]")
]
OutputOption = Annotated[Path, typer.Option("--output", help="Folder to write; must be new or empty.", metavar="DIR")]
CombineOption = Annotated[
    CombinationMethod, typer.Option("--combine", help="How several adapters become one; cat adds their deltas.")
]
DensityOption = Annotated[
    float | None, typer.Option("--density", help="Fraction of values that TIES, DARE and pruning keep.", metavar="0.5")
]
SignOption = Annotated[
    MajoritySign | None, typer.Option("--majority-sign", help="How TIES elects a sign: by sum or by count.")
]
SeedOption = Annotated[int | None, typer.Option("--seed", help="Seed of what DARE drops.", metavar="0")]
DequantizeOption = Annotated[
    bool, typer.Option("--dequantize", help="Turn a quantised base back into 16-bit weights, its errors included.")
]
ResizeOption = Annotated[
    bool, typer.Option("--resize-vocabulary", help="Give embeddings and head as many rows as the adapter has.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]


def main() -> None:
    """The ``mergedesk`` command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # names that a console cannot show are no reason to stop
            stream.reconfigure(errors="backslashreplace")
    with unexpected_errors_logged():
        app()


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mergedesk {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def window(
    context: typer.Context,
    base: Annotated[Path | None, typer.Option(help="Fill in the base model's folder.", metavar="DIR")] = None,
    adapter: Annotated[
        list[str] | None,
        typer.Option(help="Fill in an adapter's folder, =WEIGHT for its strength.", metavar="DIR[=WEIGHT]"),
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Fill in the output folder.", metavar="DIR")] = None,
    merged: Annotated[
        Path | None, typer.Option(help="Open the window to check this merged folder.", metavar="DIR")
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """With no command, open the window."""
    if context.invoked_subcommand is None:
        raise typer.Exit(open_window(base, _adapters(adapter or []), output, merged))


@app.command()
def inspect(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Any folder.")], as_json: JsonOption = False
) -> None:
    """Say what a folder is."""
    folder_info = inspect_folder(folder)
    if as_json:
        _print_json(recognition_json(folder_info))
    else:
        print_recognition(folder_info)
    if folder_info.kind is FolderKind.MISSING:
        raise typer.Exit(ExitCode.FAILED)


@app.command()
def check(
    base: BaseOption,
    adapter: AdapterOption,
    output: Annotated[Path | None, typer.Option("--output", help="Folder to be written.", metavar="DIR")] = None,
    precision: Annotated[Precision, typer.Option(help="Precision of the result.")] = Precision.AUTO,
    engine: Annotated[Engine, typer.Option(help="How weights are merged.")] = Engine.AUTO,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Allow replacing a model in DIR.")] = False,
    combine: CombineOption = CombinationMethod.CAT,
    density: DensityOption = None,
    majority_sign: SignOption = None,
    seed: SeedOption = None,
    dequantize: DequantizeOption = False,
    resize_vocabulary: ResizeOption = False,
    as_json: JsonOption = False,
) -> None:
    """Check two folders without merging them."""
    how = _usage(parse_combination, combine, density, majority_sign, seed)
    request = MergeRequest(
        base,
        _adapters(adapter),
        output,
        precision,
        engine,
        overwrite=overwrite,
        combination=how,
        dequantize=dequantize,
        resize_vocabulary=resize_vocabulary,
    )
    preflight = job.check(request)
    if as_json:
        _print_json(preflight_json(preflight))
    else:
        print_preflight(preflight)
        _name_original(preflight.findings)
    raise typer.Exit(ExitCode.REFUSED if preflight.refused else ExitCode.DONE)


@app.command()
def merge(
    base: BaseOption,
    adapter: AdapterOption,
    output: OutputOption,
    precision: Annotated[Precision, typer.Option(help="Precision of the result.")] = Precision.AUTO,
    engine: Annotated[Engine, typer.Option(help="How weights are merged.")] = Engine.AUTO,
    max_shard_size: Annotated[
        str | None, typer.Option(help="Split weights into files of at most this size.", metavar="5GB")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Allow replacing a model in DIR.")] = False,
    combine: CombineOption = CombinationMethod.CAT,
    density: DensityOption = None,
    majority_sign: SignOption = None,
    seed: SeedOption = None,
    dequantize: DequantizeOption = False,
    resize_vocabulary: ResizeOption = False,
    as_json: JsonOption = False,
) -> None:
    """Merge, verify and publish."""
    size = _usage(parse_size, max_shard_size) if max_shard_size else None
    request = MergeRequest(
        base,
        _adapters(adapter),
        output,
        precision,
        engine,
        size,
        overwrite,
        _usage(parse_combination, combine, density, majority_sign, seed),
        dequantize,
        resize_vocabulary,
    )
    try:
        report = run_with_progress(request)
    except Cancelled:
        _end_cancelled(output, as_json)
    if as_json:
        _print_json(report_json(report))
    else:
        print_report(report)
        _name_original(report.findings)
    raise typer.Exit(exit_code(report))


@app.command("report")
def show_report(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that MergeDesk merged.")],
    as_what: Annotated[ReportFormat, typer.Option("--format", help="What to write.")] = ReportFormat.MARKDOWN,
    output: Annotated[Path | None, typer.Option("--output", help="File to write.", metavar="FILE")] = None,
) -> None:
    """Show the report of a merged folder again, or save it."""
    _show_or_write(lambda: report_as(read_report(folder), as_what), output)


@app.command()
def usage(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of a merged model.")],
    as_json: JsonOption = False,
) -> None:
    """Say how to use a merged folder elsewhere, and what in it would break there."""
    found = usage_of(folder)
    if as_json:
        _print_json(usage_json(found))
    else:
        print_usage(found)
    if not found.tools:
        raise typer.Exit(ExitCode.FAILED)


@app.command()
def modelfile(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of a merged model.")],
    output: Annotated[Path | None, typer.Option("--output", help="File to write.", metavar="FILE")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Allow replacing FILE.")] = False,
) -> None:
    """Make a Modelfile for Ollama: show it, or write it."""
    _show_or_write(lambda: modelfile_text(folder, output, overwrite=overwrite), output)


def _show_or_write(make: Callable[[], str], output: Path | None) -> None:
    try:
        text = make()
        if output is None:
            _print_text(text)
        else:
            write_text(output, text)
    except UserError as trouble:
        typer.echo(finding_message(trouble.finding()), err=True)
        raise typer.Exit(ExitCode.FAILED) from trouble


@app.command()
def verify(
    base: BaseOption,
    adapter: AdapterOption,
    merged: Annotated[Path, typer.Option("--merged", help="Folder that should be their merge.", metavar="DIR")],
    quick: Annotated[bool, typer.Option("--quick", help="Look at samples of every tensor, not all rows.")] = False,
    logits: Annotated[bool, typer.Option("--logits", help="Run the models too, and compare their outputs.")] = False,
    combine: CombineOption = CombinationMethod.CAT,
    density: DensityOption = None,
    majority_sign: SignOption = None,
    seed: SeedOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove or refute a merge that any tool made."""
    how = _usage(parse_combination, combine, density, majority_sign, seed)
    request = VerifyRequest(base, _adapters(adapter), merged, quick, how)
    cancel = CancelToken()
    try:
        with _ctrl_c_cancels(cancel), Console() as console:
            verdict = proving.verify(request, console.show, cancel)
            if logits:
                verdict = with_logits(verdict, request, console.show, cancel)
    except Cancelled:
        verdict = Verdict(VerifyStatus.CANCELLED, merged, quick=quick)
    if as_json:
        _print_json(verdict_json(verdict))
    else:
        print_verdict(verdict)
    raise typer.Exit(verdict_code(verdict))


@app.command("try")
def try_out(
    base: BaseOption,
    adapter: AdapterOption,
    prompt: Annotated[str, typer.Option("--prompt", help="What the models are asked.", metavar="TEXT")],
    merged: Annotated[Path | None, typer.Option("--merged", help="Folder of the merged model.", metavar="DIR")] = None,
    loading: Annotated[
        UnmergedLoading, typer.Option("--loading", help="How base and adapter are loaded unmerged.")
    ] = UnmergedLoading.PEFT_MODEL,
    precision: Annotated[Precision, typer.Option(help="Precision to compute in.")] = Precision.AUTO,
    max_tokens: Annotated[int, typer.Option("--max-tokens", min=1, help="Longest answer, in tokens.")] = 128,
    device: Annotated[str, typer.Option("--device", help="Where to compute: cpu, cuda:0, mps.")] = "cpu",
    as_json: JsonOption = False,
) -> None:
    """Ask base, base with adapter, and merged model the same, and show their answers side by side."""
    sides = tuple(side for side in ALL_SIDES if merged or side is not Side.MERGED)
    request = TrialRequest(base, _adapters(adapter), merged, prompt, sides, loading, device, precision, max_tokens)
    cancel, printer = CancelToken(), Printer()
    with _ctrl_c_cancels(cancel):
        trial = try_it(request, (lambda _: None) if as_json else printer.show, lambda _: None, cancel)
    if as_json:
        _print_json(trial_json(trial))
    else:
        print_trial(trial)
    raise typer.Exit(trial_code(trial, cancel))


def trial_code(trial: Trial, cancel: CancelToken) -> ExitCode:
    """How the shell is told of a finished trial: some answer is enough."""
    if cancel.cancelled:
        return ExitCode.CANCELLED
    if not trial.answers:
        return ExitCode.REFUSED
    return ExitCode.FAILED if all(one.trouble for one in trial.answers) else ExitCode.DONE


def verdict_code(verdict: Verdict) -> ExitCode:
    """How the shell is told of a finished proof."""
    if verdict.status is VerifyStatus.PROVED:
        return ExitCode.DONE if verdict.matches else ExitCode.VERIFICATION_FAILED
    codes = {VerifyStatus.REFUSED: ExitCode.REFUSED, VerifyStatus.CANCELLED: ExitCode.CANCELLED}
    return codes.get(verdict.status, ExitCode.FAILED)


@app.command()
def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Merge without a screen and save a picture.")] = False,
) -> None:
    """Make the demo model, then open the window on it (or merge at once where there is no screen)."""
    from importlib import import_module

    run: Any = import_module("mergedesk_gui.demo.command").run
    try:
        code = run(headless=headless)
    except UserError as trouble:
        typer.echo(finding_message(trouble.finding()), err=True)
        code = ExitCode.FAILED
    raise typer.Exit(int(code))


def _name_original(findings: Sequence[Finding]) -> None:
    """Where a quantised base's 16-bit original is on this computer, the same command with it."""
    for finding in findings:
        if finding.code is Code.ORIGINAL_FOUND:
            command = command_with_base(sys.argv[1:], str(finding.data["path"]))
            typer.echo(f"{say('with_original')}\n  {command}", err=True)


def exit_code(report: MergeReport) -> ExitCode:
    """How the shell is told of a finished job."""
    if report.status is MergeStatus.MERGED:
        return ExitCode.DONE
    if report.status is MergeStatus.REFUSED:
        return ExitCode.REFUSED
    failed = any(finding.code is Code.VERIFICATION_FAILED for finding in report.findings)
    return ExitCode.VERIFICATION_FAILED if failed else ExitCode.FAILED


def run_with_progress(request: MergeRequest) -> MergeReport:
    """Run the job with a progress bar on stderr; Ctrl+C cancels it cleanly. Raises Cancelled."""
    cancel = CancelToken()
    with _ctrl_c_cancels(cancel), Console() as console:
        return job.merge(request, console.show, cancel)


@contextmanager
def _ctrl_c_cancels(cancel: CancelToken) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        cancel.cancel()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_cancelled(output: Path, as_json: bool) -> None:
    if as_json:
        _print_json(cancelled_json(output))
    typer.echo(say("nothing_kept"), err=True)
    raise typer.Exit(ExitCode.CANCELLED)


def _adapters(given: Sequence[str]) -> tuple[AdapterChoice, ...]:
    return tuple(_usage(parse_adapter, text) for text in given)


def _usage(parse: Any, *given: Any) -> Any:
    try:
        return parse(*given)
    except ValueError as trouble:
        raise typer.BadParameter(str(trouble)) from trouble


def _print_text(text: str) -> None:
    """What the console cannot show becomes a character reference, which both HTML and Markdown understand."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "xmlcharrefreplace").decode(encoding))


def _print_json(content: dict[str, Any]) -> None:
    sys.stdout.write(json_text(content, encoding=sys.stdout.encoding or "utf-8") + "\n")
