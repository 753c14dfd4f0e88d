"""Reading ends where a text is too deep or too much: counted in what is parsed, not in seconds."""

from collections.abc import Iterator

import pytest

from trazo_spec.diagnostics import Diagnostic
from trazo_spec.load import MOST_MERGED, load
from trazo_spec.secrecy import findings
from trazo_spec.secrecy.comments import comments
from trazo_spec.secrecy.cover import MOST_SECRETS, Cover
from trazo_spec.validation import fields
from trazo_spec.validation.remedies import without_rest
from trazo_spec.yaml import reading
from trazo_spec.yaml.composing import MOST_DEPTH, MOST_LETTERS, MOST_MISTAKES, MOST_VALUES
from trazo_spec.yaml.located import plain
from trazo_spec.yaml.reading import MOST_CHARACTERS, MOST_LINES, read

HEAD = "trazo: 1\nname: acme\nregion: us-east-2\nstate: {bucket: acme-state}\ncomponents:\n"
SERVICE = """\
  service_{}:
    kind: ecs
    image: 123456789012.dkr.ecr.us-east-2.amazonaws.com/service:1.0
    cpu: 512
    memory_mib: 1024
    port: 8080
    health_check: {{path: /healthz, interval_s: 15, timeout_s: 5}}
    environment: {{LOG_LEVEL: info, SERVICE_NAME: service, STAGE: prod, WORKERS: "4"}}
    scaling: {{min: 1, max: 4, target_cpu_percent: 60}}
    stop_timeout_s: 60
    log_retention_days: 14
"""


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The events that are asked for."""
    seen: list[object] = []
    events = reading._events  # where the text is parsed

    def counted(text: str) -> Iterator[object]:
        for event in events(text):
            seen.append(event)
            yield event

    monkeypatch.setattr(reading, "_events", counted)
    return seen


def only(text: str) -> Diagnostic:
    """The one thing that is wrong with a text."""
    _, (found,) = read(text, "x.yaml")
    return found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [" + "1," * 200_000 + "]", "2,000 entries"),
        ("a: [" + "1," * 200_000, "2,000 entries"),
        ("a:\n" + " - 1\n" * 90_000, "2,000 entries"),
        ("".join(f"k{i}: 1\n" for i in range(40_000)), "2,000 entries"),
        ("a: [" + f"[{'1,' * 2_000}]," * 100 + "]", "the file contains more than"),
        ("a: &a [1, 2]\nb: [" + f"[{'*a,' * 2_000}]," * 50 + "]", "aliases expand to more than"),
        ("a: [" + "".join(f"&a{i} b," for i in range(1_900)) + "]", "1,000 anchors"),
        ("a: 1\n" + "\n" * (MOST_LINES + 1), "line breaks"),
        ("a: " + "[" * 400_000, "nested deeper"),
        ("a: " + "{a: " * 100_000, "nested deeper"),
        ("- " * 200_000, "nested deeper"),
        ("--- a\n" * 80_000, "a second document"),
    ],
    ids=lambda value: repr(value[:16]),
)
def test_what_is_too_much_ends_the_reading(text, said, parsed):
    """The rest of the text is not looked at: it took 11 s and 500 MB."""
    found = only(text)

    assert said in found.message
    assert len(parsed) <= 2 * MOST_VALUES + 10
    if "deeper" in said:
        assert len(parsed) < 3 * MOST_DEPTH


def test_aliases_are_counted_before_anything_is_repeated():
    """Ten lines of them would otherwise fill the memory of the machine."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    found = only("\n".join(lines))

    assert (found.code, found.at.line) == ("TZ107", 5)


def test_texts_that_aliases_repeat_are_counted():
    """A text of 60 kB a thousand times is 60 MB, in a file of 70 kB."""
    text = f"a: &a {'x' * 60_000}\nb: [{'*a,' * 1_000}]"

    assert f"more than {MOST_LETTERS:,} characters" in only(text).message


def test_an_aliased_value_is_one_value_with_the_place_of_its_anchor():
    """It is made once, however often it is used."""
    document, found = read("a: &a {b: 1}\nc: *a\nd: *a", "x.yaml")

    assert found == ()
    assert plain(document) == {"a": {"b": 1}, "c": {"b": 1}, "d": {"b": 1}}
    assert document.value["c"].value is document.value["d"].value
    assert [document.value[key].key.line for key in "acd"] == [1, 2, 3]


def test_depth_counts_through_aliases():
    """A chain of anchors is as deep as what it stands for."""
    deep = "[" * 30 + "]" * 30

    assert "nested deeper" in only(f"a: &a {deep}\nb: {'[' * 30}*a{']' * 30}").message


@pytest.mark.parametrize(
    "text",
    [
        "".join("a: 1\n" for _ in range(5_000)),
        "a: {}\n" + "<<: {b: 1}\n" * 5_000,
        "a: [" + "!x 1," * 5_000 + "]",
    ],
    ids=["keys", "merges", "tags"],
)
def test_a_thousand_mistakes_are_enough(text):
    """Nobody mends more at a time; what was found is told all the same."""
    _, found = read(text, "x.yaml")

    assert len(found) == MOST_MISTAKES + 1
    assert f"more than {MOST_MISTAKES:,} errors" in found[-1].message


def test_a_thousand_wrong_fields_are_enough():
    """The first one beyond them says so at its place."""
    keys = "".join(f"    storage_gb_{i}: 1\n" for i in range(MOST_MISTAKES + 500))
    found = load(f"{HEAD}  a:\n    kind: rds\n{keys}").diagnostics

    assert len(found) == MOST_MISTAKES + 1
    assert (found[-1].code, found[-1].at.line) == ("TZ107", 8 + MOST_MISTAKES)


@pytest.mark.parametrize(
    ("component", "count"),
    [
        ("    kind: rds\n" + "".join(f"    storage_gb_{i}: 1\n" for i in range(20)), 900),
        ("    cpu: 1\n", 1_990),
    ],
    ids=["unknown fields", "no kind"],
)
def test_of_many_wrong_components_only_the_first_are_judged(component, count, monkeypatch):
    """What is said of 20,000 fields took 50 MB, of which a thousand findings were told."""
    judged: list[int] = []
    typed = fields.typed

    def counted(text: str) -> tuple[object, list[object]]:
        spec, errors = typed(text)
        judged.append(len(errors))
        return spec, errors

    monkeypatch.setattr(fields, "typed", counted)
    text = HEAD + "".join(f"  a{i}:\n{component}" for i in range(count))
    found = load(text).diagnostics

    assert len(found) == MOST_MISTAKES + 1
    assert "checking stopped" in found[-1].message
    assert max(judged) < 2 * MOST_MISTAKES + 30


def test_what_is_left_out_is_told():
    """Where findings of a value are fewer than what pydantic says of it, nothing else would."""
    wrong = "    kind: rds\n" + "".join(f"    storage_gb_{i}: 1\n" for i in range(300))
    document, _ = read(HEAD + "".join(f"  a{i}:\n{wrong}" for i in range(9)), "x.yaml")
    rest, path = without_rest(document, 1_000)

    assert path == ("components", "a4")
    assert list(plain(rest)["components"]) == ["a0", "a1", "a2", "a3"]
    assert without_rest(document, 10_000) == (document, None)


def test_a_long_comment_is_searched_in_parts():
    """One of 450,000 letters took 20 MB; of each part the place is still known."""
    text = f"{HEAD}  a: {{kind: s3}}\n" + "# nothing\n" * 2_500 + "# DB_PASSWORD: hunter2x9z\n"
    document, _ = read(text, "x.yaml")
    parts = list(comments(text, document))
    (found,) = (d for d in load(text).diagnostics if d.code == "TZ492")

    assert [part.text.count("\n") for part in parts] == [999, 999, 500]
    assert (found.at.line, found.at.column) == (2_507, 16)


def test_a_tag_without_an_end_is_refused_at_once():
    """ruamel.yaml would decode it some fifteen times."""
    assert "more than 1,024 characters" in only(f"a: !{'x' * 400_000} 1").message


def test_environments_count_as_often_as_they_are_judged():
    """A file of 70 kB took minutes."""
    text = f"{HEAD}  a: {{kind: s3}}\nenvironments:\n"
    many = "".join(f"  e{i}: {{}}\n" for i in range(MOST_MERGED // 500))

    assert f"more than {MOST_MERGED:,} values" in load(text + many).diagnostics[0].message
    assert len(load(text + "  a: {}\n  b: {}\n").environments) == 2


def test_of_too_many_secrets_nothing_is_shown():
    """To look for thousands of them in all that is printed took minutes."""
    pairs = "".join(f"      PASSWORD_{i}: hunter{i}x9\n" for i in range(MOST_SECRETS + 1))
    text = f"{HEAD}  a:\n    kind: ecs\n    image: a\n    environment:\n{pairs}"
    loaded = load(text)

    assert [d.code for d in loaded.diagnostics] == ["TZ107"]
    assert (loaded.cover.source, loaded.cover.over("hunter1x9")) == ("", "•••••")


def test_a_spec_of_a_thousand_services_is_read():
    """The limits are for what is no spec."""
    text = HEAD + "".join(SERVICE.format(i) for i in range(1_000))
    loaded = load(text)

    assert len(text) < MOST_CHARACTERS
    assert len(loaded.environments["prod"].components) == 1_000


def test_of_a_text_that_is_too_long_no_more_is_looked_at(monkeypatch: pytest.MonkeyPatch):
    """Two million characters were searched for secrets, of which one line is printed."""
    seen: list[int] = []
    cover = findings.rough_cover

    def counted(text: str) -> Cover:
        seen.append(len(text))
        return cover(text)

    monkeypatch.setattr(findings, "rough_cover", counted)
    found = load(f"{HEAD}{'  # password: hunter2secret' * 80_000}\n")

    assert [d.code for d in found.diagnostics] == ["TZ107"]
    assert seen == [len(found.text)]
    assert len(found.text) < 10_000


@pytest.mark.parametrize("end", ["components: #\n", "components:  # none\n\n", "traffic: {}\na: #"])
def test_a_comment_behind_an_empty_value_at_the_end_is_read(end):
    """The value is behind the last line, where no comment can be."""
    head = "trazo: 1\nname: acme\nregion: us-east-2\nstate: {bucket: acme-state}\n"
    codes = {d.code for d in load(head + end).diagnostics}

    assert codes
    assert codes <= {"TZ201", "TZ202", "TZ203", "TZ204", "TZ208"}
