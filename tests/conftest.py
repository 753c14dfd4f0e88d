"""How every test runs: how many examples Hypothesis tries, golden files, and no network."""

import os
import pkgutil
import socket
from importlib import import_module

import pytest
from hypothesis import HealthCheck, settings

# Too slow says more about the machine than about a spec that takes 30 ms to build; nested is how
# the first law that asks for it draws the sample of `tests/strategies/sample.py`.
TOLERATED = [HealthCheck.too_slow, HealthCheck.nested_given]
COMMON = {"deadline": None, "suppress_health_check": TOLERATED, "print_blob": True}

settings.register_profile("dev", max_examples=50, derandomize=True, database=None, **COMMON)
settings.register_profile("ci", max_examples=300, derandomize=True, database=None, **COMMON)
settings.register_profile("slow", max_examples=2000, **COMMON)
settings.load_profile(os.environ.get("TRAZO_HYPOTHESIS", "dev"))


OURS = ("trazo_spec", "compiler", "cost", "trazo")


def pytest_sessionstart() -> None:
    """Imports all that we wrote, so that a law tries the same examples whatever ran before it.

    Hypothesis mixes constants of the modules that are loaded into its examples, derandomized or
    not: https://hypothesis.readthedocs.io/en/latest/changelog.html#v6-131-1
    """
    for package in OURS:
        for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                import_module(module.name)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option that writes golden files anew; the diff is then reviewed like code."""
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden/ anew instead of comparing"
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are written instead of compared."""
    return bool(request.config.getoption("--update-golden"))


class NetworkUsedError(AssertionError):
    """A test tried to reach the network, which would make it depend on another machine."""


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but local sockets: every test gives the same result on a machine without network."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX:
            raise NetworkUsedError(f"{request.node.name} tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type] # what AF_UNIX takes

    monkeypatch.setattr(socket.socket, "connect", local_only)
