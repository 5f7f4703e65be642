"""What of the window is connected with what: features know nothing of one another."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, SignalInstance

from .. import later
from ..results.results_panel import Page
from ..state.mode import Mode
from ..text.folder_text import describe_written
from ..theme.appearance import theme_of
from ..widgets import dialogs
from . import form_wiring, library_wiring, made_of_wiring, manual_wiring, queue_wiring, result_wiring, trial_wiring
from .finding_actions import act

if TYPE_CHECKING:
    from ..deploy.deploy_controller import DeployController
    from ..effect.effect_page import EffectPage
    from ..main_window import MainWindow
    from ..playground.playground_controller import PlaygroundController
    from ..results.outcome_page import OutcomePage
    from ..results.verdict_panel import VerdictPanel
    from ..results.verification_panel import VerificationPanel
    from ..state.inspection import Inspection

_Pairs = tuple[tuple[SignalInstance, Callable[..., object]], ...]


def connect(window: MainWindow) -> None:
    """Connect everything that is there from the start, and what is made later."""
    window.outcome_made.connect(partial(_take_in_outcome, window))
    window.playground_made.connect(partial(_take_in_playground, window))
    window.page_made.connect(partial(_follow_result, window))
    window.seen.connect(partial(later.make_result_page, window))
    window.result.changed.connect(partial(later.make_other_pages, window))
    window.jobs.started.connect(lambda: window.outside.begin())
    window.result.changed.connect(lambda _context: form_wiring.offer_what_was_made(window, window.inputs.mode))
    queue_wiring.connect(window)
    library_wiring.connect(window)
    made_of_wiring.connect(window)
    window.past_shown.connect(partial(made_of_wiring.show_past, window))
    manual_wiring.connect(window)
    theme_of(QCoreApplication.instance()).changed.connect(window.follow_scheme)
    connect_parts(window)


def connect_parts(window: MainWindow) -> None:
    """Connect what ``make_parts`` made; once more where it has made it anew."""
    for pairs in (
        _inputs(window),
        _merging(window),
        _input_commands(window),
        _result_commands(window),
        _merge_commands(window),
        queue_wiring.of_parts(window),
        library_wiring.of_parts(window),
        form_wiring.of_parts(window),
        made_of_wiring.of_parts(window),
        manual_wiring.of_parts(window),
        trial_wiring.of_parts(window),
    ):
        _join(pairs)
    _look_at_names(window)
    form_wiring.show_undo(window)
    window.update_commands()


def _follow_result(window: MainWindow, page: DeployController | EffectPage | PlaygroundController) -> None:
    """Have what was made later show what the pages are about, now and whenever that changes."""
    window.result.changed.connect(page.show_context)
    page.show_context(window.result.context)


def _take_in_playground(window: MainWindow, playground: PlaygroundController) -> None:
    """Connect the page “Try it” with the rest: one thing runs at a time."""
    merging, verifying = window.merging, window.verifying
    _join(
        (
            (merging.state_changed, lambda: playground.wait_for(window.works)),
            (playground.state_changed, lambda: merging.hold(playground.hold)),
            (playground.state_changed, lambda: verifying.hold(playground.hold)),
            (playground.state_changed, window.update_commands),
            (playground.ended, window.close_if_asked),
            (playground.ended, window.queue.step),
            (playground.answered, merging.keep_answer),
            (playground.merge_asked, partial(trial_wiring.merge_at, window)),
        )
    )
    window.support.watch_trials(playground.runner)
    playground.wait_for(window.works)
    trial_wiring.show_form(window, playground)


def _inputs(window: MainWindow) -> _Pairs:
    inputs, merging = window.inputs, window.merging
    findings = window.results.preflight.findings
    return (
        (inputs.changed, merging.follow_form),
        (inputs.confirmed, merging.inspector.hurry),
        (inputs.mode_changed, window.commands.show_mode),
        (inputs.mode_changed, window.results.show_mode),
        (inputs.mode_changed, lambda _mode: _look_at_names(window)),
        (inputs.adapters.arranged, window.update_list_commands),
        (inputs.adapters.arranged, partial(_look_at_names, window)),
        (findings.toggled, inputs.set_consent),
        (findings.pressed, partial(act, window)),
        (window.follow_ups.removed, findings.drop),
        (window.router.routed, window.receive),
        (window.hub.placed, window.receive_name),
    )


def _look_at_names(window: MainWindow) -> None:
    """Have names of models on a hub looked at in every field that there is."""
    inputs = window.inputs
    window.hub.watch((inputs.base, *inputs.adapters.rows, inputs.verify.merged))
    window.hub.of(inputs.base).let_come_in_pieces(inputs.mode is Mode.MERGE)


def _tell_of_pieces(window: MainWindow, inspection: Inspection) -> None:
    """Say beside the download of a base what room its pieces would take."""
    window.hub.of(window.inputs.base).show_preflight(inspection.preflight)


def _merging(window: MainWindow) -> _Pairs:
    merging, results = window.merging, window.results
    return (
        (merging.inspected, window.inputs.show_inspection),
        (merging.accepted, results.show_inspection),
        (merging.accepted, partial(_tell_of_pieces, window)),
        (merging.accepted, window.provenance.look),
        (merging.form_changed, lambda: window.inputs.rounding.show_advice(None)),
        (merging.inspector.advised, window.inputs.rounding.show_advice),
        (merging.verification_asked, window.verifying.start),
        (merging.queue_wanted, partial(queue_wiring.put, window)),
        (merging.started, lambda: window.outcome.show_started()),
        (merging.state_changed, window.update_commands),
        (merging.ended, window.close_if_asked),
        (window.verifying.started, lambda keep: window.outcome.show_verification_started(keep)),
        (window.verifying.refused, merging.start_bar.say),
        (window.verifying.ended, merging.show_outcome),
        (window.result.changed, results.show_context),
    )


def _take_in_outcome(window: MainWindow, outcome: OutcomePage) -> None:
    _join(_outcome(window, outcome))
    _join(_panels(window, outcome.verification, outcome.verdict))


def _outcome(window: MainWindow, outcome: OutcomePage) -> _Pairs:
    merging, verifying = window.merging, window.verifying
    return (
        (outcome.turned, window.results.show_result),
        (outcome.progress.cancel_asked, merging.cancel),
        (outcome.failure.again_asked, merging.merge_again),
        (outcome.again_asked, merging.merge_again),
        (merging.merged, lambda nbytes: window.inputs.output.describe(describe_written(nbytes))),
        (merging.reported, lambda report: outcome.show_report(report, merging.request)),
        (merging.failed, outcome.show_failure),
        (merging.cancelling, outcome.progress.show_cancelling),
        (merging.cancelled, outcome.show_merge_cancelled),
        (merging.accepted, outcome.show_inspection),
        (verifying.judged, outcome.show_verdict),
        (verifying.failed, outcome.show_failure),
        (verifying.cancelled, outcome.show_cancelled),
        (window.jobs.progressed, outcome.progress.show_progress),
    )


def _panels(window: MainWindow, report: VerificationPanel, verdict: VerdictPanel) -> _Pairs:
    verifying = window.verifying
    return (
        (report.verify_all_asked, verifying.verify_everything),
        (report.open_asked, window.open_result),
        (report.save_asked, window.save_report_as),
        (report.copy_asked, window.merging.copy_code),
        (report.upload_asked, window.upload_result),
        (report.gguf_asked, partial(window.results.show_page, Page.DEPLOY)),
        (report.use_asked, partial(window.results.show_page, Page.DEPLOY)),
        (report.ollama_asked, partial(result_wiring.show_ollama, window)),
        (report.try_asked, partial(result_wiring.show_trial, window)),
        (report.next_asked, partial(result_wiring.begin_next, window)),
        (report.findings.pressed, partial(act, window)),
        (window.follow_ups.removed, report.findings.drop),
        (verdict.verify_all_asked, verifying.verify_everything),
        (verdict.merge_asked, lambda: window.inputs.set_mode(Mode.MERGE)),
        (verdict.save_asked, verifying.save_as),
        (verdict.open_asked, verifying.open_folder),
    )


def _input_commands(window: MainWindow) -> _Pairs:
    commands, inputs, adapters = window.commands, window.inputs, window.inputs.adapters
    welcome = window.results.welcome
    return (
        (welcome.base_asked, inputs.base.browse),
        (welcome.adapter_asked, inputs.adapter.browse),
        (welcome.merged_asked, inputs.verify.merged.browse),
        (commands.base.triggered, inputs.base.browse),
        (commands.adapter.triggered, inputs.adapter.browse),
        (commands.output.triggered, lambda: inputs.goal.browse()),
        (commands.swap.triggered, lambda: inputs.swap()),
        (commands.refresh.triggered, window.merging.look_again),
        (commands.add_adapter.triggered, adapters.add),
        (commands.move_up.triggered, lambda: adapters.move_current(-1)),
        (commands.move_down.triggered, lambda: adapters.move_current(1)),
        (commands.remove_adapter.triggered, adapters.remove_current),
        (commands.preferences.triggered, window.show_preferences),
    )


def _result_commands(window: MainWindow) -> _Pairs:
    commands, support = window.commands, window.support
    return (
        (commands.open_result.triggered, window.open_result),
        (commands.save_report.triggered, window.save_report_as),
        (commands.copy_code.triggered, window.merging.copy_code),
        (commands.history.triggered, window.show_history),
        (commands.quit.triggered, window.close),
        (commands.help.triggered, lambda: dialogs.show_help(window)),
        (commands.diagnostics.triggered, support.show_diagnostics),
        (commands.shortcuts.triggered, support.show_shortcuts),
        (commands.log.triggered, support.show_log),
        (commands.log_folder.triggered, support.show_log_folder),
        (commands.licences.triggered, support.show_licences),
        (commands.about.triggered, support.show_about),
    )


def _merge_commands(window: MainWindow) -> _Pairs:
    commands, inputs, show_page = window.commands, window.inputs, window.results.show_page
    return (
        (commands.merge.triggered, window.merging.begin),
        (commands.mode_merge.triggered, lambda: inputs.set_mode(Mode.MERGE)),
        (commands.mode_verify.triggered, lambda: inputs.set_mode(Mode.VERIFY)),
        (commands.verify_everything.triggered, window.verifying.verify_everything),
        (commands.cancel.triggered, window.cancel),
        (commands.show_preflight.triggered, lambda: show_page(Page.PREFLIGHT)),
        (commands.show_result.triggered, lambda: show_page(Page.RESULT)),
        (commands.show_effect.triggered, lambda: show_page(Page.EFFECT)),
        (commands.show_playground.triggered, lambda: show_page(Page.PLAYGROUND)),
        (commands.show_deploy.triggered, lambda: show_page(Page.DEPLOY)),
    )


def _join(pairs: _Pairs) -> None:
    for signal, slot in pairs:
        signal.connect(slot)
