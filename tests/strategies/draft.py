"""A spec while it is drawn."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.strategies.words import PLAIN, PLAIN_WORDS, RESERVED, WORDS, Document, Draw


@dataclass
class Draft:
    """What is decided so far; a draw only ever adds to it."""

    draw: Draw
    region: str
    domain: str
    components: dict[str, Document] = field(default_factory=dict)
    zones: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def name(self, kind: str) -> str:
        """A component's name that is not taken."""
        word = self.draw(PLAIN_WORDS if kind in PLAIN else WORDS)
        taken = {*self.components, *RESERVED, *(c.get("was") for c in self.components.values())}
        count = 0
        name = word
        while name in taken:
            count += 1
            name = f"{word[:21]}{count}"
        return name

    def add(self, kind: str, body: Document, name: str | None = None) -> str:
        """A further component and its name."""
        name = name or self.name(kind)
        was = f"old_{len(self.components)}"
        earlier = {"was": was} if self.draw(st.integers(0, 7)) == 7 else {}
        self.components[name] = {"kind": kind, **earlier, **body}
        return name

    def of(self, kind: str, **wanted: object) -> list[str]:
        """The components of a kind that say something."""
        return [
            n
            for n, c in self.components.items()
            if c["kind"] == kind and all(c.get(k) == v for k, v in wanted.items())
        ]

    def host(self) -> str:
        """A host name of one of the zones, or of somebody else's where there are none."""
        zone = self.draw(st.sampled_from(self.zones or ["elsewhere-example.net"]))
        label = self.draw(st.sampled_from(("www", "api", "a-b", "deep.er", "x9")))
        host = f"{label}.{zone}"
        while host in self.hosts:
            host = f"n{host}"
        self.hosts.add(host)
        return host

    def place(self) -> Document:
        """In which VPC something stands; said where it must be."""
        networks = self.of("networking")
        if len(networks) > 1 or (networks and self.draw(st.booleans())):
            return {"network": self.draw(st.sampled_from(networks))}
        return {}

    def closed(self, place: Document) -> bool:
        """Whether what stands there has no way into the internet."""
        networks = [place["network"]] if place else self.of("networking")
        return any("nat" not in self.components[n].get("egress", {"nat": 1}) for n in networks)

    def beside(self, name: str, place: Document) -> bool:
        """Whether a component stands in the same VPC; where it names none, in the only one."""
        several = len(self.of("networking")) > 1
        return not several or self.components[name].get("network") == place.get("network")
