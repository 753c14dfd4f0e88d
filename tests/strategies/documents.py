"""Valid specs with every kind of component in any number.

What refers is made after what it refers to, so that hardly any draw is thrown away.
"""

from hypothesis import strategies as st

from tests.strategies.assumptions import assumptions
from tests.strategies.derived import add_others
from tests.strategies.draft import Draft
from tests.strategies.entries import add_distribution, add_load_balancer
from tests.strategies.network import add_network, add_zone
from tests.strategies.overlays import overlay
from tests.strategies.services import add_roles, add_service
from tests.strategies.storage import add_buckets, add_security, caches, databases
from tests.strategies.words import Document, Draw, some
from tests.strategies.written import as_spec
from trazo_spec.document import Spec

REGIONS = ("us-east-1", "us-east-2", "us-west-2", "eu-west-1")
"""Regions of which every price is known."""
_ENVIRONMENTS = ((), (), ("prod",), ("prod", "staging"), ("live", "test", "dev2"))
_ACCOUNTS = ("123456789012", "000000000001")
_PREFIXES = ("a", "shop", "a1-b2")
_LONGEST_NAME = 32
"""Characters of the name of a load balancer, the fewest that AWS allows."""
_OPINIONS = ("TZ457", "TZ458", "TZ461")
"""Codes of warnings and hints, some of them found now and then."""


@st.composite
def documents(draw: Draw, environments: bool = True) -> Document:
    """A valid spec as plain data, with every kind of component in any number."""
    draft = Draft(draw, draw(st.sampled_from(REGIONS)), "acme-example.com")
    for position in range(draw(st.sampled_from((1, 1, 0, 2)))):
        add_network(draft, position)
    for position in range(draw(st.sampled_from((1, 1, 0, 2)))):
        add_zone(draft, position)
    add_buckets(draft)
    for _ in range(draw(st.integers(0, 2))):
        draft.add("rds", {**draft.place(), **draw(databases())})
    for _ in range(draw(st.integers(0, 2))):
        draft.add("redis", {**draft.place(), **draw(caches())})
    add_others(draft)
    secrets = add_security(draft)
    for _ in range(draw(st.integers(0, 3))):
        add_service(draft, secrets)
    for _ in range(draw(st.sampled_from((1, 1, 0, 2)))):
        add_load_balancer(draft)
    for _ in range(draw(st.integers(0, 2))):
        add_distribution(draft)
    for _ in range(draw(st.sampled_from((0, 1)))):
        add_roles(draft)
    if not draft.components:
        draft.add("s3", {})
    document = {
        "trazo": 1,
        "name": draw(st.sampled_from(("acme", "a1", "my-shop"))),
        "region": draft.region,
        "domain": draft.domain,
        "state": {"bucket": "acme-example-state", **draw(some(region=st.just("us-east-1")))},
        "components": draft.components,
    }
    if draft.of("rds") and draw(st.booleans()):
        arguments = {"ca_cert_identifier": "${x}", "copy_tags_to_snapshot": draw(st.booleans())}
        document["overrides"] = {f"aws_db_instance.{draft.of('rds')[0]}": arguments}
    if draw(st.integers(0, 3)) == 3:
        document["checks"] = {draw(st.sampled_from(_OPINIONS)): draw(_checks(draft))}
        document["provider"] = 5  # what the tests apply; tests/test_provider_6.py asks for 6
    document |= assumptions(draft) | draw(some(**_whole(draft)))
    if environments and (names := draw(st.sampled_from(_ENVIRONMENTS))):
        later = {name: overlay(draft, name) for name in names[1:]}
        document["environments"] = {names[0]: {}, **later}
    return document


def _whole(draft: Draft) -> dict[str, st.SearchStrategy[object]]:
    """What a whole spec says of its account and its names, of which the longest has to fit."""
    room = _LONGEST_NAME - len("staging--") - max(map(len, draft.components))
    prefixes = [prefix for prefix in _PREFIXES if len(prefix) < room]
    fields: dict[str, st.SearchStrategy[object]] = {"account": st.sampled_from(_ACCOUNTS)}
    if prefixes:
        fields["names"] = st.fixed_dictionaries({"prefix": st.sampled_from(prefixes)})
    return fields


def _checks(draft: Draft) -> st.SearchStrategy[Document]:
    """How the spec judges the findings of a code; `error` would leave fewer specs without one."""
    severities = st.sampled_from(("off", "info", "warning"))
    judged = {"severity": severities, "reason": st.just("as agreed")}
    named = st.lists(st.sampled_from(sorted(draft.components)), unique=True, max_size=2)
    return st.fixed_dictionaries(judged, optional={"components": named})


@st.composite
def specs(draw: Draw, environments: bool = True) -> Spec:
    """The same as the language's own type; `environments` holds overlays as they are written."""
    return as_spec(draw(documents(environments)))
