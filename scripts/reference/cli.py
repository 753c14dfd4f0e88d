"""`docs/reference/cli.md`: every command with its arguments and options."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from typer.models import ArgumentInfo, CommandInfo, OptionInfo

from reference import page, table
from trazo.program import app

INTRO = """\
Results go to standard output, findings and progress to standard error. Colors are used only on a
terminal. A file is written completely or not at all; in an output folder, trazo replaces and
removes only files that it wrote itself.

| exit code | meaning |
| --- | --- |
| 0 | success; also with warnings, unless `--strict` is given |
| 1 | a finding with severity error, or a file that is out of date or cannot be written |
| 2 | wrong usage |
| 3 | a required tool is missing |
| 130 | Ctrl-C; `cost` prints what was done so far, nothing else is written |

`trazo --version` prints the version, `trazo COMMAND --help` what this page says."""

Parameter = tuple[str, ArgumentInfo | OptionInfo, object, object]
"""Name in Python, how it is written, type, default."""


def write() -> str:
    """The page."""
    commands = [_command(name, c) for name, c in _commands() if not c.hidden]
    return page("Commands", "the commands in `trazo/commands/`", INTRO, *commands)


def names() -> tuple[str, ...]:
    """Every command."""
    return tuple(name for name, _ in _commands())


def _commands() -> Iterator[tuple[str, CommandInfo]]:
    """Every command with its name, those of a group behind the group's."""
    yield from ((_name(c), c) for c in app.registered_commands)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            of_group = group.typer_instance.registered_commands
            yield from ((f"{group.name} {_name(c)}", c) for c in of_group)


def _command(name: str, info: CommandInfo) -> str:
    callback = info.callback
    assert callback is not None  # noqa: S101 - typer itself sets it
    parameters = tuple(_parameters(callback))
    arguments = [p for p in parameters if isinstance(p[1], ArgumentInfo)]
    options = [p for p in parameters if isinstance(p[1], OptionInfo)]
    usage = " ".join(("trazo", name, *map(_usage, arguments), "[OPTIONS]"))
    return "\n\n".join(
        filter(
            None,
            (
                f"## {name}",
                inspect.getdoc(callback),
                f"```\n{usage}\n```",
                _table("argument", arguments),
                _table("option", options),
            ),
        )
    )


def _name(info: CommandInfo) -> str:
    return info.name or getattr(info.callback, "__name__", "").replace("_", "-")


def _parameters(callback: Callable[..., Any]) -> Iterator[Parameter]:
    hints = get_type_hints(callback, include_extras=True)
    for name, parameter in inspect.signature(callback).parameters.items():
        hint = hints[name]
        if get_origin(hint) is Annotated:
            kind, *metadata = get_args(hint)
            infos = (m for m in metadata if isinstance(m, ArgumentInfo | OptionInfo))
            for info in infos:
                yield name, info, kind, parameter.default


def _usage(argument: Parameter) -> str:
    shown = _argument(argument)
    return shown if argument[3] is inspect.Parameter.empty else f"[{shown}]"


def _argument(argument: Parameter) -> str:
    name, info, _, _ = argument
    return info.metavar or name.upper()


def _table(title: str, parameters: Sequence[Parameter]) -> str:
    return table((title, "default", "meaning"), map(_row, parameters))


def _row(parameter: Parameter) -> tuple[str, str, str]:
    name, info, kind, default = parameter
    if isinstance(info, ArgumentInfo):
        return f"`{_argument(parameter)}`", _default(default), info.help or ""
    value = "" if kind is bool else f" {info.metavar or _placeholder(kind)}"
    written = ", ".join(f"`{flag}{value}`" for flag in _flags(name, info))
    return written, _default(default), " ".join(filter(None, (info.help, _choices(kind))))


def _flags(name: str, info: OptionInfo) -> tuple[str, ...]:
    """How an option is called; inside `Annotated` typer takes the first name for the default."""
    given = (info.default, *(info.param_decls or ()))
    flags = tuple(flag for flag in given if isinstance(flag, str) and flag.startswith("-"))
    return flags or (f"--{name.replace('_', '-')}",)


def _placeholder(kind: object) -> str:
    """What stands for a value in a usage line."""
    members = [m for m in get_args(kind) if m is not type(None)] or [kind]
    words = {str: "TEXT", float: "NUMBER", int: "NUMBER", Path: "PATH"}
    return words.get(members[0], "NAME")


def _choices(kind: object) -> str:
    if not (isinstance(kind, type) and issubclass(kind, Enum)):
        return ""
    names = [f"`{member.value}`" for member in kind]
    return f"Only {names[0]}." if len(names) == 1 else f"One of {', '.join(names)}."


def _default(default: object) -> str:
    match default:
        case None | "" | False | inspect.Parameter.empty:
            return ""
        case Enum():
            return f"`{default.value}`"
        case _:
            return f"`{default}`"
