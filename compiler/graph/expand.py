"""A spec with its implied parts written out: network, certificates, secrets, the zone's name."""

from trazo_spec.components import AnyComponent
from trazo_spec.components.alb import Alb
from trazo_spec.components.certificate import Certificate
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.dns import Dns
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.networking import Networking
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.components.security import Secret, Security
from trazo_spec.document import Spec

IMPLIED_NETWORK = "network"
IMPLIED_SECURITY = "security"

Components = dict[str, AnyComponent]


def expand(spec: Spec) -> Spec:
    """The same spec with nothing left to guess; applied twice, it changes nothing more."""
    components = _with_secrets(_with_network(_without_disabled(spec.components)))
    written_out = {n: _with_defaults(c, spec.domain) for n, c in sorted(components.items())}
    return spec.model_copy(update={"components": written_out})


def _without_disabled(components: Components) -> Components:
    """Leaves a switched-off cache out, with every link to it."""
    off = {n for n, c in components.items() if isinstance(c, Redis) and not c.enabled}
    return {n: _without_links(c, off) for n, c in components.items() if n not in off}


def _without_links(component: AnyComponent, off: set[str]) -> AnyComponent:
    if not isinstance(component, Ecs) or off.isdisjoint(component.uses):
        return component
    uses = {n: access for n, access in component.uses.items() if n not in off}
    return component.model_copy(update={"uses": uses})


def _with_network(components: Components) -> Components:
    """Adds a VPC where one is needed and none is written, and names it in what stands in it."""
    inside = {n: c for n, c in components.items() if isinstance(c, Alb | Ecs | Rds | Redis)}
    networks = sorted(n for n, c in components.items() if isinstance(c, Networking))
    if not inside or len(networks) > 1:
        return components
    if not networks:
        if IMPLIED_NETWORK in components:
            return components
        components, networks = {**components, IMPLIED_NETWORK: Networking()}, [IMPLIED_NETWORK]
    placed = {
        n: c.model_copy(update={"network": networks[0]})
        for n, c in inside.items()
        if c.network is None
    }
    return {**components, **placed}


def _with_secrets(components: Components) -> Components:
    """Adds every secret that a service names and no `security` component declares."""
    security = {n: c for n, c in components.items() if isinstance(c, Security)}
    declared = {secret for c in security.values() for secret in c.secrets}
    named = {s for c in components.values() if isinstance(c, Ecs) for s in c.secrets.values()}
    missing = sorted(named - declared)
    owner = min(security, default=IMPLIED_SECURITY)
    if not missing or (owner in components and owner not in security):
        return components
    before = security.get(owner, Security())
    secrets = {**before.secrets, **{name: Secret() for name in missing}}
    return {**components, owner: before.model_copy(update={"secrets": secrets})}


def _with_defaults(component: AnyComponent, domain: str | None) -> AnyComponent:
    """Fills in what a component says by leaving it out."""
    match component:
        case Alb():
            hosts = dict.fromkeys(
                [component.hostname, *(r.host for r in component.routes if r.host is not None)]
            )
            logs = (
                component.access_logs
                if component.access_logs and component.access_logs.enabled
                else None
            )
            certificate = _named(component.certificate, tuple(hosts))
            return component.model_copy(update={"certificate": certificate, "access_logs": logs})
        case Cloudfront():
            certificate = _named(component.certificate, (component.hostname,))
            return component.model_copy(update={"certificate": certificate})
        case Dns(zone=None):
            return component.model_copy(update={"zone": domain})
        case _:
            return component


def _named(certificate: Certificate, names: tuple[str, ...]) -> Certificate:
    if certificate.arn is not None or certificate.names:
        return certificate
    return certificate.model_copy(update={"names": names})
