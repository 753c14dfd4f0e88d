"""What is written for provider 6, judged by Terraform with what providers this machine has."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from compiler.backends.terraform.document import document, dump
from compiler.backends.terraform.hcl import hcl
from compiler.plan.plan import Plan
from compiler.provider_schema.versions import constraint
from tests.plans import bootstrap_of, checked, environments, existing, plan_for
from tests.terraform import (
    format_changes,
    has_provider,
    terraform_available,
    terraform_missing,
    validate,
)

pytestmark = pytest.mark.skipif(not terraform_available(), reason=terraform_missing())
PLANS: Mapping[str, Plan] = {
    "bootstrap": replace(bootstrap_of("trazo"), provider=6),
    "existing": plan_for(6, existing().graphs["prod"]),
    **{f"{e}, {name}": plan_for(6, checked(e).graphs[name]) for e, name in environments()},
}


@pytest.fixture(scope="module")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a provider is set up once."""
    return tmp_path_factory.mktemp("provider")


@pytest.mark.parametrize("name", PLANS)
def test_provider_5_takes_what_is_written_for_6(
    name: str, initialised: Path, tmp_path: Path
) -> None:
    """What trazo writes out for 6 is what 5 does by itself: its values are right there, too."""
    text = dump(document(PLANS[name])).replace(constraint(PLANS[name]), "~> 5.100")
    (tmp_path / "cdk.tf.json").write_text(text)

    assert validate(tmp_path, initialised) == []


@pytest.mark.skipif(
    not has_provider(6), reason="PROVIDER 6 IS NOT HERE: what is written for it was not validated"
)
@pytest.mark.parametrize("name", PLANS)
def test_provider_6_takes_what_is_written_for_it(
    name: str, initialised: Path, tmp_path: Path
) -> None:
    """The word of the provider itself, where it can be had."""
    (tmp_path / "cdk.tf.json").write_text(dump(document(PLANS[name])))

    assert validate(tmp_path, initialised.with_name("provider-6"), "~> 6.0") == []


@pytest.mark.parametrize("name", PLANS)
def test_the_hcl_is_formatted(name: str, tmp_path: Path) -> None:
    """An argument more shifts the signs of equality of its neighbours."""
    (tmp_path / "cdk.tf").write_text(hcl(PLANS[name]))

    assert format_changes(tmp_path) == ""
