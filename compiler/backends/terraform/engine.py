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

# What a generic resource has to say about its provider: the version is the constraint written.
_GENERATOR = "terraform_generator_metadata"
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
    metadata = {"provider_name": name, "provider_version": source["version"]}
    for position, arguments in enumerate(document["provider"][name]):
        provider = cdktf.TerraformProvider(
            stack,
            f"provider_{position}",
            terraform_resource_type=name,
            terraform_provider_source=source["source"],
            **{_GENERATOR: metadata},
        )
        for argument, value in arguments.items():
            provider.add_override(argument, value)
    _blocks(cdktf.TerraformResource, stack, document.get("resource", {}), metadata)
    _blocks(cdktf.TerraformDataSource, stack, document.get("data", {}), metadata)
    for label, output in document.get("output", {}).items():
        cdktf.TerraformOutput(stack, f"output_{label}", static_id=False, **output)


def _backend(cdktf: Any, stack: Any, backend: Mapping[str, Any]) -> None:
    ((kind, arguments),) = backend.items()
    if kind == "local":
        cdktf.LocalBackend(stack, **arguments)
        return
    # CDKTF has no argument for the lock file, its fork does; an override suits both.
    given = {name: value for name, value in arguments.items() if name != "use_lockfile"}
    cdktf.S3Backend(stack, **given).add_override("use_lockfile", arguments["use_lockfile"])


def _blocks(construct: Any, stack: Any, types: Mapping[str, Any], metadata: Any) -> None:
    for kind, named in types.items():
        for name in named:
            block = construct(
                stack,
                f"{kind}_{name}",
                terraform_resource_type=kind,
                **{_GENERATOR: metadata},
            )
            block.override_logical_id(name)


if __name__ == "__main__":
    sys.exit(main())
