"""Text of others: shown on every way out, and never sent."""
# ruff: noqa: RUF001 # letters of other scripts are what it is about

import csv
import io
import json
import re
import subprocess
import sys
import unicodedata
from enum import StrEnum
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.table import Table

from compiler.backends.diagram.model.options import Format, View
from compiler.backends.sarif import sarif
from compiler.backends.screen import Screen, Text
from compiler.backends.terraform.document import document, dump
from compiler.findings.check import check
from compiler.lower import lower
from cost.rates.catalogue_file import BESIDE, COLUMNS
from cost.showing.plots import scripts
from tests.terraform_plans import change, plan
from tests.text_fields import ANY, FIELDS, SOUND, with_text, written
from trazo.commands.cost import CostFormat
from trazo.commands.diff import DiffFormat
from trazo.commands.graph import GraphFormat
from trazo.commands.review import ReviewFormat
from trazo.input.options import TerraformFormat
from trazo.output.terminal import finding
from trazo.program import COMMANDS, PRICES, main
from trazo.steps.findings import FindingsFormat
from trazo_spec.components import KINDS
from trazo_spec.diagnostics import Diagnostic, Severity, Span, as_document
from trazo_spec.load import load
from trazo_spec.visible import (
    SPELLED,
    csv_cell,
    json_text,
    markdown,
    markdown_row,
    one_line,
    sayable,
    visible,
)

CONTROLS = "\x1b[2J\x1b]0;t\x07\x9b31m\x85\x7f\x08\x0b\r"
UNSEEN = (
    "\u202a\u202e\u2066\u2069\u200e\u200f\u061c\u200b\u200c\u200d\u2060\ufeff\u2028\u2029"
    "\xad\u115f\u3164\ufe0f\U000e0041\U000e0100"
)
MARK = "zq9"
HOSTILE = f"{MARK}{CONTROLS}{UNSEEN}[red]x[/red]"
UNSEEN_ONLY = f"{MARK}\u202e\u200bx"


def raw(text: str) -> set[str]:
    """The characters of a text that no reader sees, by Unicode's categories and not our list."""
    # Of Cf, these are seen: signs in front of Arabic, Syriac and Kaithi numbers.
    seen = (
        "\n\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
    )
    hidden = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    return (hidden - set(seen)) | ({*text} & {"\u115f", "\u3164", "\ufe0f", "\U000e0100"})


# The characters


def test_every_character_without_a_face_is_spelled():
    """Whatever Unicode calls a control, a format, a separator of lines or a half character."""
    everything = "".join(map(chr, range(sys.maxunicode + 1)))

    assert raw(visible(everything)) - {"\t"} == set()


@pytest.mark.parametrize(
    "text",
    [
        "Gödel, Ærø, Łódź",
        "東京 \u3000 葛\U000e0100飾",
        "العربية ۱۲۳ עברית",
        "می\u200cخواهم",
        "क्\u200dष",
        "👩\u200d💻 👨🏽\u200d🚀 ❤\ufe0f\u200d🔥 ☁\ufe0f 1\ufe0f\u20e3",
        "no\u00a0break",
    ],
)
def test_text_in_any_language_stays(text):
    """Joiners and selectors stay where scripts and emoji cannot do without them."""
    assert (visible(text), one_line(text)) == (text, text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u200db", r"a\u200db"),
        ("\u200d💻", "\\u200d💻"),
        ("x\ufe0f", r"x\ufe0f"),
        ("葛\U000e0100\U000e0101", "葛\U000e0100\\U000e0101"),
        ("👩\u200d\u200d💻", "👩\\u200d\\u200d💻"),
        ("аб\u200dв", "аб\\u200dв"),
    ],
)
def test_what_joins_nothing_is_spelled(text, shown):
    """Two names that look alike would be two all the same."""
    assert visible(text) == shown


def test_a_shown_text_is_shown_as_it_is():
    """So that nothing has to know whether another did it already."""
    assert one_line(one_line(HOSTILE)) == one_line(HOSTILE)


# Every field on its way to every kind of findings


def text_of(d: Diagnostic, sources: dict[str, str]) -> str:
    """A finding as a terminal has it, without colours."""
    stream = io.StringIO()
    Screen(file=stream, width=500).print(finding(d, sources), soft_wrap=True)
    return stream.getvalue()


def test_the_sample_has_every_kind():
    """A new kind has to stand in the sample, or its texts would not be looked at as sound ones."""
    assert set(KINDS) == {c["kind"] for c in SOUND["components"].values()}
    assert check(load(written(SOUND))).sound


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: ".".join(map(str, f)))
def test_no_field_reaches_a_finding_raw(field):
    """Whatever a field holds: text, JSON and SARIF show it, JSON with the same value in it."""
    source = written(with_text(SOUND, field, HOSTILE))
    checked = check(load(source, "shop.yaml"))
    found = checked.diagnostics
    told = [text_of(d, {"shop.yaml": source}) for d in found]
    documents = [as_document(d) for d in found]
    printed = json_text(documents)
    log = json_text(sarif(found, "shop.yaml", Path.cwd(), "1"))

    assert not checked.sound
    assert [raw(t) for t in (*told, printed, log)] == [set()] * (len(told) + 2)
    assert json.loads(printed) == documents


def test_every_field_refuses_control_characters():
    """No text of the language may hold one, in whatever field a later version brings."""
    taken = [f for f in FIELDS if check(load(written(with_text(SOUND, f, "a\x1bb")))).sound]

    assert taken == []


# Sound specs on their way to every sink

FREE = tuple(
    f
    for f in FIELDS
    if f[0] != "environments" and check(load(written(with_text(SOUND, f, UNSEEN_ONLY)))).sound
)
"""The fields that take letters nobody sees, for AWS takes them too."""


def test_there_are_fields_that_take_any_letter():
    """Else what follows would look at nothing."""
    assert {
        ("components", "ecs", "command", 0),
        ("components", "ecs", "environment", ANY),
        ("components", "security", "secrets", ANY, "description"),
        ("overrides", ANY, ANY),
        ("checks", ANY, "reason"),
    } <= set(FREE)


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Runs a command in an empty folder: all that it says and writes, names of files included."""
    monkeypatch.chdir(tmp_path)

    def command(*words: str) -> str:
        before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()}
        monkeypatch.setattr(sys, "argv", ["trazo", *words])
        with pytest.raises(SystemExit):
            main()
        captured = capsys.readouterr()
        new = [p for p in tmp_path.rglob("*") if p.is_file() and p not in before]
        texts = [p.read_text("utf-8") for p in new if p.suffix not in (".png", ".pdf")]
        names = [str(p.relative_to(tmp_path)) for p in new]
        said = "\n".join((captured.out, captured.err, *texts, *names))
        for script in scripts() if "<script>" in said else ():  # a library, and no text of a spec
            said = said.replace(script, "")
        return said

    return command


SINKS: tuple[tuple[str, ...], ...] = (
    ("init", "new.yaml"),
    ("validate", "SPEC"),
    ("validate", "SPEC", "--json"),
    *(("check", "SPEC", "--format", f.value) for f in FindingsFormat),
    *(("graph", "SPEC", "--format", f.value) for f in GraphFormat),
    ("graph", "SPEC", "--impact", "ecs"),
    *(("compile", "SPEC", "--format", f.value) for f in TerraformFormat if f.value == "hcl"),
    *(("diagram", "SPEC", "--view", v.value) for v in View),
    *(("diagram", "SPEC", "--format", f.value) for f in Format if f.value not in ("png", "pdf")),
    ("diagram", "--diff", "PLAIN", "SPEC"),
    *(("cost", "SPEC", "--runs", "0", "--format", f.value) for f in CostFormat),
    ("cost", "SPEC", "--runs", "0", "--all"),
    ("cost", "SPEC", "--runs", "0", "--what-if"),
    ("cost", "SPEC", "--runs", "0", "--explain", "ecs"),
    ("cost", "SPEC", "--runs", "0", "--group", "component", "--format", "csv"),
    ("report", "SPEC", "--runs", "0"),
    *(("diff", "PLAIN", "SPEC", "--format", f.value) for f in DiffFormat),
    *(("review", "PLAN", "--format", f.value) for f in ReviewFormat),
    ("schema",),
    ("build", "SPEC", "--runs", "0", "--format", "hcl"),
    ("show", "--item", "nat_*"),
    ("update", "SPEC", "--price-list", "http://no.example"),
)
"""Every command with every format that holds text; PNG and PDF are drawn from the same picture."""


def test_the_list_of_sinks_is_whole():
    """A new command or format has to stand in it."""
    listed = (FindingsFormat, GraphFormat, CostFormat, DiffFormat, ReviewFormat)
    formats = {v.value for e in listed for v in e}
    drawn = {f.value for f in Format} - {"png", "pdf"}
    words = {word for sink in SINKS for word in sink}

    assert ({*COMMANDS, *PRICES} | formats | drawn | {v.value for v in View}) - words == set()
    assert all(issubclass(e, StrEnum) for e in (FindingsFormat, GraphFormat, CostFormat))


@pytest.mark.parametrize("sink", SINKS, ids=" ".join)
def test_nothing_that_nobody_sees_arrives(run, tmp_path, sink):
    """All free texts at once, each with marks that turn around what follows."""
    document = SOUND
    for number, field in enumerate(FREE):
        document = with_text(document, field, f"{UNSEEN_ONLY}{number}")
    (tmp_path / "spec.yaml").write_text(written(document), "utf-8")
    (tmp_path / "plain.yaml").write_text(written(SOUND), "utf-8")
    address = f'aws_s3_bucket.media["{UNSEEN_ONLY}"]'
    (tmp_path / "plan.json").write_bytes(plan(change(address, "delete", before={})))
    names = {"SPEC": "spec.yaml", "PLAIN": "plain.yaml", "PLAN": "plan.json"}
    words = [names.get(word, word) for word in sink]
    said = run(*(["prices"] if sink[0] in PRICES else []), *words)

    assert said.strip()
    assert raw(said.replace("\t", " ")) == set()


def test_differences_show_what_they_quote(run, tmp_path):
    """What nobody sees is what somebody may have added."""
    field = ("components", "ecs", "environment", ANY)
    changed = with_text(SOUND, field, "a`|\\|@acme\u202e<b>")
    (tmp_path / "plain.yaml").write_text(written(SOUND), "utf-8")
    (tmp_path / "spec.yaml").write_text(written(changed), "utf-8")

    text = run("diff", "plain.yaml", "spec.yaml", "--format", "markdown")

    assert "`` environment.LOG_LEVEL: info → a`\\|\\x7c@acme\\u202e<b> ``" in text


def test_terraform_reads_the_very_value():
    """Spelled in the file, the same in AWS."""
    value = f"{UNSEEN}é"
    spec = with_text(SOUND, ("components", "security", "secrets", "token", "description"), value)
    text = dump(document(lower(check(load(written(spec))).graphs["prod"])))
    secret = json.loads(text)["resource"]["aws_secretsmanager_secret"]["token"]

    assert (raw(text), secret["description"]) == (set(), value)


# What is not of a spec

ODD = "od\x1b[2J\u202e\n[red]\rd"


@pytest.mark.parametrize(
    "words",
    [
        (ODD,),
        ("validate", f"{ODD}.yaml"),
        ("validate", "spec.yaml", f"--{ODD}"),
        ("validate", "spec.yaml", "--env", ODD),
        ("graph", "spec.yaml", "--env", ODD),
        ("graph", "spec.yaml", "--impact", ODD),
        ("graph", "spec.yaml", "--format", ODD),
        ("cost", "spec.yaml", "--runs", "0", "--explain", ODD),
        ("cost", "spec.yaml", "--runs", ODD),
        ("cost", "spec.yaml", "--month", ODD),
        ("cost", "spec.yaml", "--prices", f"{ODD}.yaml"),
        ("cost", "spec.yaml", "--prices", f"{ODD}.csv"),
        ("cost", "spec.yaml", "--runs", "0", "--prices", "book.yaml"),
        ("cost", "spec.yaml", "--runs", "0", "--prices", "book.yaml", "--format", "markdown"),
        ("cost", "spec.yaml", "--runs", "0", "--prices", "book.yaml", "--format", "csv"),
        ("cost", "spec.yaml", "--runs", "0", "--prices", "book.yaml", "--explain", "alb"),
        ("prices", "show", "--prices", "book.yaml"),
        ("prices", "show", "--prices", "book.yaml", "--json"),
        ("prices", "show", "--prices", "wrong.yaml"),
        ("prices", "show", ODD),
        ("prices", "update", "spec.yaml", "--offer", ODD),
        ("prices", "update", "spec.yaml", "--price-list", "http://od\x1b\u202e\rd"),
        ("diff", "spec.yaml", f"HEAD:{ODD}"),
        ("diff", "spec.yaml", f"{ODD}:spec.yaml"),
        ("diff", "spec.yaml", "odd.yaml", "--env", ODD),
        ("compile", "spec.yaml", "--format", "hcl", "--base", f"HEAD:{ODD}"),
        ("compile", "spec.yaml", "--format", "hcl", "--allow-loss", ODD, "-o", "spec.yaml/x"),
        ("init", f"{ODD}.yaml"),
        ("init", f"{ODD}.yaml", "--name", "Acme"),
        ("init", "new.yaml", "--name", ODD),
        ("init", "spec.yaml", "--region", ODD),
    ],
    ids=lambda words: one_line(" ".join(words)),
)
def test_names_and_arguments_are_shown(run, tmp_path, words):
    """Of files, environments, components, prices, servers and revisions, in any command."""
    (tmp_path / "spec.yaml").write_text(written(SOUND), "utf-8")
    odd = json.dumps(f"alb_hour{ODD}")
    note = json.dumps(f"=1+1{ODD}")
    book = f"prices:\n  - {{item: {odd}, unit: {note}, usd: 1, note: {note}}}\n"
    book += f"  - {{item: alb_hour, region: us-east-2, usd: 1, note: {note}}}\n"
    (tmp_path / "book.yaml").write_text(book, "utf-8")
    (tmp_path / f"{ODD}.yaml").write_text(book.replace("alb_hour", "rds_hour"), "utf-8")
    (tmp_path / "wrong.yaml").write_text(f"prices:\n  - {{item: {odd}, usd: 1}}\n", "utf-8")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)

    said = run(*words)

    assert raw(said) - {"\t"} == set()
    assert not re.search(r"\n *\[red]", said)


@pytest.mark.parametrize(
    "words",
    [
        ("prices", "show"),
        ("prices", "show", "--json"),
        *(("cost", "spec.yaml", "--runs", "0", "--format", f.value) for f in CostFormat),
        ("cost", "spec.yaml", "--runs", "0", "--explain", "alb"),
        ("report", "spec.yaml", "--runs", "0"),
    ],
    ids=" ".join,
)
def test_a_catalogue_beside_the_spec_is_shown(run, tmp_path, words):
    """It comes with the repository, as the spec does."""
    (tmp_path / "spec.yaml").write_text(written(SOUND), "utf-8")
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    source = f"=1+1\x1b[2J\u202e<b>@acme|{MARK}"
    rest = ("0", "1", "2026-01-01", source, "vendor-page", f"=2{ODD}")
    rows.writerow(("alb_hour", "us-east-2", "hour", *rest))
    rows.writerow(("own_hour", "us-east-2", f"+h{ODD}", *rest))
    (tmp_path / BESIDE).write_text(text.getvalue(), "utf-8", newline="")

    said = run(*words)

    assert raw(said) - {"\t"} == set()
    assert "trazo: " not in said
    assert not re.search(r"\n *\[red]|(^|,)=", said)
    assert "<b>" not in re.sub("`[^`\n]*`", "", said) or words[-1] not in ("markdown", "report")


@pytest.mark.parametrize("command", ["validate", "graph", "compile", "diff", "report"])
def test_a_strange_file_name_is_shown(run, tmp_path, command):
    """A name that a repository brings may hold anything but a slash."""
    (tmp_path / f"{ODD}.yaml").write_text(written(SOUND), "utf-8")
    more = {
        "compile": ("--format", "hcl"),
        "diff": (f"{ODD}.yaml",),
        "report": ("--runs", "0"),
    }

    said = run(command, f"{ODD}.yaml", *more.get(command, ()))

    assert raw(said) == set()


@pytest.mark.parametrize("words", ["validate", "graph", "diff plain.yaml", "cost --runs 0"])
def test_a_file_name_begins_no_line_of_its_own(run, tmp_path, words):
    """A pipeline takes `::error::` at the beginning of a line for a command."""
    name = "a\n::error::b.yaml"
    for one in (name, "plain.yaml"):
        (tmp_path / one).write_text(written(SOUND), "utf-8")
    command, *more = words.split()

    assert "\n::error" not in run(command, *more, name)


# One way out after the other


def printed(renderable, encoding: str = "utf-8", **settings) -> str:
    """What a console of some encoding is sent."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding, errors=SPELLED, newline="\n")
    Screen(file=stream, width=60, **settings).print(renderable)
    stream.flush()
    return stream.buffer.getvalue().decode(encoding)


def table(*rows: tuple[str, ...]) -> Table:
    """Rows as a table."""
    found = Table("a", "b")
    for row in rows:
        found.add_row(*map(Text, row))
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_tables_fit_what_is_shown(encoding):
    """Columns are as wide as the spelling, so that every line ends at the same place."""
    lines = printed(table(("\x1b[2J\u202e", "x"), ("≥ $2", "é東"), ("c", "→")), encoding).split(
        "\n"
    )

    assert len({cell_len(line) for line in lines if line}) == 1
    assert "\\x1b[2J\\u202e" in lines[3]


def test_a_plain_text_of_rich_is_shown_too():
    """Whoever forgets our own type still sends nothing."""
    from rich.text import Text as Plain

    assert printed(Plain("a\x1b[2Jb\u202e")) == "a\\x1b[2Jb\\u202e\n"
    assert printed("[bold]a\x1b[2J\r:smile:") == "[bold]a\\x1b[2J\\r:smile:\n"


def test_styles_stay_where_they_were():
    """Our own colours reach a terminal, those of a text do not."""
    text = Text("\x1b[31m", "bold").append("x", "red")

    sent = printed(text, force_terminal=True, color_system="standard")

    assert sent == "\x1b[1m\\x1b[31m\x1b[0m\x1b[1;31mx\x1b[0m\n"


def test_what_ascii_cannot_say_is_said_in_words():
    """An amount that is a lower bound is not a question mark."""
    assert sayable("≥ $1.35 → – é", "ascii") == "at least $1.35 -> - \\xe9"


IN_ASCII = (
    ("cost", "--runs", "0"),
    ("cost", "--runs", "0", "--format", "markdown"),
    ("diff",),
    ("diff", "--format", "markdown"),
    ("graph",),
)


@pytest.mark.parametrize("words", IN_ASCII, ids=" ".join)
def test_an_ascii_stream_gets_no_question_mark(tmp_path, words):
    """Everything that we print ourselves has a spelling."""
    other = with_text(SOUND, ("components", "rds", "instance_class"), "db.nothing.nowhere")
    (tmp_path / "spec.yaml").write_text(written(other), "utf-8")
    (tmp_path / "old.yaml").write_text(written(SOUND), "utf-8")
    files = ["old.yaml", "spec.yaml"] if words[0] == "diff" else ["spec.yaml"]
    root = Path(__file__).parent.parent
    environment = {"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-m", "trazo", words[0], *files, *words[1:]],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=False,
    )
    said = done.stdout.decode("ascii")

    assert said, done.stderr.decode()
    assert "?" not in said
    assert not re.search(r"\\x|\\u", said)
    assert words[0] not in ("cost", "diff") or "at least" in said or "->" in said


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
@pytest.mark.parametrize("before", ["", "\x1b\u202e", "東京", "é→", "\t\t", "👩\u200d💻"])
def test_the_caret_stands_below_what_is_meant(encoding, before):
    """Whatever is spelled or wide before it."""
    source = f'a: "{before}", b: wrong'
    at = Span("s.yaml", 1, source.index("wrong") + 1, 1, len(source) + 1)
    found = Diagnostic("TZ205", Severity.ERROR, "no", at=at)
    text = sayable(finding(found, {"s.yaml": source}, encoding).plain, encoding)
    shown, caret = text.split("\n")[1:3]

    assert cell_len(shown[: shown.index("wrong")]) == caret.index("^")
    assert caret.endswith("^^^^^")


def test_a_message_is_one_line():
    """Else a name could begin a line that a build server takes for a command."""
    found = Diagnostic("TZ205", Severity.ERROR, "`a\n::error::b`", help="c\nd")

    assert (found.message, found.help) == ("`a\\n::error::b`", "c\\nd")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=cmd|'/c'!A1", "'=cmd|'/c'!A1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\t=1", "\\t=1"),
        ("\r=1", "\\r=1"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_a_cell_is_no_formula(text, cell):
    """A spreadsheet would run it."""
    (row,) = csv.reader(io.StringIO(f'"{csv_cell(text)}"\n'))

    assert row == [cell]


@pytest.mark.parametrize(
    "text",
    [
        *("[a](http://b)", "<img>", "@acme/team", "a|b", "*a*", "`a`", "#12", "https://a.b"),
        *("www.a.b", "&amp;", "$x$", "_a_", "\\", "GH-12", "!", "a\nb", "a\u202eb"),
    ],
)
def test_markdown_takes_it_as_it_is(text):
    """As code, where neither a link nor a mention is read."""
    assert markdown(text).startswith("`")
    assert markdown(text).endswith("`")


@pytest.mark.parametrize("text", ["web", "alb_hour", "1,488 address-hour", "prod (old)", "a: b"])
def test_markdown_keeps_plain_words(text):
    """A table of nothing but code reads badly."""
    assert markdown(text) == text


def test_a_cell_of_markdown_cannot_end_its_row():
    """A bar after a backslash is spelled, for two backslashes would leave it a bar."""
    assert markdown_row([markdown("a\\|b|c")]) == "| `a\\x7cb\\|c` |"


def test_a_log_has_no_link_that_is_not_ours():
    """A viewer makes links of brackets in a message."""
    found = Diagnostic("TZ205", Severity.ERROR, "`[x](http://a)` is not", help="write [a]")
    (result,) = sarif([found], "s.yaml", Path.cwd(), "1")["runs"][0]["results"]

    assert result["message"]["text"] == "`\\[x\\](http://a)` is not.\nhelp: write [a]"


def test_json_in_ascii_is_json(tmp_path):
    """A stream that cannot say a letter gets its escape, not a spelling."""
    document = with_text(SOUND, ("components", "ecs", "arcitecture"), "é\u202e")
    (tmp_path / "spec.yaml").write_text(written(document), "utf-8")
    root = Path(__file__).parent.parent
    environment = {"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-m", "trazo", "validate", "spec.yaml", "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=False,
    )

    assert json.loads(done.stdout)["schema"] == "trazo.findings/1"
