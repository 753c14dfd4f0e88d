"""What the table of changes calls refused is refused by the stand-in as AWS's API documents it."""

from collections.abc import Iterator

import pytest

from compiler.changes.effects import Verdict
from tests.aws.account import Account
from tests.aws.changing import CHANGES, Change, add_subnet
from tests.refused import BY_THE_API, REFUSALS, Case


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """An account whose own network has four subnets in three zones."""
    opened = Account()
    add_subnet(opened)
    yield opened
    opened.close()


@pytest.mark.parametrize("case", BY_THE_API, ids=str)
def test_aws_answers_what_the_table_says(account: Account, case: Case):
    """A verdict that AWS does not share stops a change that would work, or lets one fail.

    What is refused for what a spec cannot tell is only said to be possible, with or without it.
    """
    verdicts = {effect.verdict for effect in case.effects}
    change = Change(account, case.standing, case.after, case.given)

    assert CHANGES[case.type_](change) == case.code
    assert bool(verdicts & set(REFUSALS)) >= bool(case.code)
    assert (Verdict.REFUSED in verdicts) <= bool(case.code)
