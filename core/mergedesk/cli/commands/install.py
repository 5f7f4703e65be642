"""``mergedesk ollama`` and ``mergedesk lm-studio``: a model handed to a program on this computer that runs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ...deployment.create_in_ollama import OllamaModel, OllamaRequest, create_in_ollama
from ...deployment.lay_into_lm_studio import lay_into_lm_studio
from ...domain.findings import UserError
from ...domain.json_objects import as_json as as_json_value
from ...domain.progress import Cancelled, CancelToken
from ..fetching import end_failed, local
from ..interrupt import ctrl_c_cancels
from ..options import FolderArgument, FollowLinksOption, JsonOption
from ..output import ExitCode, print_json, told
from ..words import say

GgufOption = Annotated[
    Path | None, typer.Option("--gguf", help="GGUF file that holds the weights.", metavar="FILE", dir_okay=False)
]
NameOption = Annotated[str | None, typer.Option("--name", help="What it is called there.")]
ReplaceOption = Annotated[bool, typer.Option("--overwrite", help="Allow replacing a file that is there already.")]
QuantizeOption = Annotated[str | None, typer.Option("--quantize", help="Let Ollama pack it.", metavar="q4_K_M")]


def ollama(
    folder: FolderArgument,
    gguf: GgufOption = None,
    name: NameOption = None,
    quantize: QuantizeOption = None,
    follow_links: FollowLinksOption = False,
    as_json: JsonOption = False,
) -> None:
    """Create a model in Ollama from a merged folder or its GGUF."""
    request = OllamaRequest(local(folder, as_json=as_json), gguf, name, quantize, follow_links)
    with _failures_told(as_json=as_json):
        made = _created(request)
    with told(ExitCode.DONE if made else ExitCode.CANCELLED):
        if as_json:
            print_json(
                {"status": "created", **as_json_value(made)} if made else {"status": "cancelled", "findings": []}
            )
        elif made is None:
            typer.echo(say("cancelled"), err=True)
        else:
            print(say("in_ollama", name=made.name, command=made.run))


def _created(request: OllamaRequest) -> OllamaModel | None:
    """What is in Ollama now; None where it was cancelled. Raises UserError."""
    cancel = CancelToken()
    try:
        with ctrl_c_cancels(cancel):
            return create_in_ollama(request, lambda line: typer.echo(line, err=True), cancel)
    except Cancelled:
        return None


@contextmanager
def _failures_told(*, as_json: bool) -> Iterator[None]:
    """Tell what goes wrong as one object, where objects are wanted. Raises Exit, else UserError."""
    try:
        yield
    except UserError as trouble:
        if not as_json:
            raise
        end_failed(trouble, as_json=True)


def lm_studio(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="GGUF file of a model.")],
    name: NameOption = None,
    overwrite: ReplaceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Lay a GGUF file where LM Studio lists its models."""
    with _failures_told(as_json=as_json):
        placed = lay_into_lm_studio(file, name, overwrite=overwrite)
    with told(ExitCode.DONE):
        if as_json:
            print_json({"status": "placed", "file": str(placed)})
        else:
            print(say("in_lm_studio", path=str(placed)))
