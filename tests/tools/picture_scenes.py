"""The scenes that pictures are taken of, in their order: each brings the window to where it can be taken."""

from __future__ import annotations

from collections.abc import Callable

from picture_models import ADAPTERS, BASE, CAPTAIN, HALF_MERGED, HUB_NAME, PACKED
from picture_session import SIZE, TALL, TALLEST, Session
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from mergedesk.domain.job_list import JobState
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.inference.prompts import DEMO_QUESTION
from mergedesk_gui.results.results_panel import Page

MERGED = "SmolLM2-135M-captain"
CHOSEN = [(CAPTAIN, 1.0)]


def hub(session: Session) -> None:
    """A name instead of a folder."""
    if not session.wants("hub"):
        return
    session.window.inputs.base.edit.setText(HUB_NAME)
    session.rest(4)
    session.take("hub")
    session.window.commands.new.trigger()


def refused(session: Session) -> None:
    """Base and adapter the wrong way round."""
    if not session.wants("refused"):
        return
    session.fill_in(CAPTAIN, [(BASE, 1.0)])
    session.take("refused")


def packed(session: Session) -> None:
    """A base whose weights are packed."""
    if not session.wants("packed-base"):
        return
    session.fill_in(PACKED, CHOSEN, MERGED)
    session.take("packed-base", readme="quantised-dark", dark=True)


def adapters(session: Session) -> None:
    """Three adapters, each with its strength."""
    if not session.wants("adapters"):
        return
    strengths = (0.8, 0.5, -0.25)
    session.fill_in(BASE, list(zip(ADAPTERS, strengths, strict=True)))
    session.window.resize(TALL)
    session.take("adapters", readme="adapters-light")
    session.window.resize(SIZE)


def ready(session: Session) -> None:
    """Everything chosen, nothing done yet."""
    session.fill_in(BASE, CHOSEN, MERGED)
    session.take("ready")


def verified(session: Session) -> None:
    """The result, and its checks one by one."""
    session.press(lambda: session.window.merging.report is not None)
    session.turn_to(Page.RESULT)
    session.take("verified", readme="verified-light")
    session.turn_to(Page.RESULT, TALL)
    session.take("checks", shown=lambda: _with_checks(session))


def effect(session: Session) -> None:
    """Where the adapter changes most."""
    if not session.wants("effect"):
        return
    session.turn_to(Page.EFFECT, TALL)
    session.take("effect", readme="effect-light")


def trial(session: Session) -> None:
    """The same question, answered three times."""
    if not session.wants("try-it"):
        return
    session.turn_to(Page.PLAYGROUND, TALLEST)
    playground = session.window.playground
    playground.page.card.set_prompt(DEMO_QUESTION)
    session.wait(lambda: not playground.obstacle)
    playground.ask()
    session.wait(lambda: not playground.runner.running)
    session.take("try-it", readme="try-it-dark", dark=True)


def use(session: Session) -> None:
    """Elsewhere: GGUF, Ollama and the others."""
    if not session.wants("use-it"):
        return
    session.turn_to(Page.DEPLOY, TALL)
    session.rest(2)
    session.take("use-it")


def upload(session: Session) -> None:
    """What would go to a hub."""
    if not session.wants("upload"):
        return
    session.turn_to(Page.RESULT, SIZE)
    session.take("upload", shown=lambda: _upload_dialog(session))


def queue(session: Session) -> None:
    """A list with jobs that are done, that failed, and that wait."""
    if not session.wants("queue"):
        return
    window = session.window
    window.queue.restore()
    session.wait(lambda: window.queue.is_ready)
    for name, base, strength in (("first", BASE, 1.0), ("second", PACKED, 1.0)):
        window.queue.add([_request(session, base, strength, name)])
    session.wait(lambda: all(job.state in _ENDED for job in window.queue.jobs.jobs))
    window.queue.hold()
    session.fill_in(BASE, [(CAPTAIN, 1.5)], "SmolLM2-135M-strength-6")
    for number, strength in enumerate((0.5, 0.75, 1.25), 3):
        window.queue.add([_request(session, BASE, strength, f"strength-{number}")])
    session.turn_to(Page.QUEUE)
    session.take("queue")


def history(session: Session) -> None:
    """The past merges."""
    session.take("past-merges", shown=lambda: _history_dialog(session))


def library(session: Session) -> None:
    """What is on this computer."""
    if not session.wants("library"):
        return
    window = session.window
    session.settings.set_added_folders((session.models,))
    window.resize(SIZE)
    window.results.show_library()
    session.wait(lambda: not window.library.looking)
    session.rest()
    window.library.page.view.show_row(0)
    session.take("library")


def refuted(session: Session) -> None:
    """A merge of another tool that is not what it says."""
    if not session.wants("refuted"):
        return
    session.verify(BASE, CHOSEN, HALF_MERGED)
    session.turn_to(Page.RESULT)
    session.take("refuted", readme="refuted-light")


def dialogs(session: Session) -> None:
    """What is chosen once for all merges, and the map of the keyboard."""
    session.take("preferences", shown=session.window.show_preferences)
    session.take("keyboard", shown=lambda: session.window.support.show_shortcuts())


_ENDED = {JobState.DONE, JobState.FAILED, JobState.REFUSED}


def _request(session: Session, base: str, strength: float, name: str) -> MergeRequest:
    chosen = (AdapterChoice(session.models / CAPTAIN, strength),)
    return MergeRequest(session.models / base, chosen, session.models / f"SmolLM2-135M-{name}")


def _with_checks(session: Session) -> QWidget:
    button = session.window.outcome.findChild(QPushButton, "showChecksButton")
    assert button is not None
    button.click()
    return session.window.results


def _upload_dialog(session: Session) -> QDialog:
    session.window.upload_result()
    return _dialog(session)


def _history_dialog(session: Session) -> QDialog:
    session.window.show_history()
    return _dialog(session)


def _dialog(session: Session) -> QDialog:
    session.rest(2)
    (one,) = (dialog for dialog in session.window.findChildren(QDialog) if dialog.isVisible())
    return one


SCENES: tuple[Callable[[Session], None], ...] = (
    hub,
    refused,
    packed,
    adapters,
    ready,
    verified,
    effect,
    trial,
    use,
    upload,
    queue,
    history,
    library,
    refuted,
    dialogs,
)
