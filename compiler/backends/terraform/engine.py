"""Runs CDKTF, in a process of its own: the only file that knows CDKTF.

Python and Node talk through pipes here. On its own, this process may be silenced, stopped when Node
dies, and started before there is anything to write. It imports nothing of ours, and the package
whose name it is started with only in `engine`.
"""

import gc
import importlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from threading import Thread
from typing import Any, Protocol, cast


class Element(Protocol):
    """Anything of a stack."""

    def add_override(self, path: str, value: object, /) -> None:
        """Puts a value into the file; dots split the path."""

    def override_logical_id(self, new_logical_id: str, /) -> None:
        """Names a block."""


class App(Protocol):
    """All stacks of one run."""

    def synth(self) -> None:
        """Writes the files."""


class Cdktf(Protocol):
    """The names used here, which CDKTF and its maintained fork `cdktn` both offer."""

    App: Callable[..., App]
    LocalBackend: Callable[..., Element]
    S3Backend: Callable[..., Element]
    TerraformDataSource: Callable[..., Element]
    TerraformOutput: Callable[..., Element]
    TerraformProvider: Callable[..., Element]
    TerraformProviderGeneratorMetadata: Callable[..., object]
    TerraformResource: Callable[..., Element]
    TerraformStack: Callable[..., Element]


def main() -> int:
    """Reads documents from standard input and lets the named package write them."""
    gc.disable()  # thousands of short-lived objects, and the process ends before they matter
    requests: list[bytes] = []
    reading = Thread(target=_read, args=(requests,), daemon=True)
    reading.start()
    try:
        package = engine(sys.argv[1])
        reading.join()
        request = json.loads(requests[0])
        synthesize(package, request["folder"], request["documents"])
    except (BrokenPipeError, json.JSONDecodeError):  # what jsii makes of a Node that is gone
        return _failed("Node.js exited")
    except Exception as error:
        return _failed(" ".join(str(error).split()) or type(error).__name__)
    return 0


def _read(requests: list[bytes]) -> None:
    """Waits for the documents; without any, whoever started this process is gone, and so is it."""
    text = sys.stdin.buffer.read()
    if not text:
        os._exit(0)
    requests.append(text)


def _failed(reason: str) -> int:
    sys.stdout.write(f"{reason}\n")
    return 1


def engine(name: str) -> Cdktf:
    """The package of that name: `cdktf` or `cdktn`."""
    return cast("Cdktf", importlib.import_module(name))


def synthesize(cdktf: Cdktf, folder: str, documents: list[Mapping[str, Any]]) -> None:
    """Writes the documents as `stacks/<position>/cdk.tf.json` below a folder."""
    # A stack trace for every element would take half of the time.
    app = cdktf.App(outdir=folder, stack_traces=False)
    for position, document in enumerate(documents):
        _stack(cdktf, cdktf.TerraformStack(app, str(position)), document)
    app.synth()


def _stack(cdktf: Cdktf, stack: Element, document: Mapping[str, Any]) -> None:
    settings = document["terraform"]
    _backend(cdktf, stack, settings["backend"])
    stack.add_override("terraform.required_version", settings["required_version"])
    ((provider, source),) = settings["required_providers"].items()
    # The version goes into the file as it is, as the constraint.
    metadata = cdktf.TerraformProviderGeneratorMetadata(
        provider_name=provider, provider_version=source["version"]
    )
    for position, arguments in enumerate(document["provider"][provider]):
        element = cdktf.TerraformProvider(
            stack,
            f"provider.{position}",
            terraform_resource_type=provider,
            terraform_provider_source=source["source"],
            terraform_generator_metadata=metadata,
        )
        for argument, value in arguments.items():
            element.add_override(argument, value)
    _elements(cdktf, stack, document, metadata)


def _elements(cdktf: Cdktf, stack: Element, document: Mapping[str, Any], metadata: object) -> None:
    constructs = {"resource": cdktf.TerraformResource, "data": cdktf.TerraformDataSource}
    for section, construct in constructs.items():
        for kind, name in _labels(document.get(section, {})):
            block = construct(
                stack,
                f"{section}.{kind}.{name}",
                terraform_resource_type=kind,
                terraform_generator_metadata=metadata,
            )
            # At once: after the first look at its name, CDKTF ignores the call.
            block.override_logical_id(name)
    for label, output in document.get("output", {}).items():
        cdktf.TerraformOutput(stack, f"output.{label}", **output).override_logical_id(label)
    # All bodies in one call, since every call of Node costs half a millisecond. The sections
    # without a construct of their own (`ephemeral`, `moved`) come into being here.
    for section in sorted(document.keys() - {"terraform", "provider", "output"}):
        stack.add_override(section, document[section])


def _backend(cdktf: Cdktf, stack: Element, backend: Mapping[str, Any]) -> None:
    ((kind, arguments),) = backend.items()
    if kind == "local":
        cdktf.LocalBackend(stack, **arguments)
        return
    # CDKTF has no argument for the lock file, its fork does; an override suits both.
    given = {name: value for name, value in arguments.items() if name != "use_lockfile"}
    cdktf.S3Backend(stack, **given).add_override("use_lockfile", arguments["use_lockfile"])


def _labels(types: Mapping[str, Mapping[str, object]]) -> list[tuple[str, str]]:
    return [(kind, name) for kind, named in types.items() for name in named]


if __name__ == "__main__":
    sys.exit(main())
