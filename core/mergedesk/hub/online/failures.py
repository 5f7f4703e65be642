"""What a hub, a network or a disk refuses, as a finding with a way out. No address, header or token is in it."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...domain.findings import Code, Data, Finding, Severity, UserError
from ...domain.hub_reference import HubReference, endpoint_is_address, host, shown_endpoint
from ...support.secrets import without_secrets
from ..questions import PushRequest

_UNAUTHORISED, _FORBIDDEN, _ABSENT, _OWN_FAULT = 401, 403, 404, 500
_SAID: Mapping[int, Code] = {409: Code.HUB_CONFLICT, 413: Code.HUB_TOO_LARGE, 429: Code.HUB_TOO_MANY}
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_MOST_OF_A_REASON = 200


def finding_of_failure(error: BaseException, asked: object) -> Finding:
    """The finding for whatever stopped a question."""
    causes = list(_causes(error))
    known = next((cause for cause in causes if isinstance(cause, UserError)), None)
    if known is not None:
        return known.finding()
    if not endpoint_is_address():
        return Finding(Code.HUB_ENDPOINT_WRONG, Severity.ERROR, _data(asked, error))
    telling = _until_answered(causes)
    code = next((code for cause in telling if (code := _code_of(cause, asked))), Code.HUB_FAILED)
    return Finding(code, Severity.ERROR, _data(asked, error))


def _until_answered(causes: Sequence[BaseException]) -> Sequence[BaseException]:
    """Without what went before the last answer of the hub, which alone says what is wrong."""
    answered = next((number for number, cause in enumerate(causes, 1) if _status(cause)), len(causes))
    return causes[:answered]


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        yield error
        error = error.__cause__ or error.__context__


def _data(asked: object, error: BaseException) -> dict[str, Data]:
    asked = getattr(asked, "reference", asked)
    name = asked.text if isinstance(asked, HubReference) else getattr(asked, "repository", "")
    revision = asked.revision if isinstance(asked, HubReference) else None
    address = f"{shown_endpoint()}/{getattr(asked, 'repository', '')}"
    about = {"endpoint": shown_endpoint(), "status": str(_status(error) or "")}
    reason = without_secrets(f"{type(error).__name__} {_status(error) or ''}".strip())[:_MOST_OF_A_REASON]
    return {"name": name, "revision": revision or "main", "address": address, "host": host(), "reason": reason, **about}


def _status(error: BaseException) -> int | None:
    return getattr(getattr(error, "response", None), "status_code", None)


def _code_of(error: BaseException, asked: object) -> Code | None:
    if isinstance(error, json.JSONDecodeError):  # a page, where a hub would answer
        return _if_stated(Code.HUB_NO_HUB)
    return _of_library(error, asked) or _of_status(error, asked) or _of_network(error) or _of_system(error)


def _of_library(error: BaseException, asked: object) -> Code | None:
    from huggingface_hub import errors

    is_push = isinstance(asked, PushRequest)
    kinds: tuple[tuple[Any, Code], ...] = (
        (errors.GatedRepoError, Code.HUB_GATED),
        (errors.RepositoryNotFoundError, Code.HUB_REFUSED if is_push else Code.HUB_NOT_FOUND),
        (errors.RevisionNotFoundError, Code.HUB_REVISION_MISSING),
        (errors.LocalTokenNotFoundError, Code.HUB_NO_TOKEN),
        (errors.OfflineModeIsEnabled, Code.HUB_OFFLINE),
        (errors.HFValidationError, Code.HUB_NAME_WRONG),
        (errors.EntryNotFoundError, Code.HUB_FAILED),
    )
    return next((code for kind, code in kinds if isinstance(error, kind)), None)


def _of_status(error: BaseException, asked: object) -> Code | None:
    status = _status(error)
    if status == _UNAUTHORISED:
        return Code.HUB_TOKEN_WRONG
    if status == _FORBIDDEN:
        return Code.HUB_REFUSED if isinstance(asked, PushRequest) else Code.HUB_GATED
    if status == _ABSENT:
        return _if_stated(Code.HUB_NO_HUB)
    return _SAID.get(status or 0) or (Code.HUB_TROUBLE if status and status >= _OWN_FAULT else None)


def _if_stated(code: Code) -> Code | None:
    """What speaks against an address, where the person has set one."""
    return code if os.environ.get("HF_ENDPOINT") else None


def _of_network(error: BaseException) -> Code | None:
    import httpx2

    unreached = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError, httpx2.UnsupportedProtocol)
    kinds = (
        (unreached, Code.HUB_NO_NETWORK),
        ((httpx2.TimeoutException,), Code.HUB_SLOW),
        ((httpx2.TransportError,), Code.HUB_CUT),
    )
    return next((code for kind, code in kinds if isinstance(error, kind)), None)


def _of_system(error: BaseException) -> Code | None:
    return Code.HUB_DISK_FULL if isinstance(error, OSError) and error.errno in _FULL else None
