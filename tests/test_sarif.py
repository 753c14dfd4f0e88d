"""SARIF: what the standard and GitHub's code scanning ask for, one requirement a test.

Sources:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from compiler.backends.sarif import sarif
from compiler.findings.all_codes import CODES
from compiler.findings.check import check
from trazo_spec.diagnostics import Diagnostic, Severity, Span
from trazo_spec.load import load

FIXTURES = Path(__file__).parent / "fixtures"
SPEC = """\
trazo: 1
name: acme
region: us-east-2
state: {bucket: acme-state}
components:
  web: {kind: ecs, image: acme/web:1, scaling: {min: 2, max: 4}, uses: {blue: connect}}
  blue: {kind: rds, final_snapshot: false, deletion_protection: false}
checks: {TZ458: {severity: off, reason: filled every night}}
environments: {prod: {}, production: {components: {blue: {final_snapshot: true}}}}
"""


def log(text: str, file: str = "infra/spec.yaml") -> Any:
    """The log of a spec in the folder `/repo`."""
    return sarif(check(load(text, file)).everything(()), file, Path("/repo"), "1.2.3")


def results(text: str, file: str = "infra/spec.yaml") -> list[Any]:
    return log(text, file)["runs"][0]["results"]


def result(code: str, text: str = SPEC) -> Any:
    return next(r for r in results(text) if r["ruleId"] == code)


def driver() -> Any:
    return log(SPEC)["runs"][0]["tool"]["driver"]


@cache
def every_result() -> list[Any]:
    """What all fixtures show."""
    paths = sorted(FIXTURES.glob("*/bad.yaml"))
    return [r for path in paths for r in results(path.read_text(encoding="utf-8"))]


def test_the_log_says_what_it_is():
    """GitHub takes version 2.1.0 only, with the schema's address."""
    document = log(SPEC)

    assert (document["version"], len(document["runs"])) == ("2.1.0", 1)
    assert document["$schema"].endswith("sarif-2.1.0.json")


def test_the_tool_has_a_name_and_a_version():
    """Results are filtered by tool; a new version explains new results."""
    assert (driver()["name"], driver()["semanticVersion"]) == ("trazo", "1.2.3")


def test_every_code_is_a_rule():
    """What was looked for and not found closes an alert."""
    assert [rule["id"] for rule in driver()["rules"]] == list(CODES)


@pytest.mark.parametrize("rule", driver()["rules"], ids=lambda rule: rule["id"])
def test_a_rule_has_all_that_github_requires(rule):
    """Descriptions of 1 to 1024 characters, and a help text that is not empty."""
    texts = (rule["shortDescription"]["text"], rule["fullDescription"]["text"])

    assert all(0 < len(text) <= 1024 for text in texts)
    assert rule["help"]["text"]
    assert rule["defaultConfiguration"]["level"] in ("note", "warning", "error")


def test_every_result_belongs_to_its_rule():
    """`ruleIndex` and `ruleId` must name the same one."""
    rules = driver()["rules"]

    assert [r["ruleId"] for r in every_result()] == [
        rules[r["ruleIndex"]]["id"] for r in every_result()
    ]


def test_every_result_has_a_message_and_a_region():
    """A region is needed whole, and begins at 1."""
    for r in every_result():
        region = r["locations"][0]["physicalLocation"]["region"]
        assert r["message"]["text"]
        assert set(region) == {"startLine", "startColumn", "endLine", "endColumn"}
        assert min(region.values()) >= 1
        start, end = (
            tuple(region[f"{e}{p}"] for p in ("Line", "Column")) for e in ("start", "end")
        )
        assert start <= end


def test_a_finding_without_a_place_is_shown_at_the_top():
    """GitHub shows no result without a location."""
    document: Any = sarif([Diagnostic("TZ702", Severity.ERROR, "x")], "a.yaml", Path("/r"), "1")
    (location,) = document["runs"][0]["results"][0]["locations"]

    assert location["physicalLocation"]["region"]["startLine"] == 1


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("infra/spec.yaml", "infra/spec.yaml"),
        ("/repo/infra/spec.yaml", "infra/spec.yaml"),
        ("infra/../my shop.yaml", "my%20shop.yaml"),
        ("../other/spec.yaml", "file:///other/spec.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
    ],
)
def test_files_are_relative_to_the_repository(file, uri):
    """Absolute names match no file of the repository, and those with `..` none at all."""
    first = results(SPEC, file)[0]["locations"][0]["physicalLocation"]

    assert first["artifactLocation"] == {"uri": uri}


def test_a_link_is_followed(tmp_path):
    """GitHub shows nothing for a file that is a symbolic link."""
    (tmp_path / "real.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    found = check(load(SPEC, "link.yaml")).diagnostics
    document: Any = sarif(found, "link.yaml", tmp_path, "1")
    first = document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]

    assert first["artifactLocation"]["uri"] == "real.yaml"


def test_columns_count_characters():
    """Behind a character outside of the first plane, UTF-16 would count one more."""
    text = SPEC.replace("image: acme/web:1", "environment: {A: 😀}, image: acme/web:1, cpuu: 1")
    region = result("TZ202", text)["locations"][0]["physicalLocation"]["region"]
    line = text.splitlines()[region["startLine"] - 1]

    assert log(text)["runs"][0]["columnKind"] == "unicodeCodePoints"
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "cpuu"


def test_a_level_is_that_of_the_finding():
    """It may be another one than the rule's, where the spec says so."""
    text = SPEC.replace("severity: off", "severity: error")

    assert (result("TZ459")["level"], result("TZ461")["level"]) == ("warning", "note")
    assert result("TZ458", text)["level"] == "error"


def test_an_alert_is_the_same_after_lines_are_added():
    """Else each edit above it closes one alert and opens another."""
    moved = SPEC.replace("components:", "# a comment\n\ncomponents:")

    assert [r["partialFingerprints"] for r in results(SPEC)] == [
        r["partialFingerprints"] for r in results(moved)
    ]


def test_alerts_are_told_apart():
    """Two findings of one code are two alerts."""
    prints = [r["partialFingerprints"]["trazoFinding/v1"] for r in results(SPEC)]

    assert len(prints) == len(set(prints)) > 2


def test_what_is_switched_off_is_suppressed_with_its_reason():
    """An auditor sees what was accepted, and why."""
    (suppression,) = result("TZ458")["suppressions"]

    assert suppression["justification"] == "filled every night"
    assert (suppression["kind"], suppression["status"]) == ("inSource", "accepted")


def test_suppressions_are_said_of_all_results():
    """The standard (3.27.23) wants them on every result of a run, or on none."""
    assert all("suppressions" in r for r in every_result())


def test_the_environment_is_said():
    """Two environments of one file may differ."""
    found = result("TZ459")

    assert found["properties"]["environment"] == "prod"
    assert "(prod)" in found["message"]["text"]


def test_the_other_half_of_a_conflict_is_linked():
    """GitHub shows a related place where the message links to its id."""
    text = (FIXTURES / "TZ495" / "bad.yaml").read_text(encoding="utf-8")
    found = result("TZ495", text)
    (related,) = found["relatedLocations"]

    assert f"({related['id']})" in found["message"]["text"]
    assert related["physicalLocation"]["region"]["startLine"] >= 1


def test_a_fix_is_a_replacement():
    """An editor offers it at the place."""
    text = (FIXTURES / "TZ202" / "bad.yaml").read_text(encoding="utf-8")
    (fix,) = result("TZ202", text)["fixes"]
    (replacement,) = fix["artifactChanges"][0]["replacements"]

    assert replacement["insertedContent"] == {"text": "max"}
    assert set(replacement["deletedRegion"]) == {"startLine", "startColumn", "endLine", "endColumn"}


def test_a_confidential_value_is_not_in_it():
    """A log of findings is read by many."""
    for code in ("TZ465", "TZ466"):
        text = (FIXTURES / code / "bad.yaml").read_text(encoding="utf-8")
        assert "correct-horse" not in str(log(text))


def test_a_place_in_another_file_names_that_file():
    """A finding about a trace stands in the trace."""
    found = [Diagnostic("TZ333", Severity.ERROR, "x", at=Span("t.csv", 2, 1, 2, 3))]
    document: Any = sarif(found, "spec.yaml", Path("/r"), "1")
    first = document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]

    assert first["artifactLocation"]["uri"] == "t.csv"
