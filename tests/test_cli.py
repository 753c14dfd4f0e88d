"""The command line: what goes to which stream, what a program can read, and how it ends."""

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from trazo.program import main
from trazo_spec.authoring.schema import json_schema

ROOT = Path(__file__).parent.parent
TRAZO = str(ROOT / "specs" / "trazo.yaml")
SMALLEST = str(ROOT / "specs" / "smallest.yaml")
BROKEN = str(ROOT / "tests" / "golden" / "broken" / "spec.yaml")
NEEDS_SPEC = ("validate", "check", "graph", "cost", "compile", "diagram", "report", "build")

WARNED = """\
trazo: 1
name: acme
region: us-east-2
state: {bucket: acme-state}
components:
  database: {kind: rds}
"""
SLIP = WARNED.replace("{kind: rds}", "{kind: rds, storge_gb: 20}  # small")
WARNED_ENOUGH = SLIP.replace("storge_gb", "storage_gb")


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """What it printed for a program."""
        return json.loads(self.out)


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Runs a command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def command(*words: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["trazo", *words])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return command


@pytest.fixture
def warned(tmp_path) -> str:
    """A spec with a warning and no error."""
    path = tmp_path / "warned.yaml"
    path.write_text(WARNED, encoding="utf-8")
    return str(path)


# How a command ends


@pytest.mark.parametrize("command", ["validate", "check", "graph", "cost"])
def test_a_right_spec_ends_with_0(run, command):
    """Scripts and CI stop at anything else."""
    assert run(command, TRAZO).code == 0


@pytest.mark.parametrize("command", NEEDS_SPEC)
def test_an_error_ends_with_1_before_anything_is_written(run, command, tmp_path):
    """Nothing is made of a spec that is wrong."""
    assert run(command, BROKEN).code == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nonsense",),
        ("validate",),
        ("validate", "nowhere.yaml"),
        ("validate", "."),
        ("validate", TRAZO, "--env", "nowhere"),
        ("check", TRAZO, "--env", "nowhere"),
        ("check", TRAZO, "-o", "findings.txt"),
        ("check", "-", "--fix"),
        ("graph", TRAZO, "--env", "nowhere"),
        ("graph", TRAZO, "--format", "nonsense"),
        ("graph", TRAZO, "--impact", "nowhere"),
        ("diagram", TRAZO, "--view", "request", "--costs"),
        ("cost", TRAZO, "--month", "2026-13"),
        ("cost", TRAZO, "--month", "soon"),
        ("cost", TRAZO, "--hours", "0"),
        ("cost", TRAZO, "--hours", "nan"),
        ("cost", TRAZO, "--month", "2026-12", "--hours", "730"),
        ("cost", TRAZO, "--profile", "huge"),
        ("init", "new.yaml", "--region", "Ohio"),
        ("init", "new.yaml", "--name", "My App"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(run, words):
    """Who calls it wrongly learns how, in a line or two, and never sees a traceback."""
    ran = run(*words)

    assert ran.code == 2
    assert "Traceback" not in ran.out + ran.err


def test_a_warning_ends_with_0(run, warned):
    """A warning never stops the main job."""
    assert run("validate", warned).code == 0


@pytest.mark.parametrize("command", ["validate", "check", "graph", "cost"])
def test_strict_lets_a_warning_end_with_1(run, warned, command):
    """A team may decide that warnings are errors."""
    assert run(command, warned, "--strict").code == 1


def test_strict_lets_a_hint_pass(run):
    """`--strict` is about warnings; a hint is only worth knowing."""
    found = run("validate", SMALLEST, "--json").json()["findings"]

    assert {f["severity"] for f in found} <= {"info"}
    assert run("validate", SMALLEST, "--strict").code == 0


def test_an_unknown_environment_is_answered_with_the_likely_one(run):
    """`--env stagin` is a slip of the pen."""
    assert "`staging`" in run("cost", TRAZO, "--env", "stagin").err


# Streams


@pytest.mark.parametrize("command", ["graph", "cost"])
def test_results_stand_alone_on_standard_output(run, warned, command):
    """A result can be piped on, whatever else is said."""
    ran = run(command, warned)

    assert ran.out
    assert "warning" in ran.err
    assert "TZ3" not in ran.out


def test_findings_go_to_standard_error_with_place_and_caret(run):
    """A terminal and an editor both know `file:line:column`."""
    err = run("validate", BROKEN).err

    assert "spec.yaml:16:14: error TZ201" in err
    assert "^^^^" in err
    assert "help: " in err


def test_quiet_leaves_out_what_is_no_error(run, warned):
    """A commit hook only speaks up when something is wrong."""
    assert run("validate", warned, "--quiet") == Ran(0, "", "")


def test_quiet_still_says_errors(run):
    """Silence would look like success."""
    assert "error TZ201" in run("validate", BROKEN, "--quiet").err


def test_no_colours_outside_of_a_terminal(run):
    """A log file is not a terminal."""
    ran = run("validate", BROKEN)

    assert "\x1b" not in ran.out + ran.err


def test_a_spec_may_come_from_standard_input(run, monkeypatch):
    """`-` is what every tool calls it."""
    stdin = io.TextIOWrapper(io.BytesIO(WARNED.encode()))
    monkeypatch.setattr(sys, "stdin", stdin)

    assert "<stdin>:6:3: warning TZ315" in run("validate", "-").err


def test_a_file_that_is_no_text_is_a_finding(run, tmp_path):
    """A picture that was given by mistake is no reason for a traceback."""
    (tmp_path / "picture.yaml").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    ran = run("validate", "picture.yaml")

    assert ran.code == 1
    assert "picture.yaml:1:1: error TZ101" in ran.err


# What a program reads


def test_validate_as_json_has_every_finding(run):
    """An editor shows them where they are."""
    ran = run("validate", BROKEN, "--json")
    document = ran.json()

    assert (ran.code, document["schema"]) == (1, "trazo.findings/1")
    assert {f["code"] for f in document["findings"]} >= {"TZ201", "TZ103", "TZ213", "TZ202"}
    assert all(f["at"]["line"] >= 1 and f["message"] for f in document["findings"])


def test_findings_of_one_environment_can_be_asked_for(run):
    """CI of staging does not fail for production's sake."""
    found = run("validate", BROKEN, "--env", "prod", "--json").json()["findings"]

    assert "TZ121" not in {f["code"] for f in found}


def test_check_as_json_is_a_document(run):
    """The same form as `validate`, with more in it."""
    assert run("check", TRAZO, "--json").json()["schema"] == "trazo.findings/1"


def test_check_as_json_has_what_is_ignored_and_what_can_be_fixed(run, tmp_path):
    """A dashboard counts the one, an editor offers the other."""
    spec = tmp_path / "spec.yaml"
    spec.write_text(f"{SLIP}checks: {{TZ315: {{severity: off, reason: a shelf}}}}\n", "utf-8")
    document = run("check", "spec.yaml", "--json").json()

    assert [f["fix"]["text"] for f in document["findings"]] == ["storage_gb"]
    assert document["fixed"] == []


def test_check_as_sarif_is_a_log(run, tmp_path):
    """GitHub shows it beside the lines of a pull request."""
    (tmp_path / "warned.yaml").write_text(WARNED, encoding="utf-8")
    document = run("check", "warned.yaml", "--format", "sarif").json()
    (result,) = (r for r in document["runs"][0]["results"] if r["ruleId"] == "TZ315")
    place = result["locations"][0]["physicalLocation"]

    assert (document["version"], place["artifactLocation"]["uri"]) == ("2.1.0", "warned.yaml")


def test_a_log_in_a_file_leaves_the_text_to_the_reader(run, tmp_path):
    """A build that stops says why in its own log, too."""
    ran = run("check", BROKEN, "--format", "sarif", "-o", "out/found.sarif")

    assert (ran.code, "error TZ201" in ran.err) == (1, True)
    assert json.loads((tmp_path / "out/found.sarif").read_text(encoding="utf-8"))["runs"]


@pytest.mark.parametrize("command", ["validate", "check"])
def test_what_is_ignored_is_counted(run, tmp_path, command):
    """Nobody forgets that something is switched off."""
    text = f"{WARNED}checks: {{TZ315: {{severity: off, reason: a shelf}}}}\n"
    (tmp_path / "spec.yaml").write_text(text, encoding="utf-8")
    ran = run(command, "spec.yaml", "--strict")

    assert (ran.code, "TZ315" in ran.err, "1 ignored" in ran.out) == (0, False, True)


def test_every_command_ignores_what_the_spec_ignores(run, tmp_path):
    """They run the same pass."""
    text = f"{WARNED}checks: {{TZ315: {{severity: off, reason: a shelf}}}}\n"
    (tmp_path / "spec.yaml").write_text(text, encoding="utf-8")

    assert [run(c, "spec.yaml", "--strict").code for c in ("graph", "cost")] == [0, 0]


def test_an_error_of_a_teams_own_stops_what_would_be_compiled(run, tmp_path):
    """A promise is kept by whoever compiles, too."""
    text = f"{WARNED}checks: {{TZ315: {{severity: error, reason: nothing lies about}}}}\n"
    (tmp_path / "spec.yaml").write_text(text, encoding="utf-8")
    ran = run("compile", "spec.yaml", "--format", "hcl", "-o", "out")

    assert (ran.code, "error TZ315" in ran.err, (tmp_path / "out").exists()) == (1, True, False)


# What is one edit away


def test_check_says_what_can_be_fixed(run, tmp_path):
    """Nobody looks for an option that nothing mentions."""
    (tmp_path / "spec.yaml").write_text(SLIP, encoding="utf-8")

    assert "1 can be fixed by `trazo check --fix`" in run("check", "spec.yaml").out


def test_fix_writes_the_file_and_says_what_it_did(run, tmp_path):
    """Each edit is named with its place, and what is left is checked."""
    (tmp_path / "spec.yaml").write_text(SLIP, encoding="utf-8")
    ran = run("check", "spec.yaml", "--fix")

    assert (tmp_path / "spec.yaml").read_text(encoding="utf-8") == WARNED_ENOUGH
    assert "spec.yaml:6:25: fixed TZ202: " in ran.out
    assert (ran.code, "1 fixed" in ran.out, "warning TZ315" in ran.err) == (0, True, True)


def test_fix_keeps_every_other_byte(run, tmp_path):
    """A mark at the front and the line ends of Windows are the writer's."""
    spec = tmp_path / "spec.yaml"
    spec.write_bytes(b"\xef\xbb\xbf" + SLIP.replace("\n", "\r\n").encode())
    run("check", "spec.yaml", "--fix")

    assert spec.read_bytes() == b"\xef\xbb\xbf" + WARNED_ENOUGH.replace("\n", "\r\n").encode()


def test_fix_keeps_a_link_and_the_rights_of_its_file(run, tmp_path):
    """The file is mended, not the name that leads to it."""
    real = tmp_path / "real.yaml"
    real.write_text(SLIP, encoding="utf-8")
    real.chmod(0o640)
    (tmp_path / "spec.yaml").symlink_to("real.yaml")
    run("check", "spec.yaml", "--fix")

    assert (tmp_path / "spec.yaml").is_symlink()
    assert (real.read_text(encoding="utf-8"), real.stat().st_mode & 0o777) == (WARNED_ENOUGH, 0o640)


def test_fix_leaves_a_file_alone_that_needs_none(run, warned):
    """Its time stays, and nothing is built anew."""
    before = Path(warned).stat().st_mtime_ns
    run("check", warned, "--fix")

    assert Path(warned).stat().st_mtime_ns == before


def test_fix_mends_one_environment_where_one_is_asked_for(run, tmp_path):
    """The other one is somebody else's."""
    slips = "environments: {{prod: {{rgion: us-east-1}}, test: {{{}: us-east-1}}}}\n"
    (tmp_path / "spec.yaml").write_text(WARNED + slips.format("rgion"), encoding="utf-8")
    run("check", "spec.yaml", "--fix", "--env", "test")

    assert (tmp_path / "spec.yaml").read_text(encoding="utf-8") == WARNED + slips.format("region")


def test_fixes_are_in_the_document(run, tmp_path):
    """A program that runs it knows what was changed."""
    (tmp_path / "spec.yaml").write_text(SLIP, encoding="utf-8")
    document = run("check", "spec.yaml", "--fix", "--json").json()

    assert [f["code"] for f in document["fixed"]] == ["TZ202"]


def test_graph_as_json_has_nodes_and_edges(run):
    """Other tools draw or search it."""
    document = run("graph", TRAZO, "--json").json()

    assert {"nodes", "edges"} <= set(document)


@pytest.mark.parametrize(
    ("form", "beginning"), [("mermaid", "flowchart"), ("dot", "digraph"), ("json", "{")]
)
def test_graph_has_forms_for_other_tools(run, form, beginning):
    """Mermaid for a pull request, dot for Graphviz."""
    assert beginning in run("graph", TRAZO, "--format", form).out[:80]


def test_impact_names_what_depends_on_a_component(run):
    """One name a line, for `xargs` and people."""
    assert "web" in run("graph", TRAZO, "--impact", "database").out.split()


def test_impact_as_json(run):
    """The same for programs."""
    document = run("graph", TRAZO, "--impact", "database", "--json").json()

    assert (document["component"], "alb" in document["affected"]) == ("database", True)


def test_cost_as_json_is_the_promised_document(run):
    """The schema's name is the promise."""
    document = run("cost", TRAZO, "--json", "--month", "2026-12").json()

    assert (document["schema"], document["environment"]) == ("trazo.cost/1", "prod")


def test_cost_of_another_environment(run):
    """`--env` chooses; without it the first one is meant."""
    document = run("cost", TRAZO, "--json", "--env", "staging").json()

    assert document["environment"] == "staging"


def test_cost_as_a_table_names_total_and_floor(run):
    """What a team wants to know first."""
    out = run("cost", TRAZO, "--month", "2026-12").out

    assert "always-on floor" in out
    assert "total" in out


def test_cost_is_the_same_every_time(run):
    """No clock and no chance stands behind a month that is named."""
    words = ("cost", TRAZO, "--json", "--month", "2026-12")

    assert run(*words).out == run(*words).out


def test_schema_prints_the_schema(run):
    """`trazo schema > trazo.schema.json` is all that an editor needs."""
    assert run("schema").json() == json_schema()


def test_schema_is_written_where_it_is_asked_for(run, tmp_path):
    """`-o` as everywhere."""
    ran = run("schema", "-o", "s.json")

    assert ran.out == ""
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8")) == json_schema()


# The first spec


def test_init_writes_a_spec_that_passes_validate(run):
    """The first file a new user sees is right."""
    run("init", "new.yaml")
    ran = run("validate", "new.yaml")

    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("option", ["--name", "--domain", "--region", "--timezone"])
def test_init_does_not_print_a_secret(run, tmp_path, option):
    """What was pasted by mistake would stand in a log of the terminal, under a caret."""
    ran = run("init", "new.yaml", option, "postgres://app:hunter2x9z@db\a")  # cannot be read

    assert ran.code == 2
    assert "hunter2x9z" not in ran.out + ran.err
    assert list(tmp_path.glob("new.yaml")) == []


def test_a_seed_without_a_simulation_changes_nothing(run):
    """A script may always pass one: it makes equal what is random, and nothing is."""
    run("init", "new.yaml")
    bills = [run("cost", "new.yaml", "--runs", "0", "--seed", n, "--json") for n in ("0", "7")]

    assert [bill.code for bill in bills] == [0, 0]
    assert bills[0].out == bills[1].out
    assert json.loads(bills[0].out)


def test_init_puts_the_schema_line_on_top(run, tmp_path):
    """Editors read it, and complete from then on."""
    run("init", "new.yaml")
    first = (tmp_path / "new.yaml").read_text(encoding="utf-8").splitlines()[0]
    name = first.partition("$schema=")[2].strip()

    assert first.startswith("# yaml-language-server: $schema=")
    assert (tmp_path / name).is_file()


def test_init_replaces_nothing(run, tmp_path):
    """A spec that exists is somebody's work."""
    (tmp_path / "new.yaml").write_text("mine", encoding="utf-8")

    assert run("init", "new.yaml").code == 2
    assert (tmp_path / "new.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("timezone", ["UTC", "Asia/Kolkata"])
def test_init_takes_the_users_own_words(run, timezone):
    """Name, domain, region and time zone are asked for, the rest can be edited."""
    own = ("--name", "shop", "--domain", "shop.io", "--region", "eu-west-1", "--timezone", timezone)
    run("init", "new.yaml", *own)

    assert run("validate", "new.yaml").code == 0


def test_version_is_that_of_the_package(run):
    """What people paste into an issue."""
    assert run("--version").out.startswith("trazo ")


@pytest.mark.parametrize(
    "command",
    ["init", "validate", "check", "graph", "compile", "diagram", "cost", "schema", "build"],
)
def test_every_command_explains_itself(run, command):
    """`--help` is the first thing that is tried."""
    ran = run(command, "--help")

    assert (ran.code, "Usage" in ran.out) == (0, True)


# Both languages of Terraform


def terraform_files(folder: Path) -> list[str]:
    """What Terraform would read below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("cdk.tf*"))


def test_hcl_needs_no_node(run, monkeypatch):
    """It is rendered by ourselves, so it also works where CDKTF does not."""
    monkeypatch.setenv("JSII_NODE", "/nowhere/node")

    assert run("compile", SMALLEST, "--format", "hcl", "-o", "out").code == 0


def test_a_change_of_format_removes_the_other_file(run, monkeypatch, tmp_path):
    """Terraform reads `cdk.tf` and `cdk.tf.json` both, and would find every resource twice."""
    monkeypatch.setenv("JSII_NODE", "/nowhere/node")
    run("compile", SMALLEST, "--format", "hcl", "-o", "out")
    monkeypatch.delenv("JSII_NODE")
    before = terraform_files(tmp_path / "out")
    run("compile", SMALLEST, "-o", "out")
    between = terraform_files(tmp_path / "out")
    run("compile", SMALLEST, "--format", "hcl", "-o", "out")

    assert (before, between, terraform_files(tmp_path / "out")) == (
        ["bootstrap/cdk.tf", "prod/cdk.tf"],
        ["bootstrap/cdk.tf.json", "prod/cdk.tf.json"],
        ["bootstrap/cdk.tf", "prod/cdk.tf"],
    )


def test_check_looks_at_the_format_that_is_asked_for(run):
    """A repository that keeps HCL is not stale."""
    run("compile", SMALLEST, "--format", "hcl", "-o", "out")

    assert run("compile", SMALLEST, "--format", "hcl", "--check", "-o", "out").code == 0


# The report


def test_a_report_goes_to_the_named_file(run, tmp_path):
    """One file, wherever it is wanted."""
    ran = run("report", SMALLEST, "--runs", "0", "-o", "pages/report.html")

    assert (ran.code, ran.out) == (0, "wrote pages/report.html\n")
    assert [str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*.*")] == ["pages/report.html"]


def test_a_report_without_a_name_stands_in_the_folder_of_the_spec(run, tmp_path):
    """Beside what `build` writes."""
    run("report", SMALLEST, "--runs", "0")

    assert (tmp_path / "out" / "smallest" / "report.html").is_file()


def test_a_report_has_all_environments_or_the_named_one(run):
    """A team looks at all of them, or sends one around."""
    each = [
        [env for env in ("prod", "staging") if f'<section class="environment" id="{env}">' in page]
        for words in ((), ("--env", "staging"))
        for page in (run("report", TRAZO, "--runs", "0", "-o", "-", *words).out,)
    ]

    assert each == [["prod", "staging"], ["staging"]]


def test_a_report_over_the_budget_is_written_and_ends_with_1(run, tmp_path):
    """The page says by how much, the exit code that it is."""
    ran = run("report", SMALLEST, "--runs", "0", "--budget", "1", "-o", "report.html")

    assert (ran.code, "TZ702" in ran.err) == (1, True)
    assert "over</b>" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_report_with_a_budget_that_is_none_is_not_written(run, tmp_path):
    """Who calls it wrongly gets nothing half right."""
    assert run("report", SMALLEST, "--runs", "0", "--budget", "nan").code == 2
    assert list(tmp_path.iterdir()) == []


# Pictures


def test_cost_shows_weeks_where_a_simulation_ran(run):
    """The closed form is for a quick look."""
    told = [run("cost", TRAZO, "--runs", runs).out for runs in ("5", "0")]

    assert ["web: tasks by hour, UTC" in out for out in told] == [True, False]


@pytest.mark.parametrize("format_", ["json", "csv", "markdown"])
def test_documents_have_no_pictures(run, format_):
    """Programs and reviews read them."""
    out = run("cost", TRAZO, "--runs", "5", "--format", format_).out

    assert not set("░▒▓█▁▂▃▄▅▆▇") & set(out)
