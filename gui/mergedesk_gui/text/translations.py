"""The person's language: this program's own texts, and Qt's for its standard buttons."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from ..theme.icons import translations_folder

_OURS, _CHOSEN = "mergedesk-texts", "mergedesk-language"


def speak_once(application: QApplication, language: str) -> None:
    """Speak ``language`` from now on, by its locale's name, empty for the system's; nothing where it is spoken."""
    if language == (application.property(_CHOSEN) or ""):
        return
    application.setProperty(_CHOSEN, language)
    for translator in application.findChildren(QTranslator, _OURS):
        application.removeTranslator(translator)
        translator.deleteLater()
    locale = QLocale(language) if language else QLocale.system()
    QLocale.setDefault(locale)
    install_translations(application, locale)


def install_translations(application: QApplication, locale: QLocale) -> None:
    """Load the texts for ``locale``; where there are none, everything stays English."""
    qt_folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    english = QLocale(QLocale.Language.English)
    # English comes first and always: it holds the plural forms. What is installed later counts for more.
    _install(application, english, "mergedesk", translations_folder())
    if locale.language() not in (QLocale.Language.English, QLocale.Language.C):
        _install(application, locale, "qtbase", qt_folder)
        _install(application, locale, "mergedesk", translations_folder())


def _install(application: QApplication, locale: QLocale, name: str, folder: Path) -> None:
    translator = QTranslator(application)
    translator.setObjectName(_OURS)
    if translator.load(locale, name, "_", str(folder)):
        application.installTranslator(translator)
