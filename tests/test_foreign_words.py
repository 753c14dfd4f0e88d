"""What words of AWS, Docker, Terraform and compose are called here, and when none is a slip."""

from collections.abc import Iterator
from typing import get_args

import pytest

from compiler.findings.check import check
from compiler.findings.fixes import fixed
from trazo_spec.components import KINDS
from trazo_spec.diagnostics import Diagnostic
from trazo_spec.document import Spec
from trazo_spec.load import load
from trazo_spec.words.foreign import ForeignWord, folded, rows
from trazo_spec.words.slips import did_you_mean, distance, is_slip, meant, nearest
from trazo_spec.words.vocabulary import field_names, meaningful, models

FIELDS = tuple(rows("fields.csv"))
VALUES = tuple(rows("values.csv"))
HEAD = """\
trazo: 1
name: acme
region: us-east-2
state: {bucket: acme-state}
components:
"""


def look(text: str) -> tuple[Diagnostic, ...]:
    return check(load(text, "spec.yaml")).diagnostics


def of(components: str) -> tuple[Diagnostic, ...]:
    """What is found in a spec of these components."""
    return look(f"{HEAD}  {components}\n")


def name(row: ForeignWord) -> str:
    return f"{'.'.join(row.at)}:{row.word}"


def roots(row: ForeignWord) -> Iterator[type]:
    """The types at whose top a row's place begins."""
    if row.at[0] == "spec":
        yield Spec
    elif row.at[0] == "*":
        yield from KINDS.values()
    else:
        yield KINDS[row.at[0]]


def stepped(annotation: object, step: str) -> object:
    """The type of a field."""
    return field_names(next(models(annotation)))[step]


def at(row: ForeignWord, root: type) -> object:
    """The type at a row's place."""
    found: object = root
    for step in row.at[1:]:
        found = stepped(found, step) if step != "*" else get_args(found)[-1]
    return found


@pytest.mark.parametrize("row", FIELDS, ids=name)
def test_no_row_shadows_a_field(row):
    """A word that is a field here is right, and nobody may be told otherwise."""
    for root in roots(row):
        assert row.word not in field_names(next(models(at(row, root))))


@pytest.mark.parametrize("row", [row for row in FIELDS if row.here], ids=name)
def test_what_a_row_names_exists(row):
    """It is read from the component or spec on, or, for a short way, from where the word stands."""
    for root in roots(row):
        first, *rest = row.here.split(".")
        around: object = root if first in field_names(root) else at(row, root)
        for step in (first, *rest):
            assert step in field_names(next(models(around)))
            around = stepped(around, step)


@pytest.mark.parametrize("row", VALUES, ids=name)
def test_no_row_shadows_a_value(row):
    """What a row names is allowed at its place, and its own word is not."""
    for root in roots(row):
        kinds = row.at[-1] == "kind"
        allowed = KINDS if kinds else literals(at(row, root))
        # A word that became a kind is right, so nobody looks it up any more.
        assert row.word not in allowed or (kinds and not row.here)
        assert not row.here or row.here in allowed


def literals(annotation: object) -> set[object]:
    """The values that a type allows."""
    inner = get_args(annotation)
    return {v for one in inner for v in (literals(one) if get_args(one) else {one})}


@pytest.mark.parametrize("file", ["fields.csv", "values.csv"])
def test_every_row_stands_once_and_says_something(file):
    """A second row for a word would never be read."""
    places = [(row.at, row.word) for row in rows(file)]

    assert len(set(places)) == len(places) > 100
    assert all(row.here or row.why for row in rows(file))
    assert all(row.word == folded(row.word) for row in rows(file) if file == "fields.csv")


SAID = {
    "a: {kind: ecs, image: a, architecture: amd64}": "`x86_64`",
    "a: {kind: ecs, image: a, architecture: aarch64}": "`arm64`",
    "a: {kind: ecs, image: a, architecture: linux/amd64}": "`x86_64`",
    "a: {kind: ecs, image: a, scaling: {target_memory_percent: 80}}": "not supported",
    "a: {kind: ecs, image: a, ingress_ports: [443, 9090]}": "not supported",
    "a: {kind: ecs, image: a, start_timeout_s: 30}": "not supported",
    "a: {kind: rds, engine: mysql}": "PostgreSQL",
    "a: {kind: ecs, image: a, sidecars: []}": "one container",
    "a: {kind: ecs, image: a, user: app}": "in the image",
    "a: {kind: ecs, image: a, Memory: 512}": "`memory_mib`",
    "a: {kind: ecs, image: a, containerPort: 80}": "`port`",
    "a: {kind: ecs, image: a, desiredCount: 2}": "`scaling.min`",
    "a: {kind: ecs, image: a, memory_mb: 512}": "`memory_mib`",
    "a: {kind: ecs, image: a, volumes: []}": "`s3`",
    "a: {kind: ecs, image: a, gpu: 1}": "does not offer GPUs",
    "a: {kind: ecs, image: a, shm_size: 64}": "not supported",
    "a: {kind: ecs, image: a, log_driver: awslogs}": "not supported",
    "a: {kind: ecs, image: a, tty: true}": "not supported",
    "a: {kind: ecs, image: a, dynos: 2}": "`scaling.min`",
    "a: {kind: ecs, image: a, lifecycle: {}}": "SIGTERM",
    "a: {kind: ecs, image: a, scaling: {mem: 70}}": "CPU utilization only",
    "a: {kind: iam, statements: [{actions: ['s3:*'], resources: ['*'], NotAction: a}]}": "Deny",
    "a: {kind: ecs, image: a, target_cpu_percent: 50}": "under `scaling`",
    "a: {kind: ecs, image: a, scaling: {image: b}}": "to the component itself",
    "a: {kind: ecs, image: a, capacity: {FARGATE_SPOT: {weight: 1}}}": "`spot`",
    "a: {kind: rds, port: 5432}": "5432",
    "a: {kind: rds, skipFinalSnapshot: true}": "opposite",
    "a: {kind: rds, storage_type: io2}": "`io1`",
    "a: {kind: rds, node_type: db.t4g.micro}": "`instance_class`",
    "a: {kind: redis, num_cache_clusters: 2}": "`nodes`",
    "a: {kind: postgres}": "`rds`",
    "a: {kind: mysql}": "PostgreSQL",
    "a: {kind: fargate, image: a}": "`ecs`",
    "a: {kind: s3, acl: public-read}": "private",
    "a: {kind: ecs, image: a, protocol: http}": "`HTTP`",
    "a: {kind: ecs, image: a, protocol: tcp}": "HTTP/1.1",
    "a: {kind: networking, egress: {nat: one}}": "`single`",
}


@pytest.mark.parametrize("component", SAID)
def test_a_foreign_word_is_answered_with_what_it_is_here(component):
    """Whoever comes from there learns the word, or why there is none."""
    (found,) = of(component)

    assert SAID[component] in found.help
    assert "did you mean" not in found.help


def test_a_field_with_a_letter_that_is_not_seen_is_that_field():
    """`path_` in a health check is no route of a load balancer."""
    (found,) = of("a: {kind: ecs, image: a, health_check: {path_: /}}")

    assert found.help == "did you mean `path`?"


@pytest.mark.parametrize("component", sorted(SAID))
def test_no_foreign_word_is_written_over(component):
    """`amd64` that becomes `arm64` is an image that cannot start."""
    text = f"{HEAD}  {component}\n"
    after = fixed(text, look).text

    assert after == text or (component.endswith("http}") and "HTTP}" in after)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("amd64", "arm64"),
        ("target_memory_percent", "target_cpu_percent"),
        ("ingress_ports", "egress_ports"),
        ("start_timeout_s", "stop_timeout_s"),
        ("engine", "engine_version"),
        ("memory_mb", "memory_mib"),
        ("ephemeral_storage_gb", "ephemeral_storage_gib"),
        ("storage_gib", "storage_gb"),
        ("scale_up_cooldown_s", "scale_out_cooldown_s"),
        ("gp4", "gp3"),
        ("io2", "io1"),
        ("gpu", "cpu"),
        ("spot", "stop"),
        ("public_subnets", "private_subnets"),
        ("healthy_threshold", "unhealthy_threshold"),
        ("web2", "web1"),
        ("us-east-1", "us-east-2"),
        ("oai", "oac"),
        ("AAAA", "A"),
        ("max", "maxx" * 30),
    ],
)
def test_words_that_mean_something_are_no_slips(word, other):
    """Neither is written over the other, nor is one said to be meant by the other."""
    assert not is_slip(word, other)
    assert meant(word, [other]) is None
    assert nearest(word, [other]) == ()


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("wbe", "web"),
        ("fils", "files"),
        ("cpuu", "cpu"),
        ("databse", "database"),
        ("dataabse", "database"),
        ("storge_gb", "storage_gb"),
        ("memory-mib", "memory_mib"),
        ("securty", "security"),
        ("statik", "static"),
        ("spott", "spot"),
        ("egress_port", "egress_ports"),
    ],
)
def test_one_letter_is_a_slip(word, other):
    """One more, less, other or swapped: what a hand does."""
    assert is_slip(word, other)
    assert did_you_mean(word, [other]) == f"did you mean `{other}`?"


def test_two_that_are_as_near_are_both_named():
    """The choice is the writer's, and no edit makes it."""
    assert did_you_mean("filez", ["filed", "files"]) == "did you mean `filed` or `files`?"
    assert meant("filez", ["filed", "files"]) is None


def test_a_missing_unit_is_named_and_not_written():
    """Nobody knows whether the number is in that unit."""
    assert did_you_mean("stop_timeout", ["stop_timeout_s"]) == "did you mean `stop_timeout_s`?"
    assert meant("stop_timeout", ["stop_timeout_s"]) is None


def test_every_field_means_something():
    """No field of the language is ever taken for a slip of another."""
    every = {n for model in models(Spec) for n in field_names(model)}

    assert every <= meaningful()
    assert [(a, b) for a in every for b in every if a != b and is_slip(a, b)] == []


@pytest.mark.parametrize(
    ("word", "other", "expected"),
    [("", "", 0), ("ab", "ba", 1), ("abc", "cab", 2), ("abcd", "badc", 2), ("ca", "abc", None)],
)
def test_distance_counts_letters(word, other, expected):
    """A swap is one; a letter between two swapped ones makes three of it, not two."""
    assert distance(word, other, most=2) == expected


def test_an_unknown_key_is_never_written_onto_one_that_is_set():
    """The second of two equal keys would silently win."""
    text = f"{HEAD}  a: {{kind: ecs, image: a, cpu: 256, cpuu: 512}}\n"
    (found,) = look(text)

    assert found.help == "`cpu` is already set; keep one of them"
    assert fixed(text, look).text == text


def test_two_unknown_keys_are_never_written_onto_one():
    """Which of them is meant is not known."""
    text = f"{HEAD}  a: {{kind: ecs, image: a, imagee: a, cpuu: 512, cppu: 512}}\n"
    found = look(text)

    assert {d.help for d in found if "cp" in d.message} == {
        "more than one key here could mean `cpu`"
    }
    assert fixed(text, look).text == text


def test_two_names_are_never_written_onto_one():
    """The same for keys that are names of components."""
    text = f"{HEAD}  a: {{kind: ecs, image: a, uses: {{fils: read, filles: write}}}}\n"
    text += "  files: {kind: s3}\n"

    assert fixed(text, look).text == text


def test_the_same_slip_in_two_components_is_mended_in_both():
    """They are two mappings, though their keys are the same."""
    text = f"{HEAD}  a: {{kind: ecs, imag: a}}\n  b: {{kind: ecs, imag: b}}\n"

    assert fixed(text, look).text == text.replace("imag:", "image:")


def test_an_overlay_may_set_again_what_the_base_sets():
    """The base's key stands in another mapping of the file."""
    text = f"{HEAD}  a: {{kind: ecs, image: a, cpu: 256}}\n"
    text += "environments: {prod: {components: {a: {cpuu: 512, memory_mib: 1024}}}}\n"

    assert fixed(text, look).text == text.replace("cpuu", "cpu")


def test_a_slip_is_not_mended_where_its_value_would_not_fit():
    """That the value does not fit says that something else was meant."""
    text = f"{HEAD}  a: {{kind: ecs, image: a, egress_port: 443}}\n"
    (found,) = look(text)

    assert (found.help, found.edit) == ("did you mean `egress_ports`?", None)


BOTH = {
    "{kind: ecs, image: a, cpu: 256, memory_mib: 3000}": (
        "`memory_mib: 2048`",
        "`cpu: 512` with `memory_mib: 3072`",
    ),
    "{kind: ecs, image: a, cpu: 256, memory_mib: 4096}": ("`memory_mib: 2048`", "`cpu: 512`"),
    "{kind: ecs, image: a, cpu: 512, memory_mib: 1500}": ("`memory_mib: 1024`", "2048`"),
    "{kind: ecs, image: a, scaling: {min: 3, max: 2}}": ("increase `max` to 3", "decrease `min`"),
    "{kind: rds, storage_gb: 100, max_storage_gb: 100}": ("`max_storage_gb: 110`", "remove"),
    "{kind: rds, storage_gb: 100, iops: 12000}": ("remove it", "`storage_gb: 400`"),
    "{kind: rds, storage_gb: 100, storage_type: io1, iops: 6000}": (
        "`iops: 5000`",
        "`storage_gb: 120`",
    ),
    "{kind: rds, storage_gb: 400, throughput_mib_per_s: 3500}": (
        "`throughput_mib_per_s: 3000`",
        "`iops: 14000`",
    ),
    "{kind: redis, node_type: cache.t1.micro, nodes: 2}": ("newer type", "`nodes: 1`"),
}


@pytest.mark.parametrize("component", BOTH)
def test_both_ways_out_are_named_and_none_is_taken(component):
    """What was asked for is to be had, too; which of the two it is to be, the writer says."""
    text = f"{HEAD}  a: {component}\n"
    # The node type of the last one is retired besides.
    (found,) = (d for d in look(text) if d.severity == "error" and d.code != "TZ653")

    assert [way for way in BOTH[component] if way not in found.help] == []
    assert fixed(text, look).text == text
