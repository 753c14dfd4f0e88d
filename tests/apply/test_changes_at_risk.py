"""What a review says of real plans that are refused, lose data or interrupt, as golden files.

Its name comes before that of the tests which destroy what stands.
"""

import json
from copy import deepcopy
from pathlib import Path

import pytest

from compiler.backends.terraform.worker import synthesize
from tests.apply.edits import RISKS, written
from tests.apply.standing import CHOSEN, DOCUMENTS, Standing, plans_of
from tests.aws.account import PROJECT
from tests.terraform import terraform_available, terraform_missing
from tests.terraform_plans import compact, compared, reviewed

pytestmark = [
    pytest.mark.skipif(not terraform_available(), reason=terraform_missing()),
    pytest.mark.skipif("trazo" not in CHOSEN, reason="not among TRAZO_APPLY"),
    pytest.mark.xdist_group("aws"),  # they share what was applied
]

GOLDEN = PROJECT / "tests" / "golden" / "plans"
NAME = ("trazo", "prod")


@pytest.mark.parametrize("edit", RISKS)
def test_a_review_of_a_risk_says_what_diff_says(
    edit: str, standing: Standing, tmp_path: Path, update_golden: bool
):
    """None of them is applied; what is recorded is held to `diff` on every machine."""
    document = deepcopy(DOCUMENTS[NAME])
    before = plans_of(written(document, NAME[1]), "before")[NAME[1]]
    RISKS[edit](document)
    after = plans_of(written(document, NAME[1]), edit)[NAME[1]]
    text = synthesize({edit: after})[edit]
    planned = standing.stack(NAME).copied(tmp_path / "stack", text).change().plan
    if update_golden:
        recorded = json.dumps(compact(json.loads(planned)), indent=1, sort_keys=True)
        (GOLDEN / f"{edit.replace(' ', '-')}.json").write_text(f"{recorded}\n")

    assert reviewed(planned) == compared(before, after)
