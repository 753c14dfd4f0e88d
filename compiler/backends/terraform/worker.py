"""Uses the process that runs CDKTF, and turns what goes wrong in it into one line of advice."""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from compiler.backends.terraform.document import Document, document, dump
from compiler.backends.terraform.launch import Worker, start, start_with
from compiler.backends.tools import ToolMissing
from compiler.plan.plan import Plan

# Chosen: twenty times what two stacks of 120 blocks take on a slow machine.
TIMEOUT_S = 60.0
# Chosen: several times what it usually takes, and short enough that nobody thinks it hangs.
SILENCE_S = 5.0
# Chosen: Node prints its version in a tenth of a second.
VERSION_TIMEOUT_S = 10.0
# The oldest version that jsii does not refuse to talk about.
# Source: https://github.com/aws/jsii/blob/main/packages/@jsii/check-node/src/constants.ts
OLDEST_NODE = 18
_CACHE_TROUBLE = "jsii package cache"
_NO_CACHE = {"JSII_RUNTIME_PACKAGE_CACHE": "disabled"}
_NO_ANSWER = f"no response for {TIMEOUT_S:.0f} s"
# As Python and Node write that a disk is full, a file too large, or a quota used up.
_NO_ROOM = re.compile(r"\[Errno (27|28|122)\]|\b(EFBIG|ENOSPC|EDQUOT)\b")


def _silent(_text: str) -> None:
    """Says nothing."""


def synthesize(
    plans: Mapping[str, Plan],
    worker: Worker | None = None,
    say: Callable[[str], None] = _silent,
) -> dict[str, str]:
    """The text of `cdk.tf.json` for every plan, by the plan's name.

    Args:
        plans: What to write.
        worker: The process that writes it; left out, a new one.
        say: Is told when it takes unusually long.

    Raises:
        ToolMissing: Node or CDKTF cannot be started, or stopped half way.
    """
    used = worker or start()
    try:
        documents = {name: document(plans[name]) for name in sorted(plans)}
        folder = used.folder.path / "written"
        _run(used, str(folder), list(documents.values()), say)
        return {
            name: _written(folder / "stacks" / str(position) / "cdk.tf.json", expected)
            for position, (name, expected) in enumerate(documents.items())
        }
    except OSError as error:
        raise ToolMissing(f"cannot write temporary files ({error}): set TMPDIR") from error
    finally:
        used.stop()


def _run(
    worker: Worker, folder: str, documents: list[Document], say: Callable[[str], None]
) -> None:
    """Lets the process write the documents into a folder."""
    failure = _answer(worker, folder, documents, say)
    if _CACHE_TROUBLE in failure:
        # Home is read-only, or others may write to it; without its cache jsii is just slower.
        second = start_with(worker.engine, worker.node, _NO_CACHE)
        try:
            failure = _answer(second, folder, documents, say)
        finally:
            second.stop()
    if failure:
        raise ToolMissing(_advice(worker, failure))


def _answer(
    worker: Worker, folder: str, documents: list[Document], say: Callable[[str], None]
) -> str:
    """What went wrong, in the words of the process; empty when nothing did."""
    request = json.dumps({"folder": folder, "documents": documents}).encode()
    try:
        answer, _ = worker.process.communicate(request, timeout=SILENCE_S)
    except subprocess.TimeoutExpired:
        say(f"{worker.engine} takes longer than usual; it is stopped after {TIMEOUT_S:.0f} s")
        try:
            answer, _ = worker.process.communicate(timeout=TIMEOUT_S - SILENCE_S)
        except subprocess.TimeoutExpired:
            return _NO_ANSWER
    if not worker.process.returncode:
        return ""
    lines = answer.decode(errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "it exited without a message")


def _written(path: Path, expected: Document) -> str:
    """The text of a stack, if CDKTF wrote what it was given: it drops and merges some things."""
    content = _without_metadata(json.loads(path.read_bytes()))
    if json.dumps(content, sort_keys=True) != json.dumps(expected, sort_keys=True):
        changed = sorted(
            k for k in content.keys() | expected.keys() if content.get(k) != expected.get(k)
        )
        raise RuntimeError(f"CDKTF changed its input: {', '.join(changed)}")
    return dump(content)


def _without_metadata(content: dict[str, Any]) -> dict[str, Any]:
    """CDKTF notes its version, paths and overrides under `//`, where Terraform looks at nothing."""
    content.pop("//", None)
    for section in ("resource", "data"):
        for named in content.get(section, {}).values():
            for body in named.values():
                body.pop("//", None)
    return content


def _advice(worker: Worker, failure: str) -> str:
    """Says whether the disk is full, or Node itself is at fault."""
    if _NO_ROOM.search(failure):
        folder = tempfile.gettempdir()
        return (
            f"{worker.engine} does not have enough space for its temporary files in {folder} "
            f"({failure}): free some space, or set TMPDIR to a folder with enough space"
        )
    unset = "unset JSII_NODE to use trazo's own" if "JSII_NODE" in os.environ else "reinstall trazo"
    try:
        run = subprocess.run(  # noqa: S603 - the program that jsii was to run
            [worker.node, "--version"],
            capture_output=True,
            text=True,
            timeout=VERSION_TIMEOUT_S,
            check=True,
        )
        version = re.match(r"v(\d+)\.", run.stdout)
    except (OSError, subprocess.SubprocessError):
        version = None
    if version is None:
        return f"Node.js at {worker.node} does not run: {unset}"
    if int(version[1]) < OLDEST_NODE:
        return f"Node.js {run.stdout.strip()} is too old for {worker.engine}: {unset}"
    if failure == _NO_ANSWER:
        return (
            f"{worker.engine} hangs and nothing was written ({failure}): run trazo again, or "
            "use `--format hcl`, which does not need it"
        )
    return (
        f"{worker.engine} stopped prematurely and nothing was written ({failure}): run trazo again"
    )
