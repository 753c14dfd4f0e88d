"""Runs CDKTF, in a process of its own: the only file that knows CDKTF.

Python and Node talk through pipes here. On its own, this process may be silenced, stopped when Node
dies, and started before there is anything to write. It imports nothing of ours, and the package
whose name it is started with only in `engine`.
"""

import gc
import importlib
import json
import sys
from collections.abc import Mapping
from typing import Any

REFUSED = 4
"""The exit status when CDKTF refuses the documents: a mistake of ours, not of the machine."""


def main() -> int:
    """Reads documents from standard input and lets the named package write them."""
    gc.disable()  # thousands of short-lived objects, and the process ends before they matter
    package = engine(sys.argv[1])
    text = sys.stdin.buffer.read()
    if not text:
        return 0
    request = json.loads(text)
    try:
        synthesize(package, request["folder"], request["documents"])
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    return 0


def engine(name: str) -> Any:
    """CDKTF's package or that of its maintained fork, `cdktn`: both offer the same names."""
    return importlib.import_module(name)


def synthesize(cdktf: Any, folder: str, documents: list[Mapping[str, Any]]) -> None:
    """Writes the documents as `stacks/<position>/cdk.tf.json` below a folder."""
    app = cdktf.App(outdir=folder)
    for position, document in enumerate(documents):
        _stack(cdktf, cdktf.TerraformStack(app, str(position)), document)
    app.synth()


def _stack(cdktf: Any, stack: Any, document: Mapping[str, Any]) -> None:
    settings = document["terraform"]
    _backend(cdktf, stack, settings["backend"])
    stack.add_override("terraform.required_version", settings["required_version"])
    ((name, source),) = settings["required_providers"].items()
    # The version goes into the file as it is, as the constraint.
    metadata = {"provider_name": name, "provider_version": source["version"]}
    for position, arguments in enumerate(document["provider"][name]):
        provider = cdktf.TerraformProvider(
            stack,
            f"provider_{position}",
            terraform_resource_type=name,
            terraform_provider_source=source["source"],
            terraform_generator_metadata=metadata,
        )
        for argument, value in arguments.items():
            provider.add_override(argument, value)
    for section, construct in (
        ("resource", cdktf.TerraformResource),
        ("data", cdktf.TerraformDataSource),
    ):
        _blocks(construct, stack, section, document.get(section, {}), metadata)
    for label, output in document.get("output", {}).items():
        cdktf.TerraformOutput(stack, f"output.{label}", **output).override_logical_id(label)
    # All bodies in one call each, since every call of Node costs half a millisecond. The sections
    # without a construct of their own (`ephemeral`, `moved`) come into being here.
    for section in sorted(document.keys() - {"terraform", "provider", "output"}):
        stack.add_override(section, document[section])


def _backend(cdktf: Any, stack: Any, backend: Mapping[str, Any]) -> None:
    ((kind, arguments),) = backend.items()
    if kind == "local":
        cdktf.LocalBackend(stack, **arguments)
        return
    # CDKTF has no argument for the lock file, its fork does; an override suits both.
    given = {name: value for name, value in arguments.items() if name != "use_lockfile"}
    cdktf.S3Backend(stack, **given).add_override("use_lockfile", arguments["use_lockfile"])


def _blocks(
    construct: Any, stack: Any, section: str, types: Mapping[str, Any], metadata: Any
) -> None:
    for kind, name in [(kind, name) for kind, named in types.items() for name in named]:
        block = construct(
            stack,
            f"{section}.{kind}.{name}",
            terraform_resource_type=kind,
            terraform_generator_metadata=metadata,
        )
        # At once: after the first look at its name, CDKTF ignores the call.
        block.override_logical_id(name)


if __name__ == "__main__":
    sys.exit(main())
