"""Command lines that contradict themselves or cannot be meant, and what programs get on failure."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from trazo.program import app

ROOT = Path(__file__).parent.parent
TRAZO = str(ROOT / "specs" / "trazo.yaml")
SMALLEST = str(ROOT / "specs" / "smallest.yaml")
BROKEN = str(ROOT / "tests" / "golden" / "broken" / "spec.yaml")
ONE_WRONG = """\
trazo: 1
name: acme
region: us-east-2
state: {bucket: acme-state}
components:
  web: {kind: ecs, image: "acme/web:1"}
environments:
  prod: {components: {web: {cpuu: 256}}}
  staging: {}
"""
STAGING_ALONE = "staging: {components: {files: {kind: s3, purpose: media}}}"


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Runs a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, list(words), env={"COLUMNS": "200"})


CONTRADICTIONS = {
    ("graph", TRAZO, "--format", "dot", "--json"): "`--json` contradicts `--format dot`",
    ("graph", TRAZO, "--format", "tree", "--json"): "`--json` contradicts `--format tree`",
    ("cost", TRAZO, "--format", "csv", "--json"): "`--json` contradicts `--format csv`",
    ("cost", TRAZO, "--format", "table", "--json"): "`--json` contradicts `--format table`",
    ("diff", TRAZO, TRAZO, "--format", "markdown", "--json"): "contradicts `--format markdown`",
    ("check", TRAZO, "--format", "sarif", "--json"): "`--json` contradicts `--format sarif`",
    ("graph", TRAZO, "--impact", "web", "--format", "dot"): "leave out `--format dot`",
    ("graph", TRAZO, "--impact", "web", "--format", "mermaid"): "leave out `--format mermaid`",
    ("graph", TRAZO, "--impact", "nope"): "no component is called `nope`: use one of `alb`, `alb.",
    ("cost", TRAZO, "--explain", "web", "--format", "csv"): "leave out `--format csv`",
    ("cost", TRAZO, "--explain", "web", "--what-if"): "leave out `--what-if`",
    ("cost", TRAZO, "--explain", "web", "--group", "kind"): "leave out `--group kind`",
    ("cost", TRAZO, "--what-if", "--all"): "`--what-if` prints a table for one environment",
    ("cost", TRAZO, "--what-if", "--format", "csv"): "leave out `--format csv`",
    ("cost", TRAZO, "--group", "kind", "--sweep"): "leave out `--sweep`",
    ("cost", TRAZO, "--sweep", "--format", "csv"): "leave out `--format csv`",
    ("cost", TRAZO, "--sweep", "--format", "markdown"): "leave out `--format markdown`",
    ("diff", "-", "-"): "give a file for the other one",
    ("diagram", TRAZO, "-o", "x.svg", "--overwrite", "x.svg"): "leave out `--overwrite x.svg`",
    ("report", TRAZO, "-o", "x.html", "--overwrite", "x.html"): "leave out `--overwrite x.html`",
    ("cost", TRAZO, "--sweep", "--runs", "0"): "`--sweep` requires a simulation",
    ("cost", TRAZO, "--all", "--env", "prod"): "not both",
    ("diagram", TRAZO, "--format", "dot", "--json"): "set one with `--output`",
    ("diagram", TRAZO, "--format", "dot", "--theme", "dark"): "dot does not have its own colors",
    ("report", TRAZO, "-o", "-", "--json"): "set one with `--output`",
    ("validate", TRAZO, "--env", "prod", "--env", "staging"): "`--env` is given 2 times",
    ("cost", TRAZO, "--runs", "1", "--runs", "2"): "`--runs` is given 2 times",
    ("compile", TRAZO, "-o", "a", "--output", "b"): "`--output` is given 2 times",
    ("validate", TRAZO, "--env", ""): "`--env` is empty",
    ("compile", TRAZO, "--base", ""): "`--base` is empty",
    ("prices", "show", "--region", ""): "`--region` is empty",
    ("cost", TRAZO, "--budget", "-1"): "-1 is not a valid amount",
    ("cost", TRAZO, "--budget", "nan"): "nan is not a valid amount",
    ("report", TRAZO, "--budget", "inf"): "inf is not a valid amount",
    ("report", TRAZO, "--budget", "1e13"): "is not a valid amount",
    ("cost", TRAZO, "--month", "0001-01"): "from 2006 to 2199",
    ("cost", TRAZO, "--month", "9999-12"): "from 2006 to 2199",
    ("cost", TRAZO, "--hours", "nan"): "nan hours",
    ("cost", TRAZO, "--hours", "inf"): "inf hours",
    ("cost", TRAZO, "--hours", "-1"): "-1 hours",
    ("cost", TRAZO, "--hours", "1e-300"): "1e-300 hours",
    ("cost", TRAZO, "--runs", "-1"): "--runs",
    ("cost", TRAZO, "--seed", "1e9"): "--seed",
    ("cost", TRAZO, "--prices", "nowhere.yaml"): "cannot be read",
    ("cost", TRAZO, "--prices", "."): "cannot be read",
    ("prices", "show", "--region", "mars"): "not contain the region `mars`: use one of `edge-eu`",
    (
        "prices",
        "show",
        "--region",
        "us-east-2",
        "--region",
        "mars",
    ): "not contain the region `mars`",
    ("prices", "show", "--item", "alb_hours"): "did you mean `alb_hour`?",
    ("prices", "show", "--item", "redis_*", "--region", "edge-us"): "has a price in edge-us",
    ("prices", "show", "."): "is not a spec",
}


@pytest.mark.parametrize(("words", "message"), CONTRADICTIONS.items(), ids=lambda v: str(v)[:60])
def test_what_cannot_be_meant_is_refused_before_any_work(run, words, message):
    """One line says what to leave out; nothing is printed or written that could be taken for it."""
    result = run(*words)

    assert isinstance(result.exception, SystemExit)
    assert (result.exit_code, list(Path.cwd().iterdir())) == (2, [])
    assert message in result.stderr
    assert result.stdout == "" or json.loads(result.stdout)["schema"] == "trazo.error/1"


FAILURES = {
    ("validate", "nowhere.yaml", "--json"): (2, "trazo.error/1"),
    ("validate", "--json"): (2, "trazo.error/1"),
    ("validate", TRAZO, "--json", "--env", "nope"): (2, "trazo.error/1"),
    ("validate", BROKEN, "--json"): (1, "trazo.findings/1"),
    ("check", "nowhere.yaml", "--format", "sarif"): (2, "trazo.error/1"),
    ("check", "nowhere.yaml", "--format=json"): (2, "trazo.error/1"),
    ("check", BROKEN, "--json"): (1, "trazo.findings/1"),
    ("graph", TRAZO, "--json", "--nope"): (2, "trazo.error/1"),
    ("graph", TRAZO, "--impact", "nope", "--format", "json"): (2, "trazo.error/1"),
    ("graph", BROKEN, "--json"): (1, "trazo.findings/1"),
    ("cost", BROKEN, "--json"): (1, "trazo.findings/1"),
    ("cost", SMALLEST, "--json", "--runs", "0", "--budget", "1"): (1, "trazo.cost/1"),
    ("cost", SMALLEST, "--json", "--explain", "nope", "--runs", "0"): (2, "trazo.error/1"),
    ("cost", SMALLEST, "--json", "--prices", "book.yaml"): (1, "trazo.findings/1"),
    ("diff", SMALLEST, BROKEN, "--json"): (1, "trazo.findings/1"),
    ("diff", "nope:x", SMALLEST, "--json"): (2, "trazo.error/1"),
    ("review", "nowhere.json", "--json"): (2, "trazo.error/1"),
    ("review", SMALLEST, "--format", "json"): (2, "trazo.error/1"),
    ("compile", BROKEN, "--json"): (1, "trazo.findings/1"),
    ("compile", SMALLEST, "--json", "--format", "hcl", "-o", "taken"): (1, "trazo.error/1"),
    ("compile", SMALLEST, "--json", "--format", "hcl", "--check"): (1, "trazo.files/1"),
    ("build", BROKEN, "--json"): (1, "trazo.findings/1"),
    ("diagram", BROKEN, "--json"): (1, "trazo.findings/1"),
    ("diagram", SMALLEST, "--json", "-o", "book.yaml/x.svg"): (1, "trazo.error/1"),
    ("report", BROKEN, "--json"): (1, "trazo.findings/1"),
    ("prices", "show", "--json", "--region", "mars"): (2, "trazo.error/1"),
    ("prices", "update", "nowhere.yaml", "--json"): (2, "trazo.error/1"),
    ("nope", "--json"): (2, "trazo.error/1"),
    ("prices", "nope", "--json"): (2, "trazo.error/1"),
}


@pytest.mark.parametrize(("words", "expected"), FAILURES.items(), ids=lambda v: str(v)[-60:])
def test_a_program_that_asked_for_json_gets_one_document_on_failure(run, words, expected):
    """Standard output is JSON in every case, and the exit code is what it is without."""
    Path("book.yaml").write_text("prices: [{item: alb_hour, usd: -1}]\n", "utf-8")
    Path("taken").write_text("a file", "utf-8")
    result = run(*words)
    document = json.loads(result.stdout)

    assert (result.exit_code, document["schema"]) == expected
    if document["schema"] == "trazo.error/1":
        assert set(document) == {"schema", "kind", "message", "exit_code"}
        assert document["exit_code"] == result.exit_code
        assert document["message"]
    elif document["schema"] == "trazo.findings/1":
        assert document["findings"]


def test_a_missing_tool_is_said_as_json(run, monkeypatch):
    """Exit code 3 and what to install."""
    monkeypatch.setenv("PATH", "")
    result = run("diff", "HEAD:specs/smallest.yaml", SMALLEST, "--json")

    assert json.loads(result.stdout)["kind"] == "tool missing"


def test_who_did_not_ask_for_json_gets_none(run):
    """Standard output stays empty for `trazo ... > file`."""
    assert run("cost", "nowhere.yaml").stdout == ""
    assert run("compile", "nowhere.yaml", "--format", "json").stdout == ""


def test_validate_says_what_it_looked_at(run, tmp_path):
    """An error in the other environment is not `no findings: prod, staging`."""
    (tmp_path / "app.yaml").write_text(ONE_WRONG, "utf-8")
    one = run("validate", "app.yaml", "--env", "staging", "-q")
    told = run("validate", "app.yaml", "--env", "staging")
    both = run("validate", "app.yaml")
    document = json.loads(run("validate", "app.yaml", "--env", "staging", "--json").stdout)

    assert (one.exit_code, both.exit_code) == (0, 1)
    assert "app.yaml: staging only, 1 more not checked" in told.stdout
    assert "app.yaml: prod, staging" in both.stdout
    assert document["environments"] == ["staging"]


@pytest.mark.parametrize("command", ["validate", "check", "report", "graph", "compile", "cost"])
def test_the_help_of_env_is_true(run, command):
    """Some commands look at all environments when none is named, others at the first."""
    said = " ".join(run(command, "--help").stdout.split())
    all_of_them = command in ("validate", "check", "report")

    assert ("by default all of them" in said) is all_of_them
    assert ("by default the spec's first" in said) is not all_of_them


def test_printed_commands_can_be_pasted(run, tmp_path):
    """A folder or file with a space in its name, too."""
    spec = tmp_path / "my spec.yaml"
    spec.write_text(Path(SMALLEST).read_text("utf-8"), "utf-8")
    told = run("compile", "my spec.yaml", "--format", "hcl")
    begun = run("init", "a new/$(spec).yaml")
    hinted = run("graph", "my spec.yaml")

    assert "next: cd 'out/my spec/prod' && terraform init" in told.stderr
    assert "next: trazo validate 'a new/$(spec).yaml'" in begun.stderr
    assert "trazo validate" not in hinted.stderr or "'my spec.yaml'" in hinted.stderr


def test_a_bad_price_book_is_a_finding_with_its_line(run, tmp_path):
    """As in a spec: file, line, column, the line itself and what to do."""
    (tmp_path / "book.yaml").write_text("prices:\n  - {item: alb_hour, usd: -1}\n", "utf-8")
    result = run("cost", SMALLEST, "--prices", "book.yaml", "--runs", "0")

    assert result.exit_code == 1
    assert "book.yaml:2:27: error TZ704: `usd` is `-1`; it must be 0 or more" in result.stderr
    assert "{item: alb_hour, usd: -1}" in result.stderr
    assert result.stdout == ""


def test_a_bad_catalogue_beside_a_spec_is_a_finding(run, tmp_path):
    """A pull request may bring one."""
    spec = tmp_path / "app.yaml"
    spec.write_text(Path(SMALLEST).read_text("utf-8"), "utf-8")
    (tmp_path / "trazo-prices.csv").write_text('item,"region"x\n', "utf-8")
    result = run("cost", "app.yaml", "--runs", "0", "--json")
    (found,) = json.loads(result.stdout)["findings"]

    assert (result.exit_code, found["code"], found["at"]["line"]) == (1, "TZ703", 1)


def test_a_run_of_the_program_itself_says_the_same(tmp_path):
    """Through `main`, which turns what is left into lines."""
    words = [sys.executable, "-m", "trazo", "cost", "nowhere.yaml", "--json"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path, env=env)

    assert ran.returncode == 2
    assert json.loads(ran.stdout)["kind"] == "wrong usage"
    assert ran.stderr.startswith("trazo: nowhere.yaml cannot be read")


def _with_closed(stream: str, words: tuple[str, ...], folder: Path):
    """A run of the program with a standard stream closed, as of `trazo ... >&-`."""
    command = ["sh", "-c", f'exec "$@" {stream}', "sh", sys.executable, "-m", "trazo", *words]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, check=False, cwd=folder, env=env)


@pytest.mark.parametrize(
    "words",
    [("validate", SMALLEST), ("schema",), ("prices", "show", "--json"), ("--version",)],
    ids=lambda words: words[0],
)
def test_a_result_that_goes_nowhere_is_said(tmp_path, words):
    """Exit code 0 would mean that somebody has it."""
    ran = _with_closed(">&-", words, tmp_path)

    assert ran.returncode == 1
    assert ran.stderr == (
        b"trazo: cannot write the output (standard output is closed): remove `>&-`\n"
    )


def test_what_is_said_to_nobody_does_not_land_in_the_result(tmp_path):
    """And no file of ours gets the number of standard error."""
    ran = _with_closed("2>&-", ("init", "app.yaml"), tmp_path)
    graph = _with_closed("2>&-", ("graph", "app.yaml", "--json"), tmp_path)

    assert (ran.returncode, ran.stdout) == (0, b"")
    assert (graph.returncode, json.loads(graph.stdout)["schema"]) == (0, "trazo.graph/1")


def test_without_any_stream_the_exit_code_is_left(tmp_path):
    """As for a program that a daemon starts."""
    words = ("schema", "-o", "schema.json")

    assert _with_closed("<&- >&- 2>&-", words, tmp_path).returncode == 0
    assert json.loads((tmp_path / "schema.json").read_text("utf-8"))["title"]


def test_an_unknown_component_is_refused_before_anything_is_priced(run, monkeypatch):
    """Pricing takes most of the time."""
    monkeypatch.setattr("trazo.commands.cost.priced", lambda *_, **__: pytest.fail("was priced"))
    result = run("cost", TRAZO, "--explain", "databse")

    assert (result.exit_code, "did you mean `database`?" in result.stderr) == (2, True)


def test_a_component_of_one_environment_is_explained_there(run, tmp_path):
    """The other one says nothing of it, and is no reason to end half way."""
    spec = ONE_WRONG.replace("cpuu: 256", "cpu: 256").replace("staging: {}", STAGING_ALONE)
    (tmp_path / "spec.yaml").write_text(spec, "utf-8")
    result = run("cost", "spec.yaml", "--all", "--explain", "files", "--runs", "0", "-q")

    assert (result.exit_code, result.stdout.count("files: $")) == (0, 1)


HEADER = "item,region,unit,tier_from,usd,effective,source,confidence,note\n"
OTHER_UNIT = HEADER + "alb_hour,us-east-1,=h,0,1,2026-11-01,page,vendor-page,\n"


@pytest.mark.parametrize(
    "words",
    [("cost", "--runs", "0"), ("cost", "--json"), ("check",), ("report",), ("diff", SMALLEST)],
    ids=" ".join,
)
def test_a_price_in_another_unit_is_a_finding_with_its_place(run, tmp_path, words):
    """An hour at the price of a GB would be a number like any other."""
    (tmp_path / "spec.yaml").write_text(Path(SMALLEST).read_text("utf-8"), "utf-8")
    (tmp_path / "trazo-prices.csv").write_text(OTHER_UNIT, "utf-8")
    result = run(*words, "spec.yaml")

    assert result.exit_code == 1
    assert "trazo-prices.csv:2:20: error TZ705: `alb_hour` is priced per `=h`" in result.stderr
    assert "give a price per `hour`" in result.stderr


def test_a_new_item_of_a_price_book_in_another_unit_is_a_finding(run, tmp_path):
    """The catalogue knows nothing of it that the reader of the book could compare."""
    spec = ONE_WRONG.replace(
        "  prod: {components: {web: {cpuu: 256}}}\n  staging: {}", "  prod: {}"
    )
    database = "  database: {kind: rds, instance_class: db.z9z.nano}\nenvironments:"
    (tmp_path / "spec.yaml").write_text(spec.replace("environments:", database), "utf-8")
    item = "rds_postgresql_single_az_hour:db.z9z.nano"
    entry = f'prices:\n- {{item: "{item}", usd: 1, unit: minute}}\n'
    (tmp_path / "book.yaml").write_text(entry, "utf-8")
    result = run("cost", "spec.yaml", "--runs", "0", "--prices", "book.yaml")

    assert result.exit_code == 1
    assert f"book.yaml:2:10: error TZ705: `{item}` is priced per `minute`" in result.stderr


@pytest.mark.parametrize("kind", ["a folder", "a pipe", "a link to nothing"])
@pytest.mark.parametrize("words", [("cost", "--runs", "0"), ("check",), ("prices", "show")])
def test_prices_beside_a_spec_that_cannot_be_read_are_said(run, tmp_path, kind, words):
    """A bill at other prices than those that lie there would be believed."""
    (tmp_path / "spec.yaml").write_text(Path(SMALLEST).read_text("utf-8"), "utf-8")
    prices = tmp_path / "trazo-prices.csv"
    if kind == "a folder":
        prices.mkdir()
    elif kind == "a pipe":
        os.mkfifo(prices)
    else:
        prices.symlink_to("nothing.csv")
    result = run(*words, "spec.yaml")

    assert (result.exit_code, "is not a file that prices can be read from" in result.stderr) == (
        2,
        True,
    )
