"""The report: one page that needs nothing else, says everything, and runs no text of a spec."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from decimal import Decimal
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from compiler.backends.diagram.draw import embedded
from compiler.findings.check import Checked, check, that_count
from compiler.lower import lower
from cost.advice.advice import Appraisal
from cost.bill.calendar import month
from cost.bill.estimate import estimate
from cost.bill.money import money
from cost.bill.pricing import Conditions
from cost.rates.catalogue_file import read_catalogue
from cost.showing.report import Section, report
from tests.pages import ROOT
from trazo.input.options import PricingOptions, SimulationOptions
from trazo.program import app
from trazo.steps.page import report_page
from trazo.steps.pricing import CLOSED_FORM, priced
from trazo_spec.diagnostics import Diagnostic, Severity, Span
from trazo_spec.load import load

DECEMBER = month("2026-12")
HOSTILE = "</script><script>alert(1)</script><img src=//evil.example/x onerror=alert(2)>\"'`${x}"
LOADING = ("src", "srcset", "poster", "data", "action", "formaction", "background", "ping")
"""Attributes through which a browser loads something."""
VOID = {"meta", "br", "img", "hr", "input", "link"}


class Page(HTMLParser):
    """The elements of a page and its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        """Opens an element."""
        self.elements.append((tag, {k: v or "" for k, v in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_startendtag(self, tag, attrs):
        """An element without content."""
        self.elements.append((tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag):
        """Closes the element that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """The text of a script."""
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data

    def of(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]


@cache
def checked(name: str) -> Checked:
    """A shipped spec."""
    file = ROOT / "specs" / f"{name}.yaml"
    return check(load(file.read_text(encoding="utf-8"), f"specs/{name}.yaml"))


@cache
def page_of(name: str, runs: int = 60, budget: float | None = None) -> str:
    """The report of a shipped spec in December 2026."""
    spec = checked(name)
    plans = {env: lower(graph) for env, graph in spec.graphs.items()}
    simulation = SimulationOptions(runs)
    results = tuple(priced(spec, plans, DECEMBER, PricingOptions(), simulation))
    later = [finding for result in results for finding in result.findings]
    return report_page(spec, results, that_count(spec.everything(later)), budget)


@cache
def parsed(name: str = "trazo") -> Page:
    """The same, read."""
    return Page(page_of(name))


def without_scripts(text: str) -> str:
    """What a reader sees, and its markup."""
    return re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)


@cache
def section(environment: str = "prod") -> Section:
    """A section without a simulation."""
    spec = checked("smallest")
    graph = spec.graphs[environment]
    plans = {environment: lower(graph)}
    (result,) = priced(spec, plans, DECEMBER, PricingOptions(), CLOSED_FORM)
    return Section(result, embedded(graph, "", None), ())


# One file


def test_elements_are_closed_in_their_order():
    """A browser forgives; a test does not."""
    assert parsed().open == []


def test_nothing_is_loaded():
    """It opens on a train, and tells nobody that it was opened."""
    page = parsed()
    loaded = {
        value
        for tag, attributes in page.elements
        for name, value in attributes.items()
        if name in LOADING or (name in ("href", "xlink:href") and tag != "a")
    }

    assert [v for v in loaded if not v.startswith(("data:", "#"))] == []
    assert "@import" not in page_of("trazo")
    assert not re.findall(r"url\((?!data:)", without_plotly(page_of("trazo")))


def without_plotly(text: str) -> str:
    """The page less its longest script."""
    return text.replace(max(parsed().scripts, key=len), "")


def test_the_policy_allows_the_two_scripts_and_no_request():
    """Whatever gets into the page cannot run or tell."""
    page = parsed()
    (policy,) = [m["content"] for m in page.of("meta") if "http-equiv" in m]
    run = [s for s, a in zip(page.scripts, page.of("script"), strict=True) if "type" not in a]
    hashes = [f"'sha256-{b64encode(sha256(s.encode()).digest()).decode()}'" for s in run]

    assert policy.startswith("default-src 'none'; ")
    assert policy.partition("script-src ")[2].split() == hashes
    assert len(hashes) == 2


def test_no_id_is_there_twice():
    """Drawings of two environments stand in one page; an icon of one must not show in the other."""
    ids = [a["id"] for _, a in parsed().elements if "id" in a]

    assert sorted(ids) == sorted(set(ids))


def test_every_icon_is_in_the_page():
    """A `use` of a missing symbol draws nothing."""
    page = parsed()
    symbols = {f"#{s['id']}" for s in page.of("symbol")}

    assert {u["xlink:href"] for u in page.of("use")} <= symbols


def test_the_same_spec_is_the_same_page():
    """It may be kept under version control."""
    page_of.cache_clear()
    first = page_of("smallest")
    page_of.cache_clear()

    assert page_of("smallest") == first


# What it says


@pytest.mark.parametrize(
    "title",
    [
        "Summary",
        "Diagram",
        "Savings",
        "What if",
        "Months",
        "A week of web",
        "Bill",
        "Findings",
        "Assumptions",
    ],
)
def test_each_environment_has_every_part(title):
    """Nothing is left to another command."""
    assert page_of("trazo").count(f"<h3>{title}</h3>") == 2


def test_every_line_of_a_bill_is_there():
    """The page is the whole bill, not a summary."""
    found = section()
    text = without_scripts(report([found]))
    lines = found.estimate.bill.lines

    assert [li.item for li in lines if f"<code>{li.item}</code>" not in text] == []
    assert money(found.estimate.total_usd) in text


def test_every_assumption_is_there():
    """A guess that nobody sees is taken for a fact."""
    found = section()
    text = without_scripts(report([found]))

    assert [a.name for a in found.estimate.assumptions if a.name not in text] == []


def test_charts_are_figures_of_plotly():
    """A histogram and a week in each environment."""
    page = parsed()
    figures = [
        json.loads(s)
        for s, a in zip(page.scripts, page.of("script"), strict=True)
        if a.get("type") == "application/json"
    ]

    assert [f["data"][0]["type"] for f in figures] == ["bar", "heatmap"] * 2
    assert [len(row) for row in figures[1]["data"][0]["z"]] == [24] * 7


def test_without_a_simulation_there_are_no_months():
    """The closed form knows one month."""
    text = report([section()])

    assert "<h3>Months</h3>" not in text
    assert "<h3>A week of web</h3>" in text


def test_a_spec_without_services_has_no_weeks_and_no_savings():
    """A static site has nothing to schedule."""
    text = page_of("static-site")

    assert "A week of" not in text
    assert "<h3>Savings</h3>" not in text
    assert "<h3>Bill</h3>" in text


def test_the_budget_is_that_of_all_environments():
    """As `trazo cost --all --budget` has it."""
    assert "within the budget of $1,000.00. 0% of 60 simulated months" in page_of(
        "trazo", budget=1000.0
    )


def test_a_budget_that_is_exceeded_says_by_how_much():
    """That is what somebody has to answer for."""
    found = section()
    budget = found.estimate.total_usd - 1

    assert "<b>$1.00 over</b>" in report([found], budget)


# Escaping


@pytest.fixture
def hostile() -> Page:
    """A page whose finding and component say what no spec should."""
    place = Span(HOSTILE, 1, 1, 1, 2)
    finding = Diagnostic("TZ101", Severity.WARNING, HOSTILE, at=place, help=HOSTILE)
    one = section()
    line = one.estimate.bill.lines[0]
    price = line.price and replace(line.price, source=HOSTILE)
    lines = (replace(line, component=HOSTILE, item=HOSTILE, unit=HOSTILE, price=price),)
    web = replace(one.estimate.services[0], component=HOSTILE)
    bill = replace(one.estimate.bill, lines=lines)
    told = replace(one.estimate, spec=HOSTILE, bill=bill, services=(web,))
    return Page(report([Section(Appraisal(told), one.diagram, (finding,))], Decimal(1)))


def test_text_of_a_spec_is_no_markup(hostile):
    """A reader opens pages of specs that others wrote."""
    assert [a for a in hostile.of("img") if "evil" in a.get("src", "")] == []
    assert [s for s in hostile.scripts if s.startswith("alert")] == []
    assert hostile.open == []


def test_text_of_a_spec_becomes_no_attribute(hostile):
    """A quote must not end the attribute that it stands in."""
    assert [a for _, a in hostile.elements if any(name.startswith("on") for name in a)] == []


def test_a_value_that_looks_random_is_a_finding_without_the_value(tmp_path, monkeypatch):
    """A page is sent around to more people than read the spec."""
    spec = Path(__file__).parent / "fixtures" / "TZ493" / "bad.yaml"
    value = "q7Jx0vT2mZ8sLw4RkY6uB1nE9cHf3gDa"
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(app, ["report", str(spec), "-o", "a.html", "--runs", "0"])
    page = (tmp_path / "a.html").read_text("utf-8")

    assert ran.exit_code == 0, ran.output
    assert value in spec.read_text("utf-8")
    assert "TZ493" in page
    assert "contains a value that looks random" in page
    assert value not in page
    assert value not in ran.output


def test_a_source_that_is_no_web_address_is_no_link(hostile):
    """A price book can say anything, `javascript:` too."""
    links = [a["href"] for a in hostile.of("a")]

    assert [href for href in links if not href.startswith(("https://", "http://", "#"))] == []


def test_drawings_of_one_page_share_no_font():
    """Each font has only the letters of its own drawing."""
    families = re.findall(r"@font-face\{font-family:'([^']+)'", page_of("trazo"))

    assert sorted(set(families)) == ["prod-Trazo Diagram", "staging-Trazo Diagram"]


SEASONAL = """\
trazo: 1
name: acme
region: us-east-2
state: {bucket: acme-state}
components:
  jobs:
    kind: ecs
    image: "nginx:1"
    scaling:
      schedule:
        timezone: UTC
        actions:
          - {name: open, cron: "0 8 ? 1-6 * *", min: 1, max: 1}
          - {name: close, cron: "0 20 ? 1-6 * *", min: 0, max: 0}
          - {name: open_late, cron: "0 10 ? 7-12 * *", min: 1, max: 1}
          - {name: close_late, cron: "0 20 ? 7-12 * *", min: 0, max: 0}
"""


@pytest.mark.parametrize(("text", "hours"), [("2027-03", "08\u201320"), ("2027-08", "10\u201320")])
def test_the_picture_shows_the_hours_of_the_period(text, hours):
    """A bill of August beside the hours of January would contradict itself."""
    checked = check(load(SEASONAL))
    (graph,) = checked.graphs.values()
    conditions = Conditions(month(text), read_catalogue())
    result = Appraisal(estimate(graph, lower(graph), conditions))
    shown = re.findall(r"\d\d\u2013\d\d", report_page(checked, [result], ()))

    assert {"08\u201320", "10\u201320"} & set(shown) == {hours}
