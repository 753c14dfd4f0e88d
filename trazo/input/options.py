"""Arguments and options that several commands take, each once."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_type_hints

import typer

from compiler.backends.diagram.model.options import Theme
from trazo.input import paths
from trazo.input.reading import reading_allowed
from trazo_spec.traffic import Profile

MOST_BUDGET_USD = 1e12
"""More than anybody pays, and few enough digits for a line."""

SpecFile = Annotated[
    Path,
    typer.Argument(
        metavar="SPEC",
        parser=paths.path,
        help="Spec to read, a YAML file; `-` reads standard input.",
    ),
]
SpecFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="SPEC...",
        parser=paths.path,
        help="Specs to read, YAML files; `-` reads standard input. Of several, what clashes is "
        "found, too.",
    ),
]
Environment = Annotated[
    str,
    typer.Option("--env", metavar="NAME", help="Environment to use; by default the spec's first."),
]
OnlyEnvironment = Annotated[
    str,
    typer.Option("--env", metavar="NAME", help="Environment to use; by default all of them."),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="PATH",
        parser=paths.file,
        help="File to write; `-` is standard output.",
    ),
]
OutputFolder = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FOLDER", parser=paths.folder, help="Folder to write to."
    ),
]
Overwrite = Annotated[
    list[str] | None,
    typer.Option(
        "--overwrite",
        metavar="NAME",
        help="Replace this file of the output folder even if it was edited.",
    ),
]
AllowRead = Annotated[
    list[Path] | None,
    typer.Option(
        "--allow-read",
        metavar="PATH",
        parser=paths.named_file,
        help="Allow the spec to read files in this folder as well as its own.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors and results.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 1 on warnings, as on errors.")]
PricesFile = Annotated[
    Path | None,
    typer.Option(
        "--prices",
        metavar="FILE",
        parser=paths.named_file,
        help="Apply negotiated prices, discounts and a Savings Plan from YAML or CSV.",
    ),
]


def _amount(usd: float | None) -> float | None:
    """Refuses a budget that is no amount of money, before any work is done."""
    if usd is not None and not 0 <= usd <= MOST_BUDGET_USD:
        raise typer.BadParameter(
            f"{usd:g} is not a valid amount: use 0 to {MOST_BUDGET_USD:,.0f} USD"
        )
    return usd


Budget = Annotated[
    float | None,
    typer.Option(
        "--budget", metavar="USD", callback=_amount, help="Exit 1 if the total exceeds this amount."
    ),
]
ThemeOption = Annotated[
    Theme, typer.Option("--theme", help="Colors; `auto` follows the viewer's setting.")
]
Base = Annotated[
    str,
    typer.Option(
        "--base",
        metavar="REV:PATH",
        help="Compare with the spec of a git revision what is lost, refused or interrupted.",
    ),
]
AllowLoss = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-loss",
        metavar="ADDRESS",
        help="Allow the loss of a database, bucket, zone or environment, a move of the `state`, or "
        "another `account`.",
    ),
]
AllowInterruption = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-interruption",
        metavar="ADDRESS",
        help="Allow the interruption of a resource in production.",
    ),
]


class TerraformFormat(StrEnum):
    """In which of Terraform's two languages its files are written."""

    JSON = "json"
    HCL = "hcl"

    @property
    def file(self) -> str:
        """The name of a stack's file; Terraform reads either one, and both if both are there."""
        return "cdk.tf.json" if self is TerraformFormat.JSON else "cdk.tf"


TerraformOption = Annotated[
    TerraformFormat,
    typer.Option("--format", help="Language of the Terraform files."),
]


class PricingOptions(NamedTuple):
    """What is billed, at which prices: options of every command that prices a spec."""

    month: Annotated[
        str,
        typer.Option("--month", metavar="YYYY-MM", help="Month to price; by default next month."),
    ] = ""
    hours: Annotated[
        float | None,
        typer.Option(
            "--hours",
            help="Price this many hours instead; the AWS Pricing Calculator's month has 730.",
        ),
    ] = None
    profile: Annotated[
        Profile,
        typer.Option("--profile", help="Usage to assume where the spec does not state it."),
    ] = Profile.TYPICAL
    prices: PricesFile = None
    free_tier: Annotated[
        bool,
        typer.Option("--free-tier", help="Subtract the AWS free tier."),
    ] = False


class SimulationOptions(NamedTuple):
    """How the bill's months are simulated."""

    runs: Annotated[
        int | None,
        typer.Option(
            "--runs",
            min=0,
            max=100_000,
            metavar="MONTHS",
            help="Months to simulate, 0 for none; by default as many as the mean needs.",
        ),
    ] = None
    seed: Annotated[
        int,
        typer.Option(
            "--seed", min=0, help="Seed for random numbers; without effect with `--runs 0`."
        ),
    ] = 0


def written_out(command: Callable[..., None]) -> Callable[..., None]:
    """The same command as typer reads it: each field of a group of options is a parameter.

    A command that reads a spec takes `--allow-read`, too.
    """
    hints = get_type_hints(command, include_extras=True)
    groups = {
        name: hint for name, hint in hints.items() if hint in (PricingOptions, SimulationOptions)
    }
    parameters: list[Parameter] = []
    for parameter in signature(command).parameters.values():
        if group := groups.get(parameter.name):
            parameters += _fields(group)
        else:
            parameters.append(parameter.replace(annotation=hints[parameter.name]))
    if reads := hints.keys() & {"spec", "before"}:
        keyword = Parameter.KEYWORD_ONLY
        parameters.append(Parameter("allow_read", keyword, default=None, annotation=AllowRead))

    @wraps(command)
    def flat(**given: Any) -> None:  # noqa: ANN401 - options are of any type
        for name, group in groups.items():
            given[name] = group(**{field: given.pop(field) for field in group._fields})
        with reading_allowed((given.pop("allow_read") if reads else None) or ()):
            command(**given)

    flat.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    flat.__annotations__ = {p.name: p.annotation for p in parameters}
    return flat


def _fields(group: type[NamedTuple]) -> Iterator[Parameter]:
    """The fields of a group of options as parameters of a function."""
    for name, hint in get_type_hints(group, include_extras=True).items():
        default = group._field_defaults[name]
        yield Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=hint)
