"""What is shared by all that is applied: every example, standing in an account."""

from collections.abc import Iterator

import pytest

from tests.apply.standing import Standing, stand_up
from tests.slow.conftest import _no_network  # noqa: F401 # the stand-in answers on this machine


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Every environment of every example, applied; the environments of a spec share an account."""
    result = stand_up(tmp_path_factory.mktemp("standing"))
    yield result
    result.close()
