"""``mergedesk verify-export``: prove or refute that a GGUF file is a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...domain.gguf_export import GgufVerdict, VerifyGgufRequest, gguf_verdict_json
from ...domain.packed_export import ExportStatus
from ...pipelines.verify_export import verify_export as run_verify
from ..gguf_files import AnswerOption, PromptOption, cancellable, print_gguf_verdict, verdict_code
from ..options import JsonOption
from ..output import print_json, told


def verify_export(
    file: Annotated[Path, typer.Argument(metavar="GGUF", help="A GGUF file, whatever made it.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the model that it should be.")],
    prompt: PromptOption = "",
    answer: AnswerOption = True,
    as_json: JsonOption = False,
) -> None:
    """Prove or refute that a GGUF file is a model: its weights, its words, its answers."""
    request = VerifyGgufRequest(file.absolute(), folder.absolute(), prompt, answer)
    cancelled = GgufVerdict(ExportStatus.CANCELLED, file)
    verdict = cancellable(lambda show, cancel: run_verify(request, show, cancel), cancelled)
    with told(verdict_code(verdict)):
        if as_json:
            print_json(gguf_verdict_json(verdict))
        else:
            print_gguf_verdict(verdict)
