"""The injection matrix: hostile texts in every field and argument, looked for in every output."""

import json
import multiprocessing
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from assault import fields, fuzz, sinks, site, structures
from assault.results import Bar, Failure, Results
from assault.watch import watched
from assault.whole import run
from compiler.backends.terraform.document import document, dump
from compiler.components.dns import txt_value
from compiler.findings.check import check
from compiler.lower import lower
from trazo_spec.load import load

PAYLOADS: Mapping[str, str] = {
    "plain": "zqplain",
    "escape": "a\x1b[2J\x1b]52;c;aGk=\x07b\x08",
    "C1": "a\x9b2J\x9d0;x\x9cb\x85c",
    "bidi": "a\u202eb\u2066c\u200fd",
    "CR": "a\rno findings",
    "line": "a\n::error::zq\nzqnode[zq]\n",
    "HTML": "a\"'></title></script><zqtag onzq=1 href=javascript:zq>",
    "Mermaid": 'a"]; zqnode["b"] %%{init: {}}%% #quot;',
    "DOT": 'a"]; zqnode [label="b\\"',
    "Markdown": "a|b`c`` <zqtag> [zq](javascript:zq)|",
    "formula": '=HYPERLINK("zq")',
    "Terraform": "a${zqvar}b%{if zqvar}",
    "rich": "a[bold red]b[/bold red][link=file:///zq]c[/]",
}
"""What each output could take for more than a text."""
IN_FINDINGS = ("escape", "bidi", "line")
"""What is tried on numbers, too, where a text goes no further than into a finding."""
TXT_VALUE = ("components", "zone", "records", 0, "values", 0)
"""A text that Terraform gets in the spelling of Route 53."""
SPEC = "injected.yaml"
Case = tuple[str, Any, str]
"""What takes the text, where in it, and the name of the payload."""
Problem = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Sink:
    """An output of a command."""

    words: tuple[str, ...]
    problem: Problem
    file: str = ""
    """The file that it is written to, else standard output and error."""


def _json(text: str) -> str:
    return sinks.json_problem(text) if text.strip() else ""


FINDINGS: Mapping[str, Sink] = {
    "findings as text": Sink(("validate", SPEC), sinks.text_problem),
    "findings as JSON": Sink(("validate", SPEC, "--json"), _json),
    "findings as SARIF": Sink(("check", SPEC, "--format", "sarif"), _json),
}
OUTPUTS: Mapping[str, Sink] = {
    "graph as a tree": Sink(("graph", SPEC), sinks.text_problem),
    "graph as JSON": Sink(("graph", SPEC, "--json"), _json),
    "graph as Mermaid": Sink(("graph", SPEC, "--format", "mermaid", "-q"), sinks.mermaid_problem),
    "graph as DOT": Sink(("graph", SPEC, "--format", "dot", "-q"), sinks.dot_problem),
    **{
        f"{view} as {format_}": Sink(
            ("diagram", SPEC, "--view", view, "-q", "--findings", "-o", f"a.{end}"),
            problem,
            f"a.{end}",
        )
        for view in ("overview", "network", "request", "security")
        for format_, end, problem in (
            ("SVG", "svg", sinks.svg_problem),
            ("Mermaid", "mmd", sinks.mermaid_problem),
            ("DOT", "dot", sinks.dot_problem),
        )
    },
    "bill as a table": Sink(("cost", SPEC, "--runs", "0", "--what-if"), sinks.text_problem),
    "bill as JSON": Sink(("cost", SPEC, "--runs", "0", "--json", "-q"), _json),
    "bill as CSV": Sink(("cost", SPEC, "--runs", "0", "--format", "csv", "-q"), sinks.csv_problem),
    "bill as Markdown": Sink(
        ("cost", SPEC, "--runs", "0", "--format", "markdown", "-q"), sinks.markdown_problem
    ),
    "report": Sink(
        ("report", SPEC, "--runs", "0", "-q", "-o", "a.html"), sinks.html_problem, "a.html"
    ),
    "difference as text": Sink(("diff", "sound.yaml", SPEC), sinks.text_problem),
    "difference as JSON": Sink(("diff", "sound.yaml", SPEC, "--json"), _json),
    "difference as Markdown": Sink(
        ("diff", "sound.yaml", SPEC, "--format", "markdown"), sinks.markdown_problem
    ),
    "Terraform in HCL": Sink(
        ("compile", SPEC, "--format", "hcl", "-o", "a", "-q"), sinks.hcl_problem, "a/prod/cdk.tf"
    ),
}
"""The outputs of a sound spec."""

ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "--env": ("validate", "sound.yaml", "--env", "{}"),
    "--env of compile": ("compile", "sound.yaml", "--env", "{}", "--format", "hcl"),
    "--impact": ("graph", "sound.yaml", "--impact", "{}"),
    "--explain": ("cost", "sound.yaml", "--runs", "0", "--explain", "{}"),
    "--month": ("cost", "sound.yaml", "--runs", "0", "--month", "{}"),
    "--prices": ("cost", "sound.yaml", "--runs", "0", "--prices", "{}"),
    "--item": ("prices", "show", "--item", "{}"),
    "--region": ("prices", "show", "--region", "{}"),
    "--region of update": ("prices", "update", "sound.yaml", "--region", "{}", "--tries", "1"),
    "--offer": ("prices", "update", "sound.yaml", "--offer", "{}"),
    "--price-list": ("prices", "update", "sound.yaml", "--price-list", "{}", "--tries", "1"),
    "--spot-feed": ("prices", "show", "{}"),
    "--base": ("compile", "sound.yaml", "--base", "{}", "--format", "hcl"),
    "--base as REV:PATH": ("compile", "sound.yaml", "--base", "main:{}", "--format", "hcl"),
    "--allow-loss": ("compile", "sound.yaml", "--allow-loss", "{}", "--format", "hcl", "-o", "b"),
    "--output": ("diagram", "sound.yaml", "-o", "c/{}.svg"),
    "--output of check": ("check", "sound.yaml", "--json", "-o", "c/{}"),
    "--format": ("graph", "sound.yaml", "--format", "{}"),
    "a missing spec": ("validate", "{}"),
    "a missing spec of diff": ("diff", "{}", "sound.yaml"),
    "a missing plan": ("review", "{}"),
    "--allow-loss of review": ("review", "sound.json", "--allow-loss", "{}"),
    "--allow-interruption of review": ("review", "sound.json", "--allow-interruption", "{}"),
    "--output of review": ("review", "sound.json", "--json", "-o", "c/{}"),
    "diagram --diff": ("diagram", "--diff", "{}", "main:{}", "-o", "a.svg"),
    "a command": ("{}",),
    "init": ("init", "d/{}.yaml", "--name", "{}"),
    "init --region": ("init", "e.yaml", "--region", "{}", "--timezone", "{}", "--domain", "{}"),
}
NAMED: Mapping[str, Sink] = {
    "findings as text": Sink(("check", "{}"), sinks.text_problem),
    "findings as JSON": Sink(("check", "{}", "--json"), _json),
    "findings as SARIF": Sink(("check", "{}", "--format", "sarif"), _json),
    "file names": Sink(("compile", "{}", "--format", "hcl"), sinks.text_problem),
    "difference": Sink(("diff", "sound.yaml", "{}"), sinks.text_problem),
    "difference as SVG": Sink(
        ("diagram", "--diff", "sound.yaml", "{}", "-o", "a.svg", "-q"), sinks.svg_problem, "a.svg"
    ),
    "report": Sink(
        ("report", "{}", "--runs", "0", "-q", "-o", "a.html"), sinks.html_problem, "a.html"
    ),
}
"""What a spec is made into whose file has a hostile name."""
REVIEWED: Mapping[str, Sink] = {
    "review as text": Sink(("review", "plan.json"), sinks.text_problem),
    "review as JSON": Sink(("review", "plan.json", "--json"), _json),
    "review as Markdown": Sink(
        ("review", "plan.json", "--format", "markdown"), sinks.markdown_problem
    ),
    "review as SARIF": Sink(("review", "plan.json", "--format", "sarif", "--production"), _json),
}
"""What is said of a plan, which comes from anybody."""
PLAN_FIELDS = (
    *("address", "key", "module", "was", "type", "argument", "value", "action", "reason"),
    *("path", "environment", "terraform", "reference", "drifted", "format"),
)
BOOK_FIELDS = ("item", "region", "unit", "note", "usd", "key")
SERVED = ("index", "path", "redirect", "offer", "body")


def inject(
    part: float, seed: int, jobs: int, results: Results, tell: Callable[[str], None]
) -> None:
    """Tries a part of the matrix, and adds what arrives raw."""
    cases = [*matrix()]
    chosen = Random(f"inject {seed}")  # noqa: S311 # nothing is kept secret
    if part < 1:
        cases = chosen.sample(cases, max(len(PAYLOADS), int(part * len(cases))))
    context = multiprocessing.get_context("fork")
    with context.Pool(jobs, initializer=_prepare, maxtasksperchild=200) as pool:
        for done, (count, failures) in enumerate(pool.imap_unordered(tried, cases, 4), 1):
            results.tried["inject"] += count
            for failure in failures:
                results.add(failure)
            if done % 250 == 0 or done == len(cases):
                found = results.bars[Bar.INJECTION]
                tell(f"{done:,} of {len(cases):,} texts injected, {found} arrive raw")
        pool.close()
        pool.join()


def matrix() -> Iterator[Case]:
    """Every place for a text, with every payload."""
    for payload in PAYLOADS:
        for path in fields.text_fields():
            yield "field", path, payload
        for path in fields.other_fields() if payload in IN_FINDINGS else ():
            yield "field", path, payload
        for argument in ARGUMENTS:
            yield "argument", argument, payload
        for field in BOOK_FIELDS:
            yield "price book", field, payload
        for place in SERVED:
            yield "price server", place, payload
        for field in PLAN_FIELDS:
            yield "plan", field, payload
        yield "file name", "spec", payload


def _prepare() -> None:
    folder = Path(tempfile.mkdtemp(prefix="assault-inject-"))
    fuzz.prepare(folder)
    _write_sound()
    multiprocessing.util.Finalize(None, shutil.rmtree, (folder, True), exitpriority=1)


def repeated(case: tuple[object, ...]) -> list[Failure]:
    """The failures of a kept case."""
    place, where, payload = (part for part in case)
    with fuzz.prepared():
        _write_sound()
        return tried((str(place), where, str(payload)))[1]


def _write_sound() -> None:
    """The spec that has every text, for commands that want a second one."""
    Path("sound.yaml").write_text(structures.yaml(fields.host()), "utf-8")
    Path("sound.json").write_text(json.dumps(_plan()), "utf-8")


def tried(case: Case) -> tuple[int, list[Failure]]:
    """How many outputs a text went to, and the failures of those that sent it raw."""
    place, where, payload = case
    text = PAYLOADS[payload]
    into: Mapping[str, Callable[[Any, str], Iterator[tuple[str, str]]]] = {
        "field": _into_field,
        "argument": _into_argument,
        "price book": _into_book,
        "price server": _into_server,
        "plan": _into_plan,
        "file name": _into_name,
    }
    outputs = into[place](where, text)
    count, failures = 0, []
    found: list[tuple[str, str]] = []

    def look() -> None:
        found.extend(outputs)

    went = watched(look, ())
    name = f"inject {place} {_shown(where)}"
    if went.raised:
        what = f"{payload}: {went.raised}"
        failures.append(Failure(Bar.TRACEBACK, name, what, case, went.trace))
    for label, problem in found:
        count += 1
        if problem:
            target = f"inject {label}" if problem != "slow" else name
            failures.append(
                Failure(Bar.INJECTION, target, f"{payload}: {problem}", case, _shown(where))
            )
    return count, failures


def _shown(where: Any) -> str:  # noqa: ANN401 # a path or a name
    return ".".join(map(str, where)) if isinstance(where, tuple) else str(where)


def _looked(sink: Sink, words: tuple[str, ...]) -> tuple[int, str]:
    """The exit code of a command and what is wrong with its output."""
    if sink.file:
        Path(sink.file).unlink(missing_ok=True)
    ran = run(words)
    printed = sinks.raw_controls(ran.text)
    if printed:
        return ran.code, f"{printed} is printed raw"
    if "Traceback (most recent call last)" in ran.text:
        return ran.code, "a traceback is printed"
    if sink.file and not Path(sink.file).exists():
        return ran.code, ""
    if sink.file:
        text = Path(sink.file).read_bytes().decode("utf-8", "replace")
    else:
        text = (ran.out if sink.problem is not sinks.text_problem else ran.out + ran.err).decode()
    if sink.problem is sinks.html_problem:
        text = sinks.without_library(text)
    raw = sinks.raw_controls(text)
    problem = sink.problem(text) if text.strip() else ""
    return ran.code, f"{raw} is written raw" if raw else problem


def _into_field(path: fields.Path, text: str) -> Iterator[tuple[str, str]]:
    """What arrives of a text in a field of a spec."""
    Path(SPEC).write_text(fields.placed(path, text), "utf-8", "surrogatepass")
    for label, sink in FINDINGS.items():
        yield label, _looked(sink, sink.words)[1]
    checked = check(load(Path(SPEC).read_bytes(), SPEC))
    if not checked.sound:
        return
    for label, sink in OUTPUTS.items():
        yield label, _looked(sink, sink.words)[1]
    for graph in checked.graphs.values():
        written = dump(document(lower(graph)))
        raw = sinks.raw_controls(written)
        problem = f"{raw} is written raw" if raw else sinks.terraform_problem(written)
        yield "Terraform in JSON", problem or _changed(path, text, written)


def _changed(path: fields.Path, text: str, written: str) -> str:
    """Whether Terraform gets another text than the spec has, where it gets it as it is."""
    plain = check(load(fields.placed(path, PAYLOADS["plain"]), SPEC))
    if not plain.sound or path[-1] == fields.KEY:
        return ""
    spelled = txt_value(text) if path == TXT_VALUE else text
    expected = spelled.replace("${", "$${").replace("%{", "%%{")
    for graph in plain.graphs.values():
        before = json.loads(dump(document(lower(graph))))
        after = dict(_leaves(json.loads(written), ()))
        for place, value in _leaves(before, ()):
            if value == PAYLOADS["plain"] and after.get(place, expected) != expected:
                return "another text arrives"
    return ""


def _leaves(document_: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:  # noqa: ANN401 # JSON
    if isinstance(document_, dict | list):
        entries = document_.items() if isinstance(document_, dict) else enumerate(document_)
        for step, inner in entries:
            yield from _leaves(inner, (*path, step))
    else:
        yield path, document_


def _into_argument(name: str, text: str) -> Iterator[tuple[str, str]]:
    """What arrives of a text in an argument of a command."""
    words = tuple(word.replace("{}", text) for word in ARGUMENTS[name])
    yield f"argument {name}", _looked(Sink((), sinks.text_problem), words)[1]


def _into_book(field: str, text: str) -> Iterator[tuple[str, str]]:
    """What arrives of a text in a price book."""
    entry = {
        "item": "nat_gateway_hour",
        "usd": 1,
        "note": "a",
        "unit": "hour",
        "region": "us-east-2",
    }
    entry |= {text: 1} if field == "key" else {field: text}
    Path("book.yaml").write_text(json.dumps({"prices": [entry]}), "utf-8")
    shown = ("prices", "show", "--prices", "book.yaml")
    cost = ("cost", "sound.yaml", "--runs", "0", "-q", "--prices", "book.yaml")
    outputs: Mapping[str, tuple[tuple[str, ...], Problem]] = {
        "prices as a table": (shown, sinks.text_problem),
        "prices as JSON": ((*shown, "--json"), _json),
        "bill as a table, own prices": (cost, sinks.text_problem),
        "bill as JSON, own prices": ((*cost, "--json"), _json),
        "bill as CSV, own prices": ((*cost, "--format", "csv"), sinks.csv_problem),
        "bill as Markdown, own prices": ((*cost, "--format", "markdown"), sinks.markdown_problem),
    }
    for label, (words, problem) in outputs.items():
        yield label, _looked(Sink(words, problem), words)[1]


def _into_plan(field: str, text: str) -> Iterator[tuple[str, str]]:
    """What arrives of a text in a plan of Terraform."""
    Path("plan.json").write_text(json.dumps(_plan(field, text)), "utf-8")
    for label, sink in REVIEWED.items():
        yield label, _looked(sink, sink.words)[1]


def _plan(field: str = "", text: str = "") -> dict[str, Any]:
    """A plan that replaces a network with a subnet, a text in one place of it."""

    def put(name: str, value: str) -> str:
        return text if field == name else value

    address = put("address", 'module.shop["eu"].aws_vpc.main["a"]')
    address = f'aws_vpc.main["{text}"]' if field == "key" else address
    address = f'module.shop["{text}"].aws_vpc.main' if field == "module" else address
    argument, path = put("argument", "cidr_block"), put("path", "cidr_block")
    tags = {"tags_all": {"Environment": put("environment", "prod")}}
    network = _entry(address, {argument: "a", **tags}, {argument: put("value", "b"), **tags})
    network["change"]["actions"] = ["delete", put("action", "create")]
    network["change"]["replace_paths"] = [[path]]
    network |= {"previous_address": put("was", "aws_vpc.old"), "type": put("type", "aws_vpc")}
    network["action_reason"] = put("reason", "replace_because_tainted")
    subnet = _entry("aws_subnet.private", {"vpc_id": "a"}, {})
    subnet["change"] |= {"actions": ["delete", "create"], "replace_paths": [["vpc_id"]]}
    subnet["change"]["after_unknown"] = {"vpc_id": True}
    read = {"references": [put("reference", "aws_vpc.main.id")]}
    written = {"type": "aws_subnet", "name": "private", "expressions": {"vpc_id": read}}
    return {
        "format_version": put("format", "1.2"),
        "terraform_version": put("terraform", "1.11.4"),
        "resource_changes": [network, subnet],
        "resource_drift": [_entry(put("drifted", "aws_lb.alb"), {"name": "a"}, {"name": "b"})],
        "configuration": {"root_module": {"resources": [written]}},
    }


def _entry(address: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """A resource of a plan that changes."""
    type_, _, name = address.partition("[")[0].rpartition(".")
    change = {"actions": ["update"], "before": before, "after": after}
    where = {"address": address, "mode": "managed", "type": type_.rpartition(".")[2], "name": name}
    return {**where, "change": change}


def _into_server(place: str, text: str) -> Iterator[tuple[str, str]]:
    """What arrives of a text that the price server sends."""
    files = site.price_files("0.05")
    index = "/offers/v1.0/aws/index.json"
    swaps: Mapping[str, tuple[bytes, object]] = {
        "index": (b"currentRegionIndexUrl", text),
        "path": (b"/offers/v1.0/aws/AmazonECS/current/region_index.json", text),
        "redirect": (b"/offers/v1.0/aws/AmazonECS/current/region_index.json", f"/{text}"),
        "offer": (b"AmazonECS", text),
        "body": (b"", ""),
    }
    old, new = swaps[place]
    files[index] = text.encode() if place == "body" else files[index].replace(old, _inside(new))
    with site.serving(files) as address:
        words = (
            *("prices", "update", "sound.yaml", "--region", site.REGION, "--offer", "AmazonECS"),
            *("--price-list", address, "--spot-feed", f"{address}/spot.json", "--tries", "1"),
        )
        yield "prices update", _looked(Sink((), sinks.text_problem), words)[1]


def _inside(text: object) -> bytes:
    return json.dumps(text)[1:-1].encode()


def _into_name(_: str, text: str) -> Iterator[tuple[str, str]]:
    """What arrives of the name of a spec's file, a slash in it left out."""
    name = f"{text.replace('/', '')}.yaml"
    shutil.copyfile("sound.yaml", name)
    shutil.rmtree("out", ignore_errors=True)
    try:
        for label, sink in NAMED.items():
            words = tuple(word.replace("{}", name) for word in sink.words)
            yield f"{label}, named", _looked(sink, words)[1]
        for path in Path("out").rglob("*"):
            yield "file names", sinks.name_problem(path.name)
        # With an error in it, a name stands before each finding.
        Path(name).write_text("trazo: 2\n", "utf-8")
        for label in ("findings as text", "findings as JSON", "findings as SARIF"):
            words = tuple(word.replace("{}", name) for word in NAMED[label].words)
            yield f"{label}, named", _looked(NAMED[label], words)[1]
    finally:
        Path(name).unlink()
