"""Other readers of YAML 1.2 and other validators of JSON Schema say of every spec what we say."""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from compiler.backends.terraform.launch import node
from trazo_spec.authoring.schema import json_schema
from trazo_spec.authoring.template import template
from trazo_spec.yaml.located import plain
from trazo_spec.yaml.reading import read

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".pytest_cache"
REQUIRED = os.environ.get("TRAZO_REQUIRE_READERS") == "1"
OF_PYTHON = (
    *("py-yaml12==0.2.0", "jsonschema-rs==0.61.2", "fastjsonschema==2.22.3"),
    "jsonschema==4.26.0",
)
OF_NODE = ("yaml@2.9.1", "js-yaml@5.5.0", "ajv@8.20.0")
HOME = CACHE / "yaml-readers-1"
"""Where they are installed; another number where the versions above change."""
READERS = {"py-yaml12", "yaml", "js-yaml"}
VALIDATORS = {"jsonschema", "jsonschema-rs", "ajv"}
NOT_ASKED = {
    "fastjsonschema": "knows JSON Schema up to draft 7 and takes any list for a tuple, since it "
    "passes over the keyword `prefixItems` without a word",
}
"""Validators whose verdict does not count, with the fault that a test shows."""

PYTHON = """
import json, sys
import fastjsonschema, jsonschema, jsonschema_rs, yaml12
given = json.load(sys.stdin)
schema = given["schema"]
ours, rust = jsonschema.Draft202012Validator(schema), jsonschema_rs.Draft202012Validator(schema)
values, verdicts = {}, {"jsonschema": {}, "jsonschema-rs": {}}
for name, text in given["texts"].items():
    try:
        values[name] = yaml12.parse_yaml(text)
    except Exception as error:
        values[name] = repr(error)
for name, document in given["documents"].items():
    verdicts["jsonschema"][name] = ours.is_valid(document)
    verdicts["jsonschema-rs"][name] = rust.is_valid(document)
dialect = "https://json-schema.org/draft/2020-12/schema"
tuples = {"$schema": dialect, "prefixItems": [{"type": "string"}]}
fault = fastjsonschema.compile(tuples)([1]) == [1] and not jsonschema_rs.is_valid(tuples, [1])
answer = {"values": {"py-yaml12": values}, "verdicts": verdicts, "fault": fault}
print(json.dumps(answer, default=lambda tagged: tagged.value))
"""

NODE = """
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { load, CORE_SCHEMA } from "js-yaml";
import Ajv from "ajv/dist/2020.js";
const given = JSON.parse(readFileSync(0, "utf8"));
const readers = {
  yaml: (text) => parse(text, { version: "1.2", schema: "core" }),
  "js-yaml": (text) => load(text, { schema: CORE_SCHEMA }),
};
const values = { yaml: {}, "js-yaml": {} };
for (const [reader, read] of Object.entries(readers))
  for (const [name, text] of Object.entries(given.texts))
    try { values[reader][name] = read(text); }
    catch (error) { values[reader][name] = String(error); }
const strict = { strict: true, strictTypes: true, strictTuples: true };
const valid = new Ajv.default(strict).compile(given.schema);
const ajv = {};
for (const [name, document] of Object.entries(given.documents)) ajv[name] = valid(document);
console.log(JSON.stringify({ values, verdicts: { ajv } }));
"""


def texts() -> dict[str, str]:
    """Every spec of the repository that our reader reads."""
    paths = [
        *(ROOT / "specs").glob("*.yaml"),
        *(ROOT / "tests" / "golden").glob("*/spec.yaml"),
        *(ROOT / "tests" / "earlier_specs").glob("*.yaml"),
        *(ROOT / "tests" / "fixtures").glob("TZ*/*.yaml"),
    ]
    files = {str(p.relative_to(ROOT)): p.read_bytes().decode("utf-8", "replace") for p in paths}
    files["template"] = template("acme", "acme.io", "us-east-2", "UTC", "a.yaml", "a.json")
    files["scalars"] = "".join(f"k{i}: {written}\n" for i, written in enumerate(SCALARS))
    return {name: text for name, text in files.items() if read(text, name)[1] == ()}


SCALARS = (
    *(
        "1_000",
        "8_0",
        "0b11",
        "017",
        "0o17",
        "0x1F",
        "+1",
        "-0.5",
        ".5",
        "1.",
        "1e3",
        "+.5",
        "1E-2",
    ),
    *(
        "true",
        "True",
        "TRUE",
        "tRUE",
        "yes",
        "no",
        "on",
        "off",
        "y",
        "~",
        "null",
        "NULL",
        "nULL",
        "",
    ),
    *("20:00", "190:20:30", "2026-12-24T18:00:00", "2026-12-24", "=", "16.10", "'1'", '"1"', "! 5"),
    *("+0x1F", "0o1_7", "0x1_F", "1_0.5", "!!str 5", "!!int 5", "a # b\u2028c", "'a\u2028b'"),
)
"""What readers have disagreed about."""


@pytest.fixture(scope="module")
def asked() -> dict[str, dict[str, object]]:
    """What readers made of each text, what validators said of each document, and ours of both."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "yaml-readers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _installed("PYTHON", HOME / "python", _pip)
        _installed("NODE", HOME / "node", _npm)
    files = texts()
    documents = {name: _value(text) for name, text in files.items()}
    given = json.dumps({"texts": files, "documents": documents, "schema": json_schema()})
    (HOME / "node" / "ask.mjs").write_text(NODE, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(HOME / "python")}
    of_python = _run([sys.executable, "-c", PYTHON], given, environment)
    of_node = _run([node(), str(HOME / "node" / "ask.mjs")], given, dict(os.environ))
    return {
        "ours": documents,
        "values": {**of_python["values"], **of_node["values"]},
        "verdicts": {**of_python["verdicts"], **of_node["verdicts"]},
        "faults": {"fastjsonschema": of_python["fault"]},
    }


def _value(text: str) -> object:
    document, _ = read(text, "x.yaml")
    assert document is not None
    return plain(document)


def _run(command: list[str], given: str, environment: dict[str, str]) -> dict[str, dict]:
    run = subprocess.run(
        command, input=given, capture_output=True, text=True, env=environment, check=False
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def _installed(what: str, home: Path, install: list[str]) -> None:
    """Installs once; skips aloud where that cannot be done."""
    done = home / "installed"
    if done.exists():
        return
    home.mkdir(parents=True, exist_ok=True)
    run = subprocess.run(install, cwd=home, capture_output=True, text=True, check=False)
    if run.returncode:
        message = (
            f"THE READERS OF {what} CANNOT BE INSTALLED, SO NONE WAS ASKED: {run.stderr[-300:]}"
        )
        if REQUIRED:
            pytest.fail(message)
        pytest.skip(message)
    done.touch()


_pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", ".", *OF_PYTHON]
_npm = [
    node(),
    str(Path(node()).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    *("install", "--silent", "--no-package-lock", "--prefix", ".", *OF_NODE),
]


def test_there_are_specs_to_read(asked):
    """An empty list would agree about everything."""
    assert len(asked["ours"]) > 300
    assert {"scalars", "template"} <= asked["ours"].keys()
    assert set(asked["values"]) == READERS
    assert set(asked["verdicts"]) == VALIDATORS


@pytest.mark.parametrize("reader", sorted(READERS))
def test_every_reader_of_yaml_1_2_reads_what_we_read(reader, asked):
    """A number that is text to others is a spec that only trazo can read."""
    theirs, ours = asked["values"][reader], asked["ours"]

    assert {n: theirs[n] for n in ours if not _same(theirs[n], ours[n])} == {}


def _same(one: object, other: object) -> bool:
    """Whether two values are alike; JSON does not tell 1000 from 1000.0, but true from 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


@pytest.mark.parametrize("validator", sorted(VALIDATORS - {"jsonschema"}))
def test_every_validator_has_the_same_verdict(validator, asked):
    """An editor that marks what trazo takes, or takes what it refuses, is no help."""
    verdicts = asked["verdicts"]
    differ = {n for n, valid in verdicts["jsonschema"].items() if verdicts[validator][n] != valid}

    assert differ == set()


def test_every_shipped_spec_is_valid(asked):
    """And those of before whose numbers only YAML 1.1 knows are not."""
    valid = asked["verdicts"]["ajv"]
    old = {"arm64-mixed-capacity", "corner-cases", "static-site", "trazo"}
    refused = {n for n, v in valid.items() if not v and not n.startswith("tests/fixtures/")}

    assert refused == {"scalars", *(f"tests/earlier_specs/{name}.yaml" for name in old)}


@pytest.mark.parametrize("validator", sorted(NOT_ASKED))
def test_a_validator_that_is_not_asked_has_the_fault_that_is_said(validator, asked):
    """Once it is mended, it is asked as well."""
    assert asked["faults"][validator] is True
