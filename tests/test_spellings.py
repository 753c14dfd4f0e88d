"""Advice is made from the text of the file: what it says reads as what stood there."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compiler.findings.check import check
from compiler.findings.fixes import fixed
from tests.work import calls, endless
from trazo_spec import load as loading
from trazo_spec.diagnostics import Diagnostic, Severity
from trazo_spec.load import load
from trazo_spec.yaml.core_schema import number, number_of_yaml_1_1, type_of
from trazo_spec.yaml.lines import Places, line_and_column, lines
from trazo_spec.yaml.located import plain
from trazo_spec.yaml.reading import read

EARLIER = sorted((Path(__file__).parent / "earlier_specs").glob("*.yaml"))
HEAD = "trazo: 1\nname: acme\nregion: us-east-2\nstate: {bucket: acme-state}\ncomponents:\n"
TEXT = f"{HEAD}  a: {{kind: ecs, image: 'a:1', environment: {{A: %s}}}}\n"
NUMBER = f"{HEAD}  a: {{kind: ecs, image: 'a:1', egress_ports: [%s]}}\n"
SPELLINGS = (
    *(
        "16.10",
        "1.10",
        "012",
        "0x1F",
        "0o17",
        "+1",
        "-0",
        "True",
        "TRUE",
        "false",
        ".5",
        "1.",
        "1e3",
    ),
    *("1E+3", "012345678901", "0.10", "9007199254740992", "00", "1.50", "0xff", "-1.0e-2"),
)


def look(text: str) -> tuple[Diagnostic, ...]:
    return check(load(text, "spec.yaml")).diagnostics


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_text_in_quotes_is_the_text_that_stood_there(spelling):
    """`16.10` is another PostgreSQL than 16.1, and an account keeps its zero."""
    (found,) = look(TEXT % spelling)

    assert found.help == f'quote it: "{spelling}"'
    assert f"`{spelling}`" in found.message
    assert fixed((TEXT % spelling), look).text == (TEXT % f'"{spelling}"')


@pytest.mark.parametrize("spelling", ["0x1F", "True", "1e3", "null"])
def test_what_would_be_refused_in_quotes_too_is_not_advised(spelling):
    """The next run would have said that `0x1F` is no version of PostgreSQL."""
    (found,) = (d for d in look(f"{HEAD}  db: {{kind: rds, engine_version: {spelling}}}\n") if d.at)

    assert (found.code, "quotes" in found.help, found.edit) == ("TZ201", False, None)


@given(
    st.one_of(
        st.from_regex(r"[-+]?[0-9]{1,15}", fullmatch=True),
        st.from_regex(
            r"[-+]?([0-9]{0,6}\.[0-9]{1,6}|[0-9]{1,6}\.)([eE][-+]?[0-9])?", fullmatch=True
        ),
        st.from_regex(r"0x[0-9a-fA-F]{1,12}|0o[0-7]{1,12}", fullmatch=True),
        st.sampled_from(("true", "True", "TRUE", "false", "False", "FALSE")),
    )
)
@example("1e0")
def test_what_is_advised_reads_as_the_spelling_that_stood_there(spelling):
    """The law of advice where a text is wanted."""
    after = fixed((TEXT % spelling), look).text
    spec = load(after).environments["prod"]

    assert spec.components["a"].environment["A"] == spelling
    assert look(after) == ()


@given(
    st.one_of(
        st.from_regex(r"0*[1-9][0-9_]{0,4}|0b[01_]{1,16}|[+]?0x[0-9a-f_]{1,4}", fullmatch=True),
        st.from_regex(r"'[0-9]{1,6}'|\"0x[0-9a-f]{1,4}\"|[0-9]{1,3}e[0-3]", fullmatch=True),
    )
)
@example("8_0")
@example("0b11")
@example("'99999'")
def test_a_number_that_is_advised_is_the_number_that_was_meant(spelling):
    """The law of advice where a number is wanted; none is written that does not fit there."""
    text = NUMBER % spelling
    after = fixed(text, look).text
    bare = spelling.strip("'\"")
    meant = number(bare) if number(bare) is not None else number_of_yaml_1_1(bare)
    if after != text:
        assert load(after).environments["prod"].components["a"].egress_ports == (meant,)
        assert look(after) == ()
    else:
        right = type_of(spelling) == "int" and 1 <= int(number(spelling)) <= 65_535
        # `0_17` was 15 to some and 17 to others.
        unsure = meant is None or not 1 <= meant <= 65_535
        assert right or unsure


@pytest.mark.parametrize(
    ("written", "number_of_it"),
    [("400_000", 400000), ("8_0", 80), ("0b11", 3), ("+0x1F", 31), ("1_0.5", 10.5), ("0x1_F", 31)],
)
def test_a_number_of_yaml_1_1_is_text_and_its_number_is_named(written, number_of_it):
    """Other readers of YAML 1.2 would refuse it by our own schema."""
    text = HEAD + f"  a: {{kind: s3}}\ntraffic: {{usage: {{a: {{stored_gb: {written}}}}}}}\n"
    found = next(d for d in look(text) if d.severity is Severity.ERROR)

    assert (found.code, found.help) == ("TZ201", f"in YAML 1.2, write `{number_of_it}`")
    assert f"stored_gb: {number_of_it}}}" in fixed(text, look).text


@pytest.mark.parametrize("spec", EARLIER, ids=lambda path: path.stem)
def test_a_spec_of_before_still_passes_or_is_mended(spec):
    """Nobody has to find out what changed in the reader."""
    after = fixed(spec.read_text(encoding="utf-8"), look).text

    assert [d for d in look(after) if d.severity is Severity.ERROR] == []
    assert _values(after) == _values(re.sub(r"(?<=\d)_(?=\d)", "", spec.read_text("utf-8")))


def _values(text: str) -> object:
    document, found = read(text, "x.yaml")
    assert document is not None
    assert found == ()
    return plain(document)


@pytest.mark.parametrize("written", ["~", "null", "Null", "NULL"])
def test_nothing_where_text_is_wanted_has_two_ways_out(written):
    """It may be a home folder or nothing at all, so that no edit is made."""
    (found,) = look(TEXT % written)

    assert f'"{written}"' in found.help
    assert "remove `A`" in found.help
    assert found.edit is None


def unknown_keys(count: int) -> str:
    """A spec with unknown keys, each of them near to a field."""
    keys = "".join(f"    egres_port{'abcdefghij'[i % 10]}{i}: 1\n" for i in range(count))
    return HEAD + "  a:\n    kind: ecs\n    image: a:1\n" + keys


@pytest.mark.parametrize("count", [0, 1, 80, 300])
def test_a_file_is_read_once_whatever_is_wrong_in_it(count, monkeypatch):
    """Each "did you mean" once read the file twice."""
    texts = []

    def counted(text, file):
        texts.append(file)
        return read(text, file)

    monkeypatch.setattr(loading, "read", counted)
    found = look(unknown_keys(count))

    assert (len(texts), len(found)) == (1, count)


def test_unknown_keys_take_work_in_proportion():
    """Five times as many take about five times as much; it was 25 times."""
    look(unknown_keys(10))  # what is worked out once
    few, many = (calls(lambda n=count: look(unknown_keys(n))) for count in (100, 500))

    assert many < 6 * few


FILLS = ("a", "@.", "-a", "* ", "${", "1", "_", "a.")
PLACES = (
    "image: {}",
    "architecture: {}",
    "health_check: {{status: {}}}",
    "scaling: {{schedule: {{timezone: {}}}}}",
    "scaling: {{schedule: {{actions: [{{name: a, cron: {}}}]}}}}",
    "uses: {{b: {}}}",
)
ADDRESS = f'  a: {{kind: security, alarms: {{email: "a@{"." * 60_000}@"}}}}\n'


def long_text(fill: str, written: str) -> str:
    """A spec with a text of 60,000 letters at a place."""
    text = '"' + (fill * 60_000)[:60_000] + '"'
    return HEAD + f"  a: {{kind: ecs, image: 'a:1', {written.format(text)}}}\n"


def test_what_holds_a_long_text_is_read_to_its_end():
    """The pattern of an e-mail address would take the square of its length."""
    specs = [long_text(fill, written) for fill in FILLS for written in PLACES]

    assert endless("trazo_spec.load", "load", [*specs, HEAD + ADDRESS]) == ""


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("written", PLACES)
def test_a_long_text_is_refused(fill, written):
    """A file that was put into a spec by mistake is one finding at its place."""
    assert look(long_text(fill, written)) != ()


def test_a_long_address_is_refused_in_a_short_line():
    """Nobody reads sixty thousand letters."""
    found = look(HEAD + ADDRESS)

    assert [(d.code, len(d.message) < 400) for d in found] == [("TZ212", True)]


@given(st.lists(st.sampled_from(["a", "\n", "\r", "\r\n", "\u2028", "\x85", "\v", "\f", "é"])))
def test_places_and_positions_are_the_same_thing(pieces):
    """A place turned into a position and back is the same place."""
    text = "".join(pieces)
    starts = Places.of(text).starts

    for position in range(len(text)):
        line, column = line_and_column(text, position)
        if text[position - 1 : position + 1] != "\r\n" or position == 0:
            assert starts[line - 1] + column - 1 == position
    assert "".join(lines(text)) == re.sub("[\r\n]", "", text)
