"""Rules about names that only AWS can give, and about what its partitions have."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from compiler.aws.lists import partition, regions
from compiler.graph.graph import Graph
from compiler.plan.listed import Listed, Names, Offer
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.diagnostics import Remedy, Severity, SpecPath
from trazo_spec.words.slips import distance

# Chosen: more names do not help to find the one that was meant.
MOST_NAMED = 8
MOST_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class _Written:
    """A name as it stands in the spec."""

    path: SpecPath
    listed: Listed
    owner: str
    """The component; empty for the spec itself."""

    @property
    def name(self) -> str:
        return self.listed.name

    @property
    def names(self) -> Names:
        return self.listed.names

    @property
    def offer(self) -> Offer | None:
        return self.names.offers.get(self.name)

    @property
    def engine_path(self) -> tuple[SpecPath, ...]:
        """Where the engine version stands that the name has to go with."""
        path = self.listed.engine_path
        return (("components", self.owner, *path),) if path else ()

    @property
    def _alike(self) -> Iterable[str]:
        """The known names that may be meant: a number with a point keeps what is before it."""
        if not self.names.numbered:
            return self.names.offers
        major = self.name.partition(".")[0]
        return [one for one, offer in self.names.offers.items() if _is_minor(one, offer, major)]

    def near(self, most: int) -> tuple[str, ...]:
        """The known names that are at most so many slips away, those that are nearest."""
        by_distance: dict[int, list[str]] = {}
        for other in self._alike:
            if (far := distance(self.name, other, most)) is not None:
                by_distance.setdefault(far, []).append(other)
        return tuple(by_distance[min(by_distance)]) if by_distance else ()

    @property
    def meant(self) -> tuple[str, ...]:
        """The known names of which it is a slip of the pen."""
        known = self.name in self.names.offers or self.name in self.names.announced
        return () if known or self.names.numbered else self.near(1)


def _is_minor(name: str, offer: Offer, major: str) -> bool:
    return name.startswith(f"{major}.") and not offer.retired


def _written(graph: Graph) -> Iterator[_Written]:
    """Every name of AWS in an environment, the regions first."""
    for path, region in _regions(graph):
        yield _Written(path, Listed((), region, regions()), "")
    for name, component in graph.spec.components.items():
        for listed in graph.kind(component).listed(component, graph.spec.region):
            yield _Written(("components", name, *listed.path), listed, name)


def _regions(graph: Graph) -> Iterator[tuple[SpecPath, str]]:
    yield ("region",), graph.spec.region
    if graph.spec.state.region is not None:
        yield ("state", "region"), graph.spec.state.region


@rule("TZ650", Severity.ERROR, local=True, liftable=True)
def slip_of_a_name(graph: Graph) -> Iterator[Finding]:
    """A region, zone, instance class or node type is one letter or digit away from one of AWS's.

    trazo has a dated list of what AWS offers. A name that differs by one character from one in the
    list is most likely mistyped, and Terraform would only fail when it applies it. If AWS has added
    the name since, lift the error in [`checks`](../how-to/check-in-ci.md#switch-a-finding-off).

    ```yaml
    region: us-esat-1                    # bad
    region: us-east-1                    # good
    instance_class: db.t4g.mircro        # bad
    instance_class: db.t4g.micro         # good
    ```
    """
    for written in _written(graph):
        if meant := written.meant:
            advice = (
                f"did you mean {_either(meant)}? if AWS has added it since, lift TZ650 in `checks`"
            )
            message = f"`{written.name}` is not {written.names.what}"
            yield Finding(written.path, message, advice, remedy=_remedy(written, meant))


@rule("TZ651", Severity.WARNING, local=True)
def unknown_name(graph: Graph) -> Iterator[Finding]:
    """A region, zone, instance class, node type or version is not in trazo's list of AWS.

    The list has a date. AWS may have added the name since; otherwise Terraform fails when it
    applies it.

    ```yaml
    instance_class: db.z9z.nano    # bad
    instance_class: db.t4g.micro   # good
    ```
    """
    for written in _written(graph):
        if written.offer is not None or written.meant:
            continue
        near = written.near(2)
        advice = f"did you mean {_either(near)}?" if near else "check that AWS has it"
        if written.names.numbered and (newest := _newest(written.names, written.name)):
            advice = f"check that AWS has it; of those that trazo knows, `{newest}` is the newest"
        what, read = written.names.what, written.names.read
        message = f"trazo does not know `{written.name}` as {what}; its list is of {read}"
        if written.name in written.names.announced:
            message = f"as of {read}, AWS has announced `{written.name}` but offers nothing there"
            advice = "use another region until AWS opens it"
        yield Finding(written.path, message, advice)


@rule("TZ652", Severity.WARNING, local=True)
def not_in_region(graph: Graph) -> Iterator[Finding]:
    """AWS has the instance class or node type, but not in the spec's region.

    The newest and the oldest ones are only in some regions.

    ```yaml
    region: ca-west-1
    instance_class: db.t4g.micro   # bad
    instance_class: db.t3.micro    # good
    ```
    """
    region = graph.spec.region
    for written in _written(graph):
        offer, names = written.offer, written.names
        if offer is None or offer.retired or region not in names.regions:
            continue
        if region not in offer.regions:
            message = (
                f"as of {names.read}, AWS does not offer `{written.name}` in `{region}`, only in "
                "other regions"
            )
            others = _alternatives(written, region)
            yield Finding(written.path, message, _use(others), (("region",),))


@rule("TZ653", Severity.ERROR, local=True, liftable=True)
def not_with_engine(graph: Graph) -> Iterator[Finding]:
    """AWS does not offer the instance class or node type with this engine version, or no longer.

    Old classes are retired, and new ones take only newer versions. If AWS has changed this since,
    lift the error in [`checks`](../how-to/check-in-ci.md#switch-a-finding-off).

    ```yaml
    {engine_version: "16", instance_class: db.t2.micro}    # bad
    {engine_version: "16", instance_class: db.t4g.micro}   # good
    ```
    """
    for written in _written(graph):
        offer, engine = written.offer, written.listed.engine
        if offer is None or written.names.numbered:
            continue
        known = engine in written.names.engines
        if not offer.retired and (not known or not offer.engines or engine in offer.engines):
            continue
        others = _alternatives(written, graph.spec.region)
        yield Finding(written.path, _refusal(written, offer), _use(others), written.engine_path)


def _refusal(written: _Written, offer: Offer) -> str:
    version = f" with version `{written.listed.engine}`" if written.listed.engine else ""
    if offer.retired:
        any_other = " or any other" if version else ""
        return f"AWS no longer offers `{written.name}`{version}{any_other}"
    return (
        f"AWS does not offer `{written.name}`{version}, only with {_either(sorted(offer.engines))}"
    )


@rule("TZ654", Severity.WARNING, local=True)
def retired_version(graph: Graph) -> Iterator[Finding]:
    """AWS does not create anything new with this engine version.

    What already runs may keep it for a while. A new database fails when Terraform applies it.

    ```yaml
    engine_version: "16.2"   # bad
    engine_version: "16"     # good, AWS installs the minor versions
    ```
    """
    for written in _written(graph):
        if written.offer is not None and written.offer.retired and written.names.numbered:
            major = written.name.partition(".")[0]
            message = (
                f"as of {written.names.read}, AWS creates nothing new with version "
                f"`{written.name}`; what already runs may keep it"
            )
            newest = _newest(written.names, major)
            advice = f'write `"{newest}"`, or only `"{major}"`' if newest else "use a later version"
            yield Finding(written.path, message, advice)


def _newest(names: Names, version: str) -> str:
    """The newest minor version of the same major one that AWS offers; empty if there is none."""
    major = version.partition(".")[0]
    offered = (name for name, offer in names.offers.items() if _is_minor(name, offer, major))
    return max(offered, key=lambda n: int(n.partition(".")[2]), default="")


@rule("TZ655", Severity.ERROR, local=True, liftable=True)
def partition_without(graph: Graph) -> Iterator[Finding]:
    """The region's partition of AWS does not have a service, or has it in another way.

    AWS GovCloud (US), China and the isolated regions are partitions of their own, with their own
    accounts. What trazo would write is refused there. If AWS has changed this since, lift the error
    in [`checks`](../how-to/check-in-ci.md#switch-a-finding-off).

    ```yaml
    region: us-gov-west-1
    components:
      cdn: {kind: cloudfront, hostname: www.acme.io, origin: site}   # bad
      entry: {kind: alb, hostname: www.acme.io}                      # good
    ```
    """
    partition_ = partition(graph.spec.region)
    for name, component in graph.spec.components.items():
        if (refusal := graph.kind(component).refused_by.get(partition_)) is not None:
            message = f"`{name}` cannot be in `{graph.spec.region}`: {refusal.why}"
            path = ("components", name, "kind")
            yield Finding(path, message, refusal.advice, (("region",),))


def _remedy(written: _Written, meant: tuple[str, ...]) -> Remedy | None:
    """The whole value with the only name that can be meant; a number says which of several is."""
    if len(meant) != 1 or _digits(meant[0]) != _digits(written.name):
        return None
    text = written.listed.text
    return Remedy(text.replace(written.name, meant[0], 1) if text else meant[0])


def _digits(name: str) -> str:
    return "".join(c for c in name if c.isdecimal())


def _either(names: Iterable[str]) -> str:
    listed = [f"`{name}`" for name in names]
    more = len(listed) - MOST_NAMED
    shown = listed[:MOST_NAMED] + ([f"one of {more} more"] if more > 0 else [])
    return " or ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _use(names: tuple[str, ...]) -> str:
    return f"use another one, such as {_either(names)}" if names else "use another one"


def _alternatives(written: _Written, region: str) -> tuple[str, ...]:
    """Names of the same size, and sort if there are, that AWS has there with this version."""
    head, _, size = written.name.rpartition(".")
    letter, engine = head[: head.index(".") + 2], written.listed.engine
    names = written.names

    def fits(name: str, offer: Offer) -> bool:
        there = region not in names.regions or region in offer.regions
        takes = engine not in names.engines or engine in offer.engines
        return name.endswith(f".{size}") and there and takes and not offer.retired

    fitting = [name for name, offer in names.offers.items() if fits(name, offer)]
    alike = [name for name in fitting if name.startswith(letter)]
    return tuple((alike or fitting)[-MOST_ALTERNATIVES:])


RULES: tuple[Rule, ...] = (
    slip_of_a_name,
    unknown_name,
    not_in_region,
    not_with_engine,
    retired_version,
    partition_without,
)
