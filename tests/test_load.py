"""Tests of reading: YAML 1.2, places, overlays, hostile files."""

from textwrap import dedent

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compiler.findings.check import check
from tests.damage import SPECS, damaged
from trazo_spec.diagnostics import Diagnostic, Severity
from trazo_spec.load import load
from trazo_spec.yaml.lines import lines as lines_of
from trazo_spec.yaml.located import plain
from trazo_spec.yaml.reading import MOST_CHARACTERS, decode, read

BASE = dedent(
    """\
    trazo: 1
    name: acme
    region: us-east-2
    state: {bucket: acme-state}
    components:
      files:
        kind: s3
        purpose: static
    """
)


def value_of(text: str) -> object:
    """What stands behind `a` in a YAML text."""
    document, found = read(text, "x.yaml")

    assert document is not None
    assert found == ()
    return plain(document)["a"]


def codes(text: str) -> list[str]:
    """The codes of what is wrong with a text."""
    return [d.code for d in load(text).diagnostics]


def only(text: str) -> Diagnostic:
    """The one thing that is wrong with a text."""
    (found,) = load(text).diagnostics
    return found


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("20:00", "20:00"),
        ("12:30:45", "12:30:45"),
        ("on", "on"),
        ("off", "off"),
        ("yes", "yes"),
        ("no", "no"),
        ("y", "y"),
        ("true", True),
        ("TRUE", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("2026-12-01", "2026-12-01"),
        ("017", 17),
        ("0o17", 15),
        ("0x1F", 31),
        ("1e3", 1000.0),
        ("400_000", "400_000"),
        ("8_0", "8_0"),
        ("0b11", "0b11"),
        ("+0x1F", "+0x1F"),
        ("0o1_7", "0o1_7"),
        ("1_0.5", "1_0.5"),
        ("190:20:30", "190:20:30"),
        (".5", 0.5),
        ("1.", 1.0),
        ("+1", 1),
        ("+.nan", "+.nan"),
        ("! 5", "5"),
        ("!!int 5", 5),
        ("!!float 5", 5.0),
        ("!!str 5", "5"),
        ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
        ("NULL", None),
        ("nULL", "nULL"),
        ("tRUE", "tRUE"),
        ("1.50", 1.5),
        ("'1'", "1"),
        ('"\\u00e9"', "é"),
        ("=", "="),
        ("a: b".replace(": ", ":"), "a:b"),
    ],
)
def test_scalars_mean_what_yaml_1_2_says(written, value):
    """`20:00` as 1200 or `no` as false would change a schedule without a word."""
    assert value_of(f"a: {written}") == value


def test_a_duplicate_key_names_both_places():
    """The second of two equal keys would silently win."""
    found = only(BASE.replace("purpose: static", "purpose: static\n    purpose: media"))

    assert (found.code, found.at.line, [s.line for s in found.related]) == ("TZ103", 9, [8])


def test_a_duplicate_key_keeps_the_first_value():
    """What else is wrong can still be said."""
    document, _ = read("a: 1\na: 2", "x.yaml")

    assert plain(document) == {"a": 1}


def test_an_anchor_is_read_where_it_is_used():
    """Aliases are YAML, and save typing."""
    assert value_of("b: &x [1]\na: *x") == [1]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "TZ104"),
        ("# only a comment\n", "TZ104"),
        ("just text", "TZ104"),
        ("- a\n- b", "TZ104"),
        ("a: 1\n---\nb: 2", "TZ105"),
        ("a: \0", "TZ101"),
        ("a: \x07", "TZ101"),
        ('a: "\\ud800"', "TZ101"),
        ("a:\n\tb: 1", "TZ102"),
        ("a: [1", "TZ102"),
        ("a: 'x", "TZ102"),
        ("a: *b", "TZ102"),
        ('a: "\\UFFFFFFFF"', "TZ102"),
        ('a: "\\U00110000"', "TZ102"),
        ("%YAML 1.1\n---\na: 1", "TZ111"),
        ("1: 2", "TZ106"),
        ("? [a]\n: 1", "TZ106"),
        ("true: 1", "TZ106"),
        ("<<: {a: 1}", "TZ110"),
        ("a: !!python/object:os.system x", "TZ108"),
        ("a: !!set {b, c}", "TZ108"),
        ("a: !!binary abc=", "TZ108"),
        ("a: !!bool maybe", "TZ108"),
        ("a: !!int many", "TZ109"),
        ("a: !!int 1_0", "TZ109"),
        ("a: !!null x", "TZ108"),
        ("? " + "k" * 1025 + "\n: 1", "TZ112"),
        ("a: " + "x" * 65_537, "TZ112"),
        ("trazo: " + "9" * 10_000, "TZ109"),
        ("trazo: 0x" + "f" * 10_000, "TZ109"),
        ("trazo: 9007199254740993", "TZ109"),
        ("trazo: 1e999", "TZ109"),
        ("trazo: .nan", "TZ109"),
        ("a: &a [*a]", "TZ107"),
        ("? &a [*a]\n: 1", "TZ106"),
        ("a: " + "[" * 60 + "]" * 60, "TZ107"),
        ("a: " + "[" * 400 + "]" * 400, "TZ107"),
        ("a: " + "{a: " * 3000 + "}" * 3000, "TZ107"),
        ("- " * 5000 + "a", "TZ107"),
        ("a: " + "x" * MOST_CHARACTERS, "TZ107"),
    ],
    ids=lambda value: repr(value[:24]),
)
def test_a_file_that_cannot_be_read_is_one_finding(text, code):
    """A hostile or broken file gets an answer with a code, and no traceback."""
    assert code in codes(text)


def test_a_billion_laughs_are_refused():
    """Ten lines of aliases would otherwise fill the memory of the machine."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]")

    assert "TZ107" in codes("\n".join(lines))


@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_places_count_from_the_text_behind_a_byte_order_mark(mark):
    """Editors on Windows write the mark, and do not show it."""
    found = load(mark + "a: 1\nb: \0\n").diagnostics[0]

    assert (found.at.line, found.at.column) == (2, 4)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_count_alike_for_every_end_of_line(end):
    """A spec from Windows has its findings on the same lines."""
    text = BASE.replace("static", "statik").replace("\n", end)

    assert only(text).at.line == 8


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\ufeff"])
def test_what_yaml_1_2_takes_for_a_letter_ends_no_line(mark):
    """A comment copied from a document shifted every line below it."""
    text = BASE.replace("name: acme", f"name: acme  # a{mark}b").replace("static", "statik")
    found = only(text)

    assert (found.at.line, found.at.column) == (8, 14)


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\ufeff"])
@pytest.mark.parametrize("written", ["x{}y", "'x{}y'", '"x{}y"', "|-\n  x{}y", ">-\n  x{}y"])
def test_what_yaml_1_2_takes_for_a_letter_stays_in_a_text(mark, written):
    """Each of them is read as it stands, in every style of scalar."""
    assert value_of(f"a: {written.format(mark)}\nb: 1") == f"x{mark}y"


def test_what_is_merged_is_not_missed():
    """`<<` is one mistake: the fields that it brings are there for whoever wrote it."""
    text = BASE + "  more: &m {kind: s3}\n  most:\n    <<: *m\n    purpose: media\n"
    found = only(text)

    assert (found.code, found.at.line, found.help) == (
        "TZ110",
        11,
        "write the fields out in full: `kind`",
    )


def test_of_several_merged_mappings_the_first_wins():
    """As readers of YAML 1.1 do it; what is written beside wins over all."""
    document, found = read("a: {<<: [{b: 1, c: 1}, {b: 2, d: 2}], c: 3}", "x.yaml")

    assert document is not None
    assert plain(document) == {"a": {"b": 1, "c": 3, "d": 2}}
    assert [d.code for d in found] == ["TZ110"]


def test_a_merge_key_in_quotes_is_a_key():
    """Only the plain one ever meant anything else."""
    document, found = read('a: {"<<": 1}', "x.yaml")

    assert document is not None
    assert (plain(document), found) == ({"a": {"<<": 1}}, ())


def test_every_finding_is_told_at_once():
    """Mending one mistake at a time is what people hate about compilers."""
    text = """\
    trazo: 2
    nam: acme
    region: Ohio
    state: {bucket: Acme_State}
    components:
      web: {kind: ecs, image: 7, cpu: 300}
      files: {kind: s4}
      cdn: {kind: cloudfront, hostname: static.acme.io}
    """

    assert sorted(codes(dedent(text))) == [
        "TZ201",  # image: 7
        "TZ202",  # nam
        "TZ203",  # no name
        "TZ203",  # no origin
        "TZ205",  # cpu: 300
        "TZ209",  # Acme_State
        "TZ210",  # Ohio
        "TZ213",  # s4
        "TZ214",  # trazo: 2
    ]


def test_rules_look_at_what_is_sound_beside_wrong_fields():
    """A typing mistake in one component does not hide what is wrong in another."""
    text = BASE + "  web: {kind: ecs, image: x, cpu: 256, memory_mib: 4096}\n  other: {kind: s4}\n"

    found = {d.code for d in check(load(text)).diagnostics}

    assert {"TZ213", "TZ420"} <= found


def test_a_wrong_value_of_the_base_points_into_the_base():
    """The line to mend is the one that says it, whatever is merged later."""
    text = BASE.replace("static", "statik") + "environments: {prod: {}, test: {}}\n"

    assert (only(text).at.line, only(text).at.column) == (8, 14)


def test_a_wrong_value_of_an_overlay_points_into_the_overlay():
    """Merging keeps the places of both halves."""
    overlay = "environments:\n  prod: {}\n  test:\n    components: {files: {purpose: statik}}\n"
    found = only(BASE + overlay)

    assert (found.at.line, found.at.column, found.environment) == (12, 35, "test")


def test_a_text_that_is_too_long_says_how_long_it_is():
    """A limit helps only beside the number that breaks it."""
    found = only(BASE.replace("acme\n", "a" * 30 + "\n"))

    assert (found.code, "30 characters" in found.message) == ("TZ204", True)


def test_a_list_with_a_wrong_entry_is_not_too_short_as_well():
    """One mistake is one finding."""
    alb = "  alb: {kind: alb, hostname: a.io, routes: [{too: web}]}\n"

    assert sorted(codes(BASE + alb)) == ["TZ202", "TZ203"]


def test_null_in_an_overlay_removes():
    """RFC 7396: https://www.rfc-editor.org/rfc/rfc7396#section-2."""
    loaded = load(
        BASE.replace("purpose: static", "versioning: false")
        + "environments: {prod: {}, test: {components: {files: {versioning: null}}}}"
    )

    assert [s.components["files"].versioning for s in loaded.environments.values()] == [False, True]


def test_a_list_in_an_overlay_replaces():
    """A merge patch does not merge lists, so an overlay says all of one."""
    text = BASE + dedent(
        """\
          zone: {kind: dns, zone: a.io, records: [{name: x, type: TXT, values: [a, b]}]}
        environments:
          prod: {components: {zone: {records: [{name: y, type: TXT, values: [c]}]}}}
        """
    )

    assert [r.name for r in load(text).environments["prod"].components["zone"].records] == ["y"]


def test_without_environments_there_is_prod():
    """The smallest spec needs to know nothing of overlays."""
    assert list(load(BASE).environments) == ["prod"]


def test_environments_keep_the_order_of_the_file():
    """The first one is what commands take when none is named."""
    text = BASE + "environments: {zeta: {}, alpha: {}}"

    assert list(load(text).environments) == ["zeta", "alpha"]


@pytest.mark.parametrize("key", ["trazo", "environments"])
def test_an_overlay_cannot_change_what_belongs_to_the_file(key):
    """The language's version and the list of environments are those of the whole file."""
    value = "1" if key == "trazo" else "{}"

    assert codes(BASE + f"environments: {{prod: {{{key}: {value}}}}}") == ["TZ120"]


def test_a_misspelt_component_of_an_overlay_is_named():
    """It would otherwise be a new component without a kind."""
    found = only(BASE + "environments: {prod: {components: {fils: {purpose: media}}}}")

    assert (found.code, found.help) == ("TZ121", "did you mean `files`?")


@pytest.mark.parametrize("overlay", ["[]", "3", "text"])
def test_an_overlay_is_a_mapping(overlay):
    """Anything else could change nothing."""
    assert "TZ201" in codes(BASE + f"environments: {{prod: {overlay}}}")


@pytest.mark.parametrize("overlay", ["", "null", "~", "{}"])
def test_an_empty_overlay_is_one(overlay):
    """`prod:` alone is how most people write it."""
    assert codes(BASE + f"environments:\n  prod: {overlay}\n") == []


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)
def test_shipped_specs_have_no_error(spec):
    """They are what a new user runs first."""
    found = check(load(spec.read_text(encoding="utf-8"), spec.name)).diagnostics

    assert [d for d in found if d.severity is Severity.ERROR] == []


@given(st.text(max_size=60))
@example('"\\UFFFFFFFF"')
@example('"\\ud800": 1')
@example("\ufeff\0")
def test_no_text_makes_reading_fail(text):
    """Whatever is in a file, its user gets findings and no traceback."""
    loaded = load(text)

    assert loaded.environments or loaded.diagnostics


YAML_PIECES = st.lists(
    st.sampled_from(
        [
            *("a", "components", "environments", "kind", ": ", ":\n", "\n", "  ", "- ", "[", "]"),
            *("{", "}", ", ", "&x ", "*x", "!!int ", "!t ", '"', "'", "|\n", ">-\n", "? ", "<<"),
            *("# ", "%YAML 1.2", "---\n", "...\n", "1", "0o9", "1e9", ".inf", "null", "true"),
            *("\\", "\t", "\u2028", "\x85", "\r"),
        ]
    ),
    max_size=25,
)


@given(YAML_PIECES)
@example(["&x ", ":\n", "&x ", ": "])  # an anchor that is used twice, of which ruamel.yaml warns
def test_no_pieces_of_yaml_make_reading_fail(pieces):
    """What is nearly YAML reaches deeper into the reader than random text does."""
    loaded = load("".join(pieces))

    assert loaded.environments or loaded.diagnostics


@given(st.binary(max_size=40))
def test_no_bytes_make_reading_fail(content):
    """A picture or a file in another encoding given as a spec is a mistake, not a crash."""
    text, found = decode(content, "x.yaml")
    loaded = load(text)

    assert found or loaded.environments or loaded.diagnostics


@given(damaged())
def test_a_damaged_spec_has_every_error_at_a_place_of_the_file(text):
    """Nothing a user may mistype ends in a traceback, or in a finding that points nowhere."""
    lines = lines_of(text) or ("",)

    for found in check(load(text)).diagnostics:
        assert found.at is not None, found
        assert 1 <= found.at.line <= len(lines) + 1, found
        assert 1 <= found.at.column <= len([*lines, ""][found.at.line - 1]) + 1, found


@given(damaged())
def test_a_damaged_spec_has_the_same_findings_every_time(text):
    """Findings come in the order of the file, not of a hash table."""
    assert load(text).diagnostics == load(text).diagnostics
