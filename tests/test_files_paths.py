"""Paths on the command line: what they mean, what is refused, and what a spec may have read."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from trazo.program import main
from trazo_spec.load import load
from trazo_spec.traces import named_traces

ROOT = Path(__file__).parent.parent
SMALLEST = (ROOT / "specs" / "smallest.yaml").read_text(encoding="utf-8")
TRACED = """\
trazo: 1
name: shop
region: us-east-2
state: {{bucket: shop-state}}
components:
  web: {{kind: ecs, image: "acme/web:1", capacity: {{on_demand: {{weight: 1}}}}}}
traffic:
  demand:
    web: {{timezone: UTC, cpu_s_per_request: 0.05, trace: {{file: {file}}}}}
"""
DAY = "".join(f"2026-11-02 {hour:02}:00:00,{hour}\n" for hour in range(24))


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Runs a command in a folder of its own, beside `s.yaml`."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("COLUMNS", "300")
    Path("s.yaml").write_text(SMALLEST, encoding="utf-8")

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


def _there() -> list[str]:
    return sorted(p.name for p in Path().iterdir())


@pytest.mark.parametrize(
    "words",
    [
        ("validate", ""),
        ("check", ""),
        ("graph", ""),
        ("cost", ""),
        ("diagram", ""),
        ("diff", "", "s.yaml"),
        ("diff", "s.yaml", ""),
        ("init", ""),
        ("schema", "-o", ""),
        ("report", "s.yaml", "-o", ""),
        ("diagram", "s.yaml", "-o", ""),
        ("compile", "s.yaml", "-o", ""),
        ("build", "s.yaml", "-o", ""),
        ("check", "s.yaml", "--format", "json", "-o", ""),
        ("cost", "s.yaml", "--prices", ""),
        ("validate", "s.yaml", "--allow-read", ""),
        ("prices", "show", ""),
    ],
    ids=" ".join,
)
def test_an_empty_path_is_wrong_usage(run, words):
    """A variable of a script that is not set must not mean this folder."""
    ran = run(*words)

    assert (ran.code, "must not be empty" in ran.err) == (2, True)
    assert _there() == ["s.yaml"]


@pytest.mark.parametrize(
    "words",
    [
        ("validate", "https://me:hunter2@acme.example/s.yaml"),
        ("cost", "s.yaml", "--prices", "https://me:hunter2@acme.example/prices.csv"),
        ("diagram", "s.yaml", "-o", "s3://me:hunter2@bucket/a.svg"),
    ],
    ids=" ".join,
)
def test_an_address_is_no_path_and_its_password_is_not_shown(run, words):
    """It was looked for as a file, and repeated."""
    ran = run(*words)

    assert (ran.code, "not an address" in ran.err) == (2, True)
    assert "hunter2" not in ran.out + ran.err
    assert _there() == ["s.yaml"]


def test_a_dash_is_a_stream_and_a_dotted_one_a_file(run):
    """As with `cat`."""
    Path("-").write_text(SMALLEST, encoding="utf-8")
    ran = run("validate", "./-")

    assert (ran.code, f"{Path.cwd() / '-'}: prod" in ran.out) == (0, True)


@pytest.mark.parametrize("words", [("init", "-"), ("schema", "-o", "-")], ids=" ".join)
def test_a_dash_is_standard_output(run, words):
    """No file of that name comes into being."""
    ran = run(*words)

    assert (ran.code, ran.out.startswith(("# yaml", "{"))) == (0, True)
    assert _there() == ["s.yaml"]


def test_the_findings_alone_go_to_standard_output(run):
    """A program that reads them meets no line for people."""
    ran = run("check", "s.yaml", "--format", "json", "-o", "-")

    assert json.loads(ran.out)["schema"] == "trazo.findings/1"


@pytest.mark.parametrize("command", ["compile", "build"])
def test_several_files_do_not_fit_into_a_stream(run, command):
    """Today's folder of the name `-` is nothing that anybody wants."""
    ran = run(command, "s.yaml", "-o", "-")

    assert (ran.code, "give a folder" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("diagram", "s.yaml", "-o", "x.jpg"), ".svg"),
        (("diagram", "s.yaml", "-o", "x.JPG", "--format", "png"), "png"),
        (("diagram", "s.yaml", "-o", "x.xyz"), ".mmd"),
        (("diagram", "s.yaml", "-o", "x.png", "--format", "svg"), "svg"),
        (("diagram", "s.yaml", "-o", "x.svg", "--format", "mermaid"), "mermaid"),
        (("diagram", "s.yaml", "-o", "x.svg.gz"), ".svg"),
        (("report", "s.yaml", "-o", "x.pdf"), ".html"),
        (("schema", "-o", "x.yaml"), ".json"),
        (("check", "s.yaml", "-o", "x.sarif", "--format", "json"), ".json"),
        (("check", "s.yaml", "-o", "x.html", "--format", "sarif"), ".sarif"),
        (("compile", "s.yaml", "-o", "cdk.tf.json"), "folder"),
        (("build", "s.yaml", "-o", "report.html"), "folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_an_end_that_contradicts_the_format_is_refused(run, words, named):
    """A picture that no viewer opens is found late; the formats that there are stand there."""
    ran = run(*words)

    assert (ran.code, named in ran.err) == (2, True)
    assert _there() == ["s.yaml"]


@pytest.mark.parametrize(
    ("words", "start"),
    [
        (("-o", "x.SVG"), b"<svg"),
        (("-o", "x"), b"<svg"),
        (("-o", "x.v2", "--format", "svg"), b"<svg"),
        (("-o", "x.gv"), b"digraph"),
        (("-o", "x.md", "--format", "mermaid"), b"%% hello"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_an_end_that_fits_is_taken(run, words, start):
    """In either case of letters, and any other end where the format is named."""
    ran = run("diagram", "s.yaml", *words)

    assert ran.code == 0
    assert Path(words[1]).read_bytes().startswith(start)


def _linked(kind: str, target: str, name: str) -> str:
    match kind:
        case "link":
            Path(name).symlink_to(target)
        case "hard link":
            Path(name).hardlink_to(target)
        case "link of links":
            Path("between").symlink_to(target)
            Path(name).symlink_to("between")
        case "spelling":
            return f"../{Path.cwd().name}/./{target}"
    return name


@pytest.mark.parametrize("kind", ["link", "hard link", "link of links"])
@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("diagram", "s.yaml"), "x.svg"),
        (("report", "s.yaml", "--runs", "0"), "x.html"),
        (("check", "s.yaml", "--format", "json"), "x.json"),
        (("compile", "s.yaml", "--format", "hcl"), "x"),
        (("build", "s.yaml", "--format", "hcl"), "x"),
    ],
    ids=["diagram", "report", "check", "compile", "build"],
)
def test_an_output_that_is_the_spec_is_refused(run, words, name, kind):
    """By whatever name it is called."""
    ran = run(*words, "-o", _linked(kind, "s.yaml", name))

    assert (ran.code, "is the spec, which is an input" in ran.err) == (2, True)
    assert Path("s.yaml").read_text(encoding="utf-8") == SMALLEST


def test_another_spelling_of_the_spec_is_refused(run):
    """It has no end that fits a format by chance."""
    Path("s").write_text(SMALLEST, encoding="utf-8")
    ran = run("diagram", "s", "-o", f"../{Path.cwd().name}/./s")

    assert (ran.code, Path("s").read_text(encoding="utf-8")) == (2, SMALLEST)


def test_a_file_of_the_folder_that_is_the_spec_is_refused(run):
    """Only once the names of the files are known is it seen."""
    Path("out/prod").mkdir(parents=True)
    Path("out/prod/cdk.tf").hardlink_to("s.yaml")
    ran = run("compile", "s.yaml", "--format", "hcl", "-o", "out", "--overwrite", "prod/cdk.tf")

    assert ran.code == 2
    assert Path("s.yaml").read_text(encoding="utf-8") == SMALLEST


@pytest.mark.parametrize("which", ["prices.html", "trace.html", "trazo-prices.csv"])
def test_an_output_that_is_read_is_refused(run, which):
    """The price book, a trace, and the catalogue beside the spec."""
    Path("t.yaml").write_text(TRACED.format(file="trace.html"), encoding="utf-8")
    Path("trace.html").write_text(DAY, encoding="utf-8")
    Path("prices.html").write_text("prices: []\n", encoding="utf-8")
    output = which
    if which == "trazo-prices.csv":
        catalogue = ROOT / "cost" / "rates" / "prices" / "alb.csv"
        Path(which).write_bytes(catalogue.read_bytes())
        output = _linked("hard link", which, "x.html")
    before = Path(which).read_bytes()
    ran = run("report", "t.yaml", "--runs", "0", "--prices", "prices.html", "-o", output)

    assert ran.code == 2
    assert Path(which).read_bytes() == before


def test_a_trace_of_a_spec_with_errors_is_known():
    """`check -o` writes even then, and must not write over it."""
    loaded = load(TRACED.format(file="a.csv").replace("us-east-2", "nowhere"), "s.yaml")

    assert loaded.environments == {}
    assert named_traces(loaded) == ("a.csv",)


def test_both_specs_of_a_picture_of_changes_are_inputs(run):
    """Neither one may be the output."""
    Path("b").write_text(SMALLEST, encoding="utf-8")

    assert run("diagram", "--diff", "b", "s.yaml", "-o", "b").code == 2
    assert run("diagram", "--diff", "s.yaml", "b", "-o", "b").code == 2
    assert Path("b").read_text(encoding="utf-8") == SMALLEST


# What is there already


def test_init_writes_into_a_pipe_and_nothing_beside_it(run):
    """`init /dev/stdout` must not put a schema into `/dev`."""
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        ran = run("init", "pipe")

        assert (ran.code, os.read(reader, 6)) == (0, b"# yaml")
        assert _there() == ["pipe", "s.yaml"]
    finally:
        os.close(reader)


@pytest.mark.parametrize("content", ["{}", "theirs", '{"title": "theirs"}'])
def test_init_leaves_a_schema_that_is_not_ours(run, content):
    """The name is likely, and the file may be somebody's."""
    Path("trazo.schema.json").write_text(content, encoding="utf-8")

    assert run("init", "app.yaml").code == 2
    assert Path("trazo.schema.json").read_text(encoding="utf-8") == content
    assert not Path("app.yaml").exists()


def test_init_brings_a_schema_of_ours_up_to_date(run):
    """A second spec in the same folder is nothing unusual."""
    assert [run("init", name).code for name in ("a.yaml", "b.yaml")] == [0, 0]


def test_a_fix_goes_through_a_link(run):
    """The link stays, and its file is mended."""
    slip = SMALLEST.replace("region:", "regoin:")
    Path("real.yaml").write_text(slip, encoding="utf-8")
    Path("link.yaml").symlink_to("real.yaml")
    run("check", "link.yaml", "--fix")

    assert Path("link.yaml").is_symlink()
    assert Path("real.yaml").read_text(encoding="utf-8") == SMALLEST


@pytest.mark.parametrize("words", [("check", "s.yaml", "--fix"), ("init", "s.yaml")], ids=" ".join)
def test_what_a_killed_run_left_goes_where_nothing_is_written(run, words):
    """Killed after its last step, it leaves nothing for the next one to do."""
    Path(".trazo-staging-left").mkdir()
    run(*words)

    assert _there() == ["s.yaml"]


def test_an_edited_file_of_the_default_folder_takes_the_word(run):
    """The folder that nobody named holds the same rules."""
    run("diagram", "s.yaml")
    file = Path("out/s/prod/overview.svg")
    file.write_text("edited", encoding="utf-8")
    refused = run("diagram", "s.yaml")
    kept = file.read_text(encoding="utf-8")
    given_up = run("diagram", "s.yaml", "--overwrite", "prod/overview.svg")

    assert (refused.code, kept, given_up.code) == (1, "edited", 0)
    assert "`--overwrite prod/overview.svg`" in refused.err
    assert file.read_text(encoding="utf-8").startswith("<svg")


def test_a_name_to_overwrite_that_is_not_written_is_wrong_usage(run):
    """A slip of the pen would else look as if it had been heeded."""
    ran = run("compile", "s.yaml", "--format", "hcl", "--overwrite", "prod/ckd.tf")

    assert (ran.code, "`prod/cdk.tf`" in ran.err) == (2, True)


@pytest.mark.parametrize("link", ["out", "out/s"])
def test_the_default_folder_is_no_way_out(run, tmp_path, link):
    """It may have come with the repository; named with `-o` it is the user's wish."""
    (tmp_path / "elsewhere").mkdir()
    Path(link).parent.mkdir(exist_ok=True)
    Path(link).symlink_to(tmp_path / "elsewhere")
    refused = run("compile", "s.yaml", "--format", "hcl")
    untouched = list((tmp_path / "elsewhere").iterdir())
    named = run("compile", "s.yaml", "--format", "hcl", "-o", link)

    assert (refused.code, untouched, named.code) == (1, [], 0)
    assert "set it with -o" in refused.err


@pytest.mark.parametrize("name", ["...yaml", "..yaml", ".yaml"])
def test_the_name_of_a_spec_does_not_leave_the_default_folder(run, name):
    """`...yaml` without its end is the folder above."""
    Path(name).write_text(SMALLEST, encoding="utf-8")
    run("compile", name, "--format", "hcl")

    assert _there() == sorted(["out", "s.yaml", name])


# What a spec may have read


def _traced(run, file: str, *words: str) -> Ran:
    Path("t.yaml").write_text(TRACED.format(file=file), encoding="utf-8")
    return run("validate", "t.yaml", *words)


@pytest.mark.parametrize("kind", ["above", "link", "folder link", "nothing there"])
def test_a_trace_elsewhere_is_a_finding(run, tmp_path, kind):
    """With its line; whether there is such a file is not told."""
    (tmp_path / "secret.csv").write_text("hunter2,hunter2\n", encoding="utf-8")
    Path("link.csv").symlink_to(tmp_path / "secret.csv")
    Path("folder").symlink_to(tmp_path)
    files = {"above": "../secret.csv", "link": "link.csv", "folder link": "folder/secret.csv"}
    ran = _traced(run, files.get(kind, "../missing.csv"))

    assert ran.code == 1
    assert "t.yaml:9:" in ran.err
    assert "TZ122" in ran.err
    assert "is outside the spec's folder" in ran.err
    assert "--allow-read" in ran.err
    assert "hunter2" not in ran.err


@pytest.mark.parametrize("place", ["..", "../day.csv"], ids=["folder", "file"])
def test_the_command_line_allows_it(run, tmp_path, place):
    """A folder, or the file alone."""
    (tmp_path / "day.csv").write_text(DAY, encoding="utf-8")

    assert "TZ122" not in _traced(run, "../day.csv", "--allow-read", place).err


def test_what_is_allowed_holds_for_one_run(run, tmp_path):
    """A library or a server that runs several must not remember it."""
    (tmp_path / "day.csv").write_text(DAY, encoding="utf-8")
    _traced(run, "../day.csv", "--allow-read", "..")

    assert "TZ122" in _traced(run, "../day.csv").err


def _committed(tmp_path: Path, file: str) -> None:
    """A revision that has a spec and the trace beside it, both gone from the folder."""
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    Path("t.yaml").write_text(TRACED.format(file=file), encoding="utf-8")
    Path("day.csv").write_text(DAY, encoding="utf-8")
    (tmp_path / "day.csv").write_text(DAY, encoding="utf-8")
    subprocess.run([*git, "add", "-A", tmp_path], check=True)
    subprocess.run([*git, "commit", "-qm", "spec"], check=True)
    Path("day.csv").unlink()


def test_a_trace_of_a_revision_is_read_from_it(run, tmp_path):
    """What lies in the folder now may be another one, or none."""
    _committed(tmp_path, "./day.csv")

    assert run("diff", "HEAD:work/t.yaml", "s.yaml").code == 0
    assert run("diff", "s.yaml", "HEAD:work/t.yaml", "--json").code == 0


@pytest.mark.parametrize(("file", "code"), [("../day.csv", "TZ122"), ("no.csv", "TZ332")])
def test_a_trace_that_a_revision_may_not_have_read_is_a_finding(run, tmp_path, file, code):
    """The same rules hold for it as for a folder."""
    _committed(tmp_path, file)
    ran = run("diff", "HEAD:work/t.yaml", "s.yaml")

    assert (ran.code, code in ran.err) == (1, True)


def test_a_link_within_the_folder_is_followed(run):
    """It leads to what the same author wrote."""
    Path("day.csv").write_text(DAY, encoding="utf-8")
    Path("link.csv").symlink_to("day.csv")

    assert "TZ122" not in _traced(run, "link.csv").err


def test_prices_by_a_link_need_permission(run, tmp_path):
    """The catalogue beside a spec may be a link to anything."""
    shipped = (ROOT / "cost" / "rates" / "prices" / "alb.csv").read_bytes()
    (tmp_path / "prices.csv").write_bytes(shipped)
    Path("trazo-prices.csv").symlink_to(tmp_path / "prices.csv")
    refused = run("cost", "s.yaml", "--runs", "0")
    allowed = run("cost", "s.yaml", "--runs", "0", "--allow-read", str(tmp_path))

    assert (refused.code, "--allow-read" in refused.err) == (2, True)
    assert allowed.code == 0


def test_a_price_book_on_the_command_line_is_allowed_by_it(run, tmp_path):
    """The user named it, wherever it is and by whatever link."""
    (tmp_path / "book.yaml").write_text(
        "prices: [{item: alb_hour, discount_percent: 5}]\n", encoding="utf-8"
    )
    Path("book.yaml").symlink_to(tmp_path / "book.yaml")

    assert run("cost", "s.yaml", "--runs", "0", "--prices", "book.yaml").code == 0


def test_what_an_update_keeps_is_no_way_out(run, tmp_path):
    """Parts of files are completed there, and removed."""
    Path(".trazo-prices").symlink_to(tmp_path)
    ran = run("prices", "update", "s.yaml", "--price-list", "http://127.0.0.1:9", "--tries", "1")

    assert (ran.code, "remove it" in ran.err) == (1, True)


@pytest.mark.parametrize(
    ("words", "name"),
    [(("init", "app.svg"), "app.svg"), (("init", "app.json"), "app.json")],
    ids=["svg", "json"],
)
def test_a_new_spec_is_yaml(run, words, name):
    """A file whose name promises something else is opened by the wrong program."""
    ran = run(*words)

    assert (ran.code, "`.yaml`" in ran.err, Path(name).exists()) == (2, True, False)


@pytest.mark.parametrize("suffix", ["docx", "pptx", "vsdx", "excalidraw", "jxl"])
def test_a_promise_of_another_program_is_kept(run, suffix):
    """Ends of names that the table of the standard library does not have."""
    ran = run("diagram", "s.yaml", "-o", f"x.{suffix}", "--format", "svg")

    assert (ran.code, "does not match the format `svg`" in ran.err) == (2, True)


@pytest.mark.parametrize("name", ["new/app.yaml", "app.yaml"])
def test_init_advises_what_it_takes(run, monkeypatch, name):
    """It has no `-o`; a file stands where a folder is needed, or nothing may be written."""
    Path("new").write_text("", encoding="utf-8")
    monkeypatch.setattr(os, "access", lambda *_: False)
    Path("trazo.schema.json").write_text(run("schema").out, encoding="utf-8")
    ran = run("init", name)

    assert (ran.code, "choose another file" in ran.err, "-o" in ran.err) == (1, True, False)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="names open files in another way")
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "out.sarif"])
def test_another_name_of_standard_output_is_standard_output(tmp_path, name):
    """Nothing that is said about a file stands behind it: a program reads what was asked for."""
    (tmp_path / "out.sarif").symlink_to("/proc/self/fd/1")
    words = ["check", str(ROOT / "specs" / "smallest.yaml"), "--format", "sarif", "-o", name]
    ran = subprocess.run(
        [sys.executable, "-m", "trazo", *words],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )

    assert json.loads(ran.stdout)["version"] == "2.1.0"


def test_an_edited_file_that_is_no_longer_wanted_takes_the_word(run):
    """What the refusal advises has to work: the file is removed."""
    run("compile", "s.yaml", "--format", "hcl", "-o", "out")
    run("compile", "s.yaml", "-o", "out", "--format", "hcl")
    manifest = Path("out/.trazo-manifest.json")
    document = json.loads(manifest.read_text(encoding="utf-8"))
    document["files"]["bootstrap/old.tf"] = "0" * 64
    manifest.write_text(json.dumps(document), encoding="utf-8")
    Path("out/bootstrap/old.tf").write_text("edited", encoding="utf-8")
    words = ("compile", "s.yaml", "--format", "hcl", "-o", "out")
    refused = run(*words)
    given_up = run(*words, "--overwrite", "bootstrap/old.tf")

    assert (refused.code, "`--overwrite bootstrap/old.tf`" in refused.err) == (1, True)
    assert (given_up.code, Path("out/bootstrap/old.tf").exists()) == (0, False)
