"""What tests of `trazo prices update` share: a server with good files."""

import json
from collections.abc import Iterator

import pytest

from tests.price_update.files import (
    INDEX_FILE,
    REGION_FILE,
    REGIONS_FILE,
    SPOT,
    WHOLE,
    index,
    region_index,
)
from tests.price_update.site import Site, serving
from tests.slow.conftest import _no_network  # noqa: F401 # the server is on this machine


@pytest.fixture
def site() -> Iterator[Site]:
    """A server with good files."""
    made = Site(
        {
            INDEX_FILE: json.dumps(index()).encode(),
            REGIONS_FILE: json.dumps(region_index()).encode(),
            REGION_FILE: WHOLE,
            "/spot.json": json.dumps(SPOT).encode(),
        }
    )
    with serving(made):
        yield made
