"""Options are stated once, and a command gets them as one object."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

from mergedesk.cli.commands import app
from mergedesk.cli.entry import window_options
from mergedesk.cli.option_sets import takes


@dataclass(frozen=True)
class Inner:
    """Options of a group."""

    name: Annotated[str, typer.Option("--name", help="A name.")]
    loud: Annotated[bool, typer.Option("--loud", help="Louder.")] = False


@dataclass(frozen=True, kw_only=True)
class Outer:
    """A command's options."""

    times: Annotated[int, typer.Option(help="How often.")] = 1
    inner: Inner
    last: Annotated[str, typer.Option(help="The last.")] = "z"


@pytest.fixture
def asked() -> list[Outer]:
    return []


@pytest.fixture
def command(asked: list[Outer]) -> typer.Typer:
    made = typer.Typer(add_completion=False, rich_markup_mode=None)

    @made.command()
    @takes(Outer)
    def greet(options: Outer) -> None:
        """Greet somebody."""
        asked.append(options)

    return made


def test_a_command_gets_its_options_as_one_object(command: typer.Typer, asked: list[Outer]) -> None:
    CliRunner().invoke(command, ["--name", "a", "--loud", "--times", "3"], catch_exceptions=False)
    CliRunner().invoke(command, ["--name=b"], catch_exceptions=False)
    assert asked == [Outer(times=3, inner=Inner("a", True)), Outer(inner=Inner("b"))]


def test_help_lists_them_in_the_fields_order(command: typer.Typer) -> None:
    shown = CliRunner().invoke(command, ["--help"]).output
    places = [shown.index(option) for option in ("Greet somebody.", "--times", "--name", "--loud", "--last")]
    assert places == sorted(places)
    assert CliRunner().invoke(command, []).exit_code == 2, "a name is asked for"


def options_by_name() -> dict[str, dict[str, Any]]:
    """Each option's name, and every command that has it."""
    group: Any = typer.main.get_command(app)
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for command in group.commands.values():
        for option in command.params:
            if option.opts[0].startswith("--"):
                found[option.opts[0]][str(command.name)] = option
    return found


def test_check_takes_every_option_of_merge_but_how_files_are_written_and_going_on() -> None:
    names = {name: set(commands) for name, commands in options_by_name().items()}
    only = {name for name, commands in names.items() if "merge" in commands and "check" not in commands}
    of_writing = {"--max-shard-size", "--resume", "--keep-base", "--history"}
    assert only == of_writing
    assert {name for name, commands in names.items() if "check" in commands and "merge" not in commands} == set()


def test_what_commands_share_they_explain_alike() -> None:
    own_words = {"--output", "--precision", "--merged", "--overwrite"}
    of_many = {("batch", "--json"), ("batch", "--resume")}
    for name, commands in options_by_name().items():
        if name not in own_words:
            helps = {option.help for command, option in commands.items() if (command, name) not in of_many}
            assert len(helps) == 1, name


def test_the_quick_way_to_the_window_knows_the_command_s_options() -> None:
    window: Any = typer.main.get_command(app)
    names = [option.opts[0] for option in window.params if option.opts[0] not in ("--version", "--help")]
    assert sorted(names) == ["--adapter", "--base", "--merged", "--new-window", "--output"]
    assert all(window_options([name] if name == "--new-window" else [name, "x"]) for name in names)
