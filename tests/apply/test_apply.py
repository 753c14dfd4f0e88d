"""Every environment of every example, created on a stand-in for AWS and read back from it."""

import pytest

from tests.apply.standing import BOOTSTRAPPED, ENVIRONMENTS, Name, Standing
from tests.terraform import terraform_available, terraform_missing

pytestmark = [
    pytest.mark.skipif(not terraform_available(), reason=terraform_missing()),
    pytest.mark.xdist_group("aws"),  # they share what was applied
]

EVERY = pytest.mark.parametrize("name", ENVIRONMENTS, ids="-".join)


@pytest.mark.parametrize("name", [*ENVIRONMENTS, BOOTSTRAPPED], ids="-".join)
def test_the_second_plan_changes_nothing(name: Name, standing: Standing):
    """Whoever applies twice must not wonder what Terraform still wants to change."""
    standing.stack(name)

    assert standing.second[name].lines() == ""


@EVERY
def test_everything_of_the_plan_is_there(name: Name, standing: Standing):
    """Terraform's state lists what our plan says, and nothing else."""
    expected = sorted(b.address for b in standing.plans[name].blocks if b.mode == "managed")

    assert sorted(standing.stack(name).addresses) == expected
