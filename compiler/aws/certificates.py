"""The certificates of an environment, and the DNS records that prove whose names they are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from compiler.aws.names import label, zone_id
from compiler.graph.graph import Graph, zone_of
from compiler.plan.plan import Block, Expr, Output, Ref, Value

# Chosen: AWS looks at a record again for each renewal, so it may be remembered for a while.
RECORD_TTL_S = 300


@dataclass(frozen=True, slots=True)
class _Certificate:
    """One certificate that we ask for."""

    component: str
    names: tuple[str, ...]
    """The names it is valid for, each once, in the order of the spec."""
    provider: str
    """The alias of the provider that makes it; empty for the default one."""

    @property
    def address(self) -> str:
        return f"aws_acm_certificate.{self.component}"


@dataclass(frozen=True, slots=True)
class _Proof:
    """The record that proves a base name to every certificate that holds it or its wildcard."""

    base: str
    zone: str
    certificate: _Certificate
    """The certificate that the record's name and value are read from: all state the same ones."""
    name: str
    """The name of that certificate which stands for the base name."""
    components: tuple[str, ...]

    @property
    def address(self) -> str:
        return f"aws_route53_record.validation_{label(self.base)}"


def blocks(graph: Graph) -> Iterator[Block]:
    """Every certificate with its validation, and one record for each base name."""
    certificates = _certificates(graph)
    proofs = _proofs(certificates, graph)
    for certificate in certificates:
        yield _certificate(certificate)
        yield _validation(certificate, proofs)
    for proof in proofs.values():
        yield _record(proof, graph)


def outputs(graph: Graph) -> Iterator[Output]:
    """The records that somebody has to make where no zone of the spec holds a name."""
    for certificate in _certificates(graph):
        if all(zone_of(name, graph) for name in certificate.names):
            continue
        records = (
            f"[for o in {certificate.address}.domain_validation_options : "
            "{ name = o.resource_record_name, type = o.resource_record_type,"
            " value = o.resource_record_value }]"
        )
        yield Output(
            f"{certificate.component}_validation_records",
            Expr(records, (certificate.address,)),
            f"Records to make by hand, which prove the names of {certificate.component}",
        )


def _certificates(graph: Graph) -> tuple[_Certificate, ...]:
    certificates = []
    for name, component in sorted(graph.spec.components.items()):
        kind = graph.kind(component)
        certificate = kind.certificate(component)
        if certificate is not None and certificate.arn is None:
            names = tuple(dict.fromkeys(certificate.names))
            aliased = kind.certificate_region not in ("", graph.spec.region)
            alias = alias_of(kind.certificate_region) if aliased else ""
            certificates.append(_Certificate(name, names, alias))
    return tuple(certificates)


def alias_of(region: str) -> str:
    """What the provider of another region is called: `us_east_1`."""
    return region.replace("-", "_")


def _base(name: str) -> str:
    """What AWS asks to prove: `x` and `*.x` have the same record."""
    return name.removeprefix("*.")


def _proofs(certificates: tuple[_Certificate, ...], graph: Graph) -> Mapping[str, _Proof]:
    """Base name -> its record, over all certificates: two records of one name would collide."""
    asked: dict[str, list[tuple[bool, str, str, _Certificate]]] = {}
    for certificate in certificates:
        for name in certificate.names:
            candidate = (name != _base(name), certificate.component, name, certificate)
            asked.setdefault(_base(name), []).append(candidate)
    proofs = {}
    for base, candidates in sorted(asked.items()):
        if zone := zone_of(base, graph):
            *_, name, certificate = min(candidates, key=lambda c: c[:3])
            components = tuple(sorted({c[1] for c in candidates}))
            proofs[base] = _Proof(base, zone, certificate, name, components)
    return proofs


def _certificate(certificate: _Certificate) -> Block:
    first, *others = certificate.names
    body: dict[str, Value] = {"domain_name": first, "validation_method": "DNS"}
    if others:
        body["subject_alternative_names"] = others
    return Block(
        "aws_acm_certificate",
        certificate.component,
        body,
        certificate.component,
        provider=certificate.provider,
        # A certificate that is in use cannot be deleted.
        lifecycle={"create_before_destroy": True},
    )


def _validation(certificate: _Certificate, proofs: Mapping[str, _Proof]) -> Block:
    """Waits until AWS has issued the certificate.

    The provider takes either the records of all names or none, so with a name outside of our zones
    it only waits: for us and for whoever makes the other records.
    """
    bases = dict.fromkeys(_base(name) for name in certificate.names)
    ours = tuple(proofs[base].address for base in bases if base in proofs)
    complete = len(ours) == len(bases)
    body: dict[str, Value] = {"certificate_arn": Ref(certificate.address, "arn")}
    if complete:
        body["validation_record_fqdns"] = [Ref(address, "fqdn") for address in ours]
    return Block(
        "aws_acm_certificate_validation",
        certificate.component,
        body,
        certificate.component,
        provider=certificate.provider,
        depends_on=() if complete else ours,
    )


def _record(proof: _Proof, graph: Graph) -> Block:
    """The record of one base name, read from the certificate by that name."""

    def option(attribute: str) -> Expr:
        source = proof.certificate.address
        # Host names are letters, digits, `.`, `-` and `*`: safe between quotes.
        text = (
            f"one([for o in {source}.domain_validation_options : o.{attribute}"
            f' if o.domain_name == "{proof.name}"])'
        )
        return Expr(text, (source,))

    return Block(
        "aws_route53_record",
        f"validation_{label(proof.base)}",
        {
            "zone_id": zone_id(proof.zone, graph),
            "name": option("resource_record_name"),
            "type": "CNAME",
            "ttl": RECORD_TTL_S,
            "records": [option("resource_record_value")],
            # The same record may be there from a certificate that was made by hand.
            "allow_overwrite": True,
        },
        proof.components[0] if len(proof.components) == 1 else "",
    )
