"""`compile`, `diagram` and `build`: what they write and leave alone, and that it is stable."""

import json
import sys
from pathlib import Path

import pytest

from trazo.program import main

ROOT = Path(__file__).parents[2]
SMALLEST = ROOT / "specs" / "smallest.yaml"
TRAZO = ROOT / "specs" / "trazo.yaml"


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Runs a command in an empty folder and gives its exit code."""
    monkeypatch.chdir(tmp_path)

    def command(*words: object) -> int:
        monkeypatch.setattr(sys, "argv", ["trazo", *map(str, words)])
        try:
            main()
        except SystemExit as stop:
            return int(stop.code or 0)
        return 0

    return command


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): p.read_bytes() for p in paths}


def test_build_does_everything_for_every_environment(run, tmp_path):
    """The main job: one command, one folder."""
    code = run("build", TRAZO, "-o", "out", "--month", "2026-12")
    names = ("cdk.tf.json", "cost.json", "cost.txt", "overview.mmd", "overview.png", "overview.svg")
    each = {f"{env}/{name}" for env in ("prod", "staging") for name in names}

    assert (code, set(files(tmp_path / "out"))) == (
        0,
        {*each, "bootstrap/cdk.tf.json", "report.html", ".trazo-manifest.json"},
    )


def test_build_writes_the_same_bytes_every_time(run, tmp_path):
    """What is under version control changes only when the spec does."""
    run("build", SMALLEST, "-o", "one", "--month", "2026-12")
    run("build", SMALLEST, "-o", "two", "--month", "2026-12")

    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_build_leaves_the_files_of_others_alone(run, tmp_path):
    """A state file or a note in the folder is not ours to remove."""
    others = {"prod/terraform.tfstate": "{}", "prod/.terraform/x": "x", "notes.md": "mine"}
    for name, text in others.items():
        path = tmp_path / "out" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    run("build", SMALLEST, "-o", "out")

    assert {n: (tmp_path / "out" / n).read_text(encoding="utf-8") for n in others} == others


def test_build_removes_what_an_environment_that_is_gone_left_behind(run, tmp_path):
    """A folder that nobody compiles any more would be applied by mistake."""
    spec = tmp_path / "spec.yaml"
    text = SMALLEST.read_text(encoding="utf-8")
    overlay = (
        "  test: {components: {alb: {hostname: test.hello-example.com}, zone: {existing: true}}}\n"
    )
    spec.write_text(f"{text}environments:\n  prod: {{}}\n{overlay}", encoding="utf-8")
    run("build", spec, "-o", "out")
    spec.write_text(text, encoding="utf-8")
    run("build", spec, "-o", "out")

    assert [name for name in files(tmp_path / "out") if name.startswith("test/")] == []


def test_build_as_json_is_one_document(run, capsys):
    """CI reads it, and nothing else stands on standard output."""
    run("build", SMALLEST, "-o", "out", "--json")
    document = json.loads(capsys.readouterr().out)

    assert (document["schema"], list(document["environments"])) == ("trazo.build/1", ["prod"])


def test_build_judges_a_cost_alike_in_its_document_and_in_its_file(run, tmp_path, capsys):
    """A program that reads either must not count what the spec switches off."""
    text = SMALLEST.read_text(encoding="utf-8")
    cache = "  exotic: {kind: redis, node_type: cache.x9.tiny}\n"
    checks = "checks: {TZ701: {severity: off, reason: our own contract}}\n"
    Path("spec.yaml").write_text(f"{checks}{text}{cache}", encoding="utf-8")
    run("build", "spec.yaml", "-o", "out", "--json", "--runs", "0")
    document = json.loads(capsys.readouterr().out)
    written = json.loads((tmp_path / "out" / "prod" / "cost.json").read_text(encoding="utf-8"))

    assert written["unpriced"]
    assert (written["findings"], document["environments"]["prod"]["cost"]) == ([], written)


def test_compile_writes_what_check_then_finds_fresh(run):
    """`trazo compile --check` in CI says whether somebody forgot to compile."""
    run("compile", SMALLEST, "-o", "out")

    assert run("compile", SMALLEST, "-o", "out", "--check") == 0


def test_check_finds_a_spec_that_has_changed(run, tmp_path):
    """Stale Terraform is the old infrastructure."""
    spec = tmp_path / "spec.yaml"
    text = SMALLEST.read_text(encoding="utf-8")
    spec.write_text(text, encoding="utf-8")
    run("compile", spec, "-o", "out")
    before = files(tmp_path / "out")
    spec.write_text(text.replace("port: 80", "port: 81"), encoding="utf-8")

    assert run("compile", spec, "-o", "out", "--check") == 1
    assert files(tmp_path / "out") == before


def test_compile_agrees_with_what_is_rendered_without_cdktf(run, tmp_path):
    """The golden files are written without Node; CDKTF must say the same."""
    run("compile", TRAZO, "-o", "out")
    golden = ROOT / "tests" / "golden" / "trazo" / "prod" / "cdk.tf.json"

    assert (tmp_path / "out" / "prod" / "cdk.tf.json").read_text(encoding="utf-8") == (
        golden.read_text(encoding="utf-8")
    )


@pytest.mark.parametrize(
    ("form", "beginning"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("mermaid", b"flowchart")]
)
def test_diagram_writes_every_form_to_standard_output(run, capfdbinary, form, beginning):
    """`-o -` is for pipes."""
    run("diagram", SMALLEST, "--format", form, "-o", "-")
    picture = capfdbinary.readouterr().out

    assert beginning in picture[:300]
