"""Keys, passwords and the addresses of people and computers, as they look in messages.

In doubt more is taken out than need be, except where models have words of the same look, such as ``pad_token``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

SECRET, ADDRESS = "<secret>", "<address>"

# How the tokens begin that hubs, clouds and trackers of experiments give out.
_ISSUED = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:hf|api_org|r8|tgp_v1)_[A-Za-z0-9]{16,}|(?:sk|pk|rk|nvapi|glpat|xox[abeprs])-[\w-]{16,}"
    r"|gh[opsur]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|(?:AKIA|ASIA)[A-Z0-9]{12,}|AIza[\w-]{20,}|ya29\.[\w-]{16,}"
    r"|eyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]+)?)"
)
_BEARER = re.compile(r"\b(?P<what>(?:Bearer|Basic)\s+)(?=[A-Za-z]*[0-9+/=_.~-])[\w.~+/=-]{8,}", re.IGNORECASE)
# A name and what it is set to. A token must look like one: models have pad_token = "<|endoftext|>" and token: 128009.
_SET_TO = r"[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
_NAMED_SECRET = re.compile(
    rf"(?<![\w-])(?P<what>[\w-]{{0,40}}?(?:passw(?:or)?d|passphrase|secret|api[_-]?key|access[_-]?key){_SET_TO})"
    r"(?!<secret>)[^\s\"',;)}\]]+",
    re.IGNORECASE,
)
_NAMED_TOKEN = re.compile(
    rf"(?<![\w-])(?P<what>[\w-]{{0,40}}?token{_SET_TO})(?=[A-Za-z_.-]*[0-9])(?![0-9.]+(?![\w.-]))[\w.-]{{12,}}",
    re.IGNORECASE,
)
_PERSON = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9][\w.-]*")
_NUMBERED = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\w.])"
    r"|(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){5,7}[0-9A-Fa-f]{1,4}(?![\w:])"
    r"|(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){1,6}:(?:[0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4}(?![\w:])"
)
_SET_FOR_PROGRAMS = re.compile(r"(?:^|_)(?:TOKEN|KEY|SECRET|PASSWORD|PASSWD|CREDENTIALS)$")
_LEAST_VALUE = 8


def without_secrets(line: str) -> str:
    """``line`` with stand-ins for everything that looks like a secret or an address."""
    line = _ISSUED.sub(SECRET, line)
    for pattern in (_BEARER, _NAMED_SECRET, _NAMED_TOKEN):
        line = pattern.sub(rf"\g<what>{SECRET}", line)
    return _NUMBERED.sub(ADDRESS, _PERSON.sub(ADDRESS, line))


def secrets_of_environment() -> Iterator[str]:
    """What is secret of the variables that programs are given, by their names."""
    for name, value in os.environ.items():
        if _SET_FOR_PROGRAMS.search(name.upper()) and len(value) >= _LEAST_VALUE:
            yield value
