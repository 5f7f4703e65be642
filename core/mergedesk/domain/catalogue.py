"""What a code is in a language: gettext catalogues in ``locale``, a folder for each language, English being one.

A message is asked for by its key, such as ``finding.no_adapter.hint``; keys are made of the codes. What a language
lacks is said in English.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

ENGLISH = "en"
DOMAIN = "mergedesk"
LOCALES = Path(__file__).parents[1] / "locale"


@cache
def catalogue(language: str) -> NullTranslations:
    """A language's messages, read when first asked for; ``de_AT`` finds ``de``."""
    english = translation(DOMAIN, LOCALES, [ENGLISH])
    own = translation(DOMAIN, LOCALES, [language], fallback=True)
    own.add_fallback(english)
    return own


def template(key: str, language: str = ENGLISH, count: int | None = None) -> str:
    """The message under ``key``, in its form for ``count`` where it has several; empty where there is none."""
    messages = catalogue(language)
    found = key if count is None else messages.ngettext(key, key, count)
    found = messages.gettext(key) if found == key else found
    return "" if found == key else found


def environment_language(environment: Mapping[str, str] = os.environ) -> str:
    """The language that messages shall have by the environment's word, as a locale's name: ``de_DE``."""
    stated = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name.partition(".")[0] for name in stated if name), ENGLISH)
