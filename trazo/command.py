"""What holds for every command line: no contradictions, JSON on failure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from compiler.backends.tools import ToolMissing
from trazo.disk.writing import OutputError
from trazo.output.outcome import TERRAFORM, Outcome, asks_for_json, begun, current, document
from trazo.output.run import FINDINGS, INTERRUPTED, TOOL_MISSING, WRONG_USAGE, print_json
from trazo_spec.secrecy import covered
from trazo_spec.visible import one_line


class Command(TyperCommand):
    """A command that refuses what contradicts itself before it begins to work."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own
        """Reads a command line, and refuses one that cannot be meant."""
        current().as_json = asks_for_json(self.name or "", args)
        self._refuse_twice(ctx, list(args))
        left = super().parse_args(ctx, args)
        self._refuse_empty(ctx)
        self._refuse_formats(ctx)
        self._refuse_unused(ctx)
        return left

    def _refuse_twice(self, ctx: typer.Context, args: list[str]) -> None:
        """The last one would win without a word."""
        _, _, order = self.make_parser(ctx).parse_args(args=args)
        for option, times in Counter(order).items():
            if times > 1 and not (option.multiple or getattr(option, "is_flag", False)):
                name = max(option.opts, key=len)
                ctx.fail(f"`{name}` is given {times} times: give it once")

    def _refuse_empty(self, ctx: typer.Context) -> None:
        """`--env ""` is most often a variable that is not set."""
        for option in self.params:
            value = ctx.params.get(option.name or "")
            values = value if isinstance(value, list | tuple) else (value,)
            if "" in values and _given(ctx, option.name or ""):
                name = max(option.opts, key=len)
                ctx.fail(f"`{name}` is empty: give a value, or leave it out")

    def _refuse_unused(self, ctx: Any) -> None:  # noqa: ANN401 - typer's own
        """What another option leaves without a meaning would be believed to have one."""
        for name, why, unused in UNUSED.get(self.name or "", ()):
            if not ctx.params.get(name):
                continue
            for other, allowed in unused.items():
                value = ctx.params.get(other)
                if _given(ctx, other) and str(value) not in allowed:
                    shown = value[0] if isinstance(value, list) else value
                    with_value = "" if isinstance(shown, bool) else f" {shown}"
                    one, two = self._spelt(name), self._spelt(other)
                    ctx.fail(f"`{one}` {why}: leave out `{two}{with_value}`")

    def _spelt(self, name: str) -> str:
        """An option as it stands on a command line."""
        return next(max(o.opts, key=len) for o in self.params if o.name == name)

    def _refuse_formats(self, ctx: typer.Context) -> None:
        """`--json` beside another format: which of them is meant cannot be known."""
        chosen = ctx.params.get("format_")
        if not ctx.params.get("as_json") or self.name in TERRAFORM or self.name == "diagram":
            return
        if _given(ctx, "format_") and str(chosen) != "json":
            ctx.fail(f"`--json` contradicts `--format {chosen}`: leave one of them out")


NAMES = ("json", "tree")
NOT_CSV = ("table", "markdown", "json")
_NONE: Collection[str] = ()
UNUSED: Mapping[str, tuple[tuple[str, str, Mapping[str, Collection[str]]], ...]] = {
    "cost": (
        (
            "explain",
            "prints formulas as text or JSON",
            {"format_": ("json",), "group": _NONE, "what_if": _NONE, "sweep": _NONE},
        ),
        ("what_if", "prints a table for one environment", {"group": _NONE}),
        ("what_if", "appears only in the table, Markdown and JSON", {"format_": NOT_CSV}),
        ("group", "shows sums, which do not include other assumptions", {"sweep": _NONE}),
        ("sweep", "appears only in the table and JSON", {"format_": ("table", "json")}),
    ),
    "diagram": (("output", "names the file to replace", {"overwrite": _NONE}),),
    "report": (("output", "names the file to replace", {"overwrite": _NONE}),),
    "graph": (
        ("impact_of", "prints names, or a document with `--json`", {"format_": ("json", "tree")}),
    ),
}
"""Command -> an option, what it does, and those that it leaves without a meaning, with the values
that have one all the same."""


def _given(ctx: typer.Context, name: str) -> bool:
    """Whether an option stands on the command line."""
    source = ctx.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


class Program(TyperGroup):
    """All commands; what ends one of them before its time is said as JSON, too, where asked for."""

    def make_context(self, *arguments: Any, **settings: Any) -> Any:  # noqa: ANN401 - typer's own
        """Reads the options before a command."""
        with _arguments_shown():
            return super().make_context(*arguments, **settings)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - of typer's own types
        """Runs a command."""
        with begun() as outcome:
            words = [*ctx.args]
            outcome.as_json = asks_for_json(words[0] if words else "", words)
            try:
                with _arguments_shown():
                    return super().invoke(ctx)
            except BaseException as error:
                _print_failure(outcome, error)
                raise


@contextmanager
def _arguments_shown() -> Iterator[None]:
    """Gives wrong usage a message of one line without control characters."""
    try:
        yield
    except Exception as error:
        # Typer's errors of usage have no public class that all of them share.
        if (told := getattr(error, "format_message", None)) is not None:
            message = one_line(told())
            error.format_message = lambda: message  # type: ignore[attr-defined]
        raise


CODES: Mapping[type[BaseException], int] = {
    ToolMissing: TOOL_MISSING,
    OutputError: FINDINGS,
    KeyboardInterrupt: INTERRUPTED,
}
"""What ends a run, beside exits and wrong usage -> its exit code."""


def _print_failure(outcome: Outcome, error: BaseException) -> None:
    """Prints a failure for programs, where it is no fault of ours."""
    if isinstance(error, SystemExit):
        _print_document(outcome, outcome.message, error.code if isinstance(error.code, int) else 1)
    elif isinstance(error, typer.Exit):
        _print_document(outcome, outcome.message, error.exit_code)
    elif format_message := getattr(error, "format_message", None):  # wrong usage, as typer has it
        _print_document(outcome, format_message(), WRONG_USAGE)
    elif isinstance(error, (*CODES,)):
        code = next(code for kind, code in CODES.items() if isinstance(error, kind))
        _print_document(outcome, str(error) or "interrupted", code)


def _print_document(outcome: Outcome, message: str, code: int) -> None:
    """Prints the document about a failure, if one was asked for and none is printed yet."""
    if not outcome.as_json or outcome.printed or not code:
        return
    with suppress(OSError):  # where standard output is the trouble, the exit code has to do
        print_json(document(outcome, covered(message, prose=True), code))
