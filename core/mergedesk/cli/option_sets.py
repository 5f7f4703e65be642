"""Commands that take their options as one object: a dataclass whose fields are typer's options."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass
from inspect import Parameter, Signature, signature
from typing import Any, TypeVar

Options = TypeVar("Options")


def takes(kind: type[Options]) -> Callable[[Callable[[Options], None]], Callable[..., None]]:
    """Give a command the options that the fields of ``kind`` state, in their order.

    A field that is itself such a dataclass stands for the options of that one.
    """

    def with_options(command: Callable[[Options], None]) -> Callable[..., None]:
        def run(**given: Any) -> None:
            command(_built(kind, given))

        run.__doc__ = command.__doc__
        run.__name__ = command.__name__
        run.__signature__ = Signature(list(_parameters(kind)))  # type: ignore[attr-defined]
        return run

    return with_options


def _parameters(kind: type[Any]) -> Iterator[Parameter]:
    for parameter in signature(kind, eval_str=True).parameters.values():
        if _is_set(parameter):
            yield from _parameters(parameter.annotation)
        else:
            yield parameter.replace(kind=Parameter.KEYWORD_ONLY)


def _built(kind: type[Options], given: Mapping[str, Any]) -> Options:
    fields = signature(kind, eval_str=True).parameters.items()
    return kind(**{
        name: _built(field.annotation, given) if _is_set(field) else given[name] for name, field in fields
    })  # fmt: skip


def _is_set(field: Parameter) -> bool:
    return is_dataclass(field.annotation)
