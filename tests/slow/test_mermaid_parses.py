"""Every Mermaid text is read by Mermaid itself, as GitHub does when it shows a README."""

import fcntl
import json
import os
import subprocess
from pathlib import Path

import pytest

from compiler.backends.diagram.draw import Priced, draw, draw_changes, render
from compiler.backends.diagram.model.options import Format, View
from compiler.backends.mermaid import mermaid
from compiler.backends.terraform.launch import node
from tests.plans import checked, environments
from tests.strategies.sample import sample
from tests.test_diagram_files import hostile

VERSIONS = ("mermaid@12.3.0", "jsdom@26.1.0")
"""Mermaid, and the page of a browser that it asks for."""
CACHE = Path(__file__).parents[2] / ".pytest_cache"
REQUIRED = os.environ.get("TRAZO_REQUIRE_MERMAID") == "1"
GENERATED = 40

PARSE = """
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");
const wrong = {};
for (const [name, text] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  await mermaid.parse(text).catch((error) => { wrong[name] = String(error); });
}
console.log(JSON.stringify(wrong));
"""


@pytest.fixture(scope="module")
def script() -> Path:
    """A script beside Mermaid that answers which texts it cannot read, and why."""
    CACHE.mkdir(exist_ok=True)
    home = CACHE / VERSIONS[0].replace("@", "-")
    npm = Path(node()).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    with (CACHE / "mermaid.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "node_modules" / "mermaid").exists():
            home.mkdir(exist_ok=True)
            install = [node(), str(npm), "install", "--silent", "--no-package-lock", *VERSIONS]
            run = subprocess.run(install, cwd=home, check=False)
            if run.returncode and not REQUIRED:
                pytest.skip("MERMAID CANNOT BE INSTALLED: no text was read by it")
    script = home / "parse.mjs"
    script.write_text(PARSE, encoding="utf-8")
    return script


GRAPHS = {f"{example} {env}": checked(example).graphs[env] for example, env in environments()}
"""Every environment of every shipped spec."""


def unreadable(script: Path, texts: dict[str, str]) -> dict[str, str]:
    """The texts that Mermaid cannot read, by name, each with Mermaid's own words."""
    run = subprocess.run(
        [node(), str(script)], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(run.stdout)
    return found


def test_mermaid_refuses_what_is_wrong(script: Path) -> None:
    """A reader that takes everything proves nothing."""
    assert list(unreadable(script, {"bad": 'flowchart LR\n  end["x"] --> end\n'})) == ["bad"]


@pytest.mark.parametrize("view", View)
def test_mermaid_reads_every_example(script: Path, view: View) -> None:
    """These texts stand in somebody's README."""
    texts = {name: draw(g, view, Format.MERMAID).decode() for name, g in GRAPHS.items()}

    assert unreadable(script, texts) == {}


@pytest.mark.parametrize("view", View)
def test_mermaid_reads_what_nobody_designed(script: Path, view: View) -> None:
    """Names and host names come from people."""
    graphs = [graph for one in sample(GENERATED) for graph in one.graphs.values()]
    texts = {str(i): draw(g, view, Format.MERMAID).decode() for i, g in enumerate(graphs)}

    assert unreadable(script, texts) == {}


def test_mermaid_reads_hostile_words(script: Path) -> None:
    """A quote or a bracket of a spec must not end a label."""
    assert unreadable(script, {"hostile": render(hostile(), Format.MERMAID).decode()}) == {}


def test_mermaid_reads_pictures_of_two_specs(script: Path) -> None:
    """They number their arrows, and Mermaid counts them too."""
    pairs = zip(GRAPHS.items(), reversed(GRAPHS.values()), strict=True)
    texts = {
        name: draw_changes(Priced(before), Priced(after), Format.MERMAID).decode()
        for (name, before), after in pairs
    }

    assert unreadable(script, texts) == {}


def test_mermaid_reads_dependency_graphs(script: Path) -> None:
    """`trazo graph --format mermaid` prints the same language."""
    texts = {name: mermaid(graph) for name, graph in GRAPHS.items()}

    assert unreadable(script, texts) == {}
