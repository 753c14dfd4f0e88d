"""Estimates in closed form, for tests that look into them."""

from datetime import UTC, datetime
from pathlib import Path

from compiler.findings.check import check
from compiler.graph.graph import Graph
from compiler.lower import lower
from cost.bill.calendar import Period, hours, month
from cost.bill.estimate import Estimate, Profile, estimate
from cost.bill.pricing import Conditions
from cost.rates.catalogue_file import read_catalogue
from trazo_spec.load import load

CATALOGUE = read_catalogue()
DECEMBER = month("2026-12")  # 744 hours; it begins on a Tuesday
WEEK = hours(7 * 24, datetime(2026, 11, 22, tzinfo=UTC))
SERVICE = "web: {kind: ecs, image: acme/web:1%s}"
SPECS = Path(__file__).parent.parent / "specs"


def priced(graph: Graph, period: Period = DECEMBER, profile: Profile = Profile.TYPICAL) -> Estimate:
    """The estimate of one environment."""
    return estimate(graph, lower(graph), Conditions(period, CATALOGUE, profile))


def shipped(name: str, environment: str) -> Estimate:
    """The estimate of a shipped spec in December 2026."""
    checked = check(load((SPECS / name).read_text(encoding="utf-8")))
    return priced(checked.graphs[environment])
