"""Both engines write the same bytes for everything that ships."""

import pytest

from compiler.backends.terraform.launch import ENGINES
from compiler.backends.terraform.worker import synthesize
from tests.plans import bootstrap_of, checked, environments, plan_for, plan_of

PLANS = {
    **{f"{example}, {name}": plan_of(example, name) for example, name in environments()},
    "bootstrap": bootstrap_of("trazo"),
    "provider 6": plan_for(6, checked("trazo").graphs["prod"]),
}


@pytest.fixture(scope="module")
def written() -> dict[str, dict[str, str]]:
    """What each engine writes, by engine and plan."""
    found = {}
    for engine in ENGINES:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TRAZO_ENGINE", engine)
            found[engine] = synthesize(PLANS)
    return found


@pytest.mark.parametrize("name", PLANS)
def test_both_engines_write_the_same_bytes(name: str, written: dict[str, dict[str, str]]) -> None:
    """CDKTF is archived; its fork takes over without a diff in a single example."""
    texts = {engine: files[name] for engine, files in written.items()}

    assert texts["cdktf"] == texts["cdktn"]
