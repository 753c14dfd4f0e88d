"""Kinds that are added to a copy of the tree by four files and two lists: they are a part of all.

`tests/new_kinds/` has their files. A topic is used through an API of AWS, a Valkey cache stands in
the VPC.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.clones import clone_into, edit, run
from tests.pages import ROOT

pytestmark = pytest.mark.xdist_group("new kinds")  # they share what was added

NEW = ROOT / "tests" / "new_kinds"
PLACES = {
    "spec.py": "trazo_spec/components/{kind}.py",
    "code.py": "compiler/components/{kind}.py",
    "prices.csv": "cost/rates/prices/{kind}.csv",
    "tests.py": "tests/components/test_{kind}.py",
}
UNION = "trazo_spec/components/__init__.py"
ANSWERS = "compiler/kinds.py"
LAWS = {
    "kinds": ["a_kind_is_a_part_of_everything"],
    "strategies": [""],
    "price_coverage": ["what_is_missing_is_known", "no_meter_is_forgotten"],
    "architecture": [
        "kinds_never_import_each_other",
        "only_kinds_and_rules_name_a_kind",
        "every_kind_of_the_language_can_be_lowered",
        "a_kind_is_called_like_its_modules",
        "every_use_that_is_assumed_is_a_field_that_can_be_stated",
    ],
    "properties": [
        "the_laws_are_tried_on_every_kind",
        "every_plan_fits_the_schema_of_the_provider",
        "a_spec_that_was_written_is_read_as_itself",
        "an_unrelated_component_changes_nothing_else",
    ],
    "rules": ["no_valid_spec_has_an_error"],
    "visible": ["the_sample_has_every_kind"],
}
"""The laws that are tried on a new kind, by their modules."""
LAW = ".venv/bin/python -m pytest -q tests/test_kinds.py -k 'everything and {kind}'"


@dataclass(frozen=True)
class Sample:
    """A new kind as a spec has it, and what the program says of it."""

    kind: str
    body: str
    """What else a component of it says."""
    access: str
    shown: Mapping[str, str]
    """View -> what it shows of the component `it`."""
    codes: tuple[str, str]
    """What is found where nothing uses it, and where it cannot be reached."""
    unreachable: str
    """The components with which it cannot be reached."""

    def spec(self, uses: str, rest: str) -> str:
        """A spec with a component of it."""
        return f"""\
trazo: 1
name: hello
region: us-east-1
state: {{bucket: hello-example-terraform-state}}
components:
  it: {{kind: {self.kind}{self.body}}}
  web: {{kind: ecs, image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1"{uses}}}
{rest}"""

    @property
    def uses(self) -> str:
        """What the service says to use it."""
        return f", uses: {{it: {self.access}}}"


SAMPLES = (
    Sample(
        "topic",
        "",
        "write",
        {"overview": "SNS it", "request": "SNS it", "security": "Publish"},
        ("TZ316", "TZ417"),
        "  vpc: {kind: networking, egress: {endpoints: [ecr.api, ecr.dkr, logs]}}\n",
    ),
    Sample(
        "valkey",
        ", size: cache.t4g.small",
        "connect",
        {
            "overview": "ElastiCache Valkey",
            "network": "ElastiCache Valkey",
            "request": "ElastiCache Valkey",
        },
        ("TZ315", "TZ307"),
        "",
    ),
)


@pytest.fixture(scope="module", params=SAMPLES, ids=lambda sample: sample.kind)
def added(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Sample, Path]]:
    """A copy of the tree with one of the kinds: its files, its two entries, the generated pages."""
    sample: Sample = request.param
    clone = clone_into(tmp_path_factory.mktemp(sample.kind))
    for name, place in PLACES.items():
        shutil.copy(NEW / sample.kind / name, clone / place.format(kind=sample.kind))
    kind, type_ = sample.kind, sample.kind.capitalize()
    last = "from trazo_spec.components.security import Security\n"
    edit(f" {last}+from trazo_spec.components.{kind} import {type_}\n", clone / UNION)
    edit(f"-    {KNOWN} | Security,\n+    {KNOWN} | Security | {type_},\n", clone / UNION)
    edit(f"     security,\n+    {kind},\n", clone / ANSWERS)
    edit(f'     "security": security.KIND,\n+    "{kind}": {kind}.KIND,\n', clone / ANSWERS)
    done = run(".venv/bin/python scripts/write_reference.py", clone)
    assert done.returncode == 0, done.stderr
    yield sample, clone
    shutil.rmtree(clone)


KNOWN = "Alb | Cloudfront | Dns | Ecs | Iam | Networking | Rds | Redis | S3"


def test_it_is_held_to_the_laws_of_all_kinds(added: tuple[Sample, Path]):
    """No list of the tests names it, and they try it all the same."""
    sample, clone = added
    laws = (f"tests/test_{of}.py::test_{law}" for of, named in LAWS.items() for law in named)
    tests = " ".join((PLACES["tests.py"].format(kind=sample.kind), *laws))
    done = run(f".venv/bin/python -m pytest -q {tests.replace('::test_ ', ' ')}", clone)

    assert done.returncode == 0, done.stdout


def test_the_program_knows_it(added: tuple[Sample, Path]):
    """Plan, bill, pictures, graph, schema and reference, each by its command."""
    sample, clone = added
    (clone / "it.yaml").write_text(sample.spec(sample.uses, ""), encoding="utf-8")
    said = {words: run(f".venv/bin/trazo {words}", clone) for words in commands(sample)}
    failed = {words: done.stderr for words, done in said.items() if done.returncode}

    assert failed == {}
    plan = json.loads((clone / "out/prod/cdk.tf.json").read_text(encoding="utf-8"))
    assert "it" in {name for of in plan["resource"].values() for name in of}
    assert f"{sample.kind}_" in said["cost it.yaml --explain it"].stdout
    assert f'"it<br/>{sample.kind}"' in said["graph it.yaml --format mermaid"].stdout
    assert '"it"' in said["graph it.yaml --format json"].stdout
    assert sample.kind in said["graph it.yaml --format dot"].stdout
    assert f'"{sample.kind}"' in said["schema"].stdout
    assert f"### {sample.kind}\n" in (clone / "docs/reference/language.md").read_text("utf-8")
    for view, words in sample.shown.items():
        assert words in (clone / f"{view}.svg").read_text(encoding="utf-8"), view


def commands(sample: Sample) -> tuple[str, ...]:
    """All that shows a component."""
    drawn = (f"diagram it.yaml --view {view} --output {view}.svg" for view in sample.shown)
    graphs = (f"graph it.yaml --format {form}" for form in ("mermaid", "json", "dot"))
    plain = ("compile it.yaml --output out", "cost it.yaml --explain it", "schema")
    return ("check it.yaml --strict", *plain, *graphs, *drawn)


def test_it_is_found_where_nothing_uses_or_reaches_it(added: tuple[Sample, Path]):
    """The rules ask for types and answers, not for names of kinds."""
    sample, clone = added
    unused, unreachable = sample.codes
    (clone / "unused.yaml").write_text(sample.spec("", ""), encoding="utf-8")
    apart = sample.unreachable or "  here: {kind: networking}\n  there: {kind: networking}\n"
    text = sample.spec(sample.uses, apart)
    if not sample.unreachable:
        text = text.replace(sample.body, f"{sample.body}, network: there")
        text = text.replace(sample.uses, f"{sample.uses}, network: here")
    (clone / "apart.yaml").write_text(text, encoding="utf-8")

    assert unused in run(".venv/bin/trazo check unused.yaml", clone).stderr
    assert unreachable in run(".venv/bin/trazo check apart.yaml || true", clone).stderr


def test_what_is_left_out_is_named_with_its_place(added: tuple[Sample, Path]):
    """A newcomer who forgets an answer, a price or a list reads what to write, and where."""
    sample, clone = added
    kind, type_ = sample.kind, sample.kind.capitalize()
    code, prices = (PLACES[n].format(kind=kind) for n in ("code.py", "prices.csv"))
    for path, old, new, sentence in (
        (code, "    gives=_gives,\n", "", f"gives its users no variable: answer `gives` in {code}"),
        (
            code,
            "meters=meters",
            "meters=lambda *_: ()",
            f"from the bill: answer `meters` in {code}",
        ),
        (code, "    links=_links,\n", "", f"compiler/components/{kind} must define `links`"),
        (prices, ",us-east-2,", ",us-gov-west-1,", f"in us-east-2: add a row to {prices}"),
        (ANSWERS, f'    "{kind}": {kind}.KIND,\n', "", f"name it in `KINDS` in {ANSWERS}"),
        (UNION, f" | {type_},", ",", f"name its type in `AnyComponent` in {UNION}"),
    ):
        whole = (clone / path).read_text(encoding="utf-8")
        assert old in whole, path
        (clone / path).write_text(whole.replace(old, new), encoding="utf-8")
        done = run(LAW.format(kind=kind), clone)
        (clone / path).write_text(whole, encoding="utf-8")

        assert f"kind `{kind}` " in done.stdout
        assert sentence in done.stdout, done.stdout
