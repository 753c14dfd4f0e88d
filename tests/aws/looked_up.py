"""An account with what the specs look up, for plans that Terraform makes."""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Network

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ec2.models import ec2_backends
from moto.route53.models import route53_backends
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

from compiler.components.networking.subnets import zones
from compiler.graph.graph import Graph
from tests.plans import checked, environments, existing
from trazo_spec.components.dns import Dns
from trazo_spec.components.networking import Networking
from trazo_spec.components.s3 import S3


@contextmanager
def account() -> Iterator[str]:
    """An AWS account with just what the specs look up: its address."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    # Seeded without a request, since tests have no network; a process has but one account.
    _zones()
    for graph in existing().graphs.values():
        _networks(graph)
        _buckets(graph)
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def _zones() -> None:
    graphs = [checked(example).graphs[environment] for example, environment in environments()]
    graphs += existing().graphs.values()
    looked_up = {
        zone.zone for graph in graphs for _, zone in graph.of(Dns) if zone.existing and zone.zone
    }
    backend = route53_backends[DEFAULT_ACCOUNT_ID]["aws"]
    there = {zone.name for zone in backend.zones.values()}
    for name in sorted(n for n in looked_up if f"{n}." not in there):
        backend.create_hosted_zone(f"{name}.", private_zone=False)


def _networks(graph: Graph) -> None:
    backend = ec2_backends[DEFAULT_ACCOUNT_ID][graph.spec.region]
    for _, network in graph.of(Networking):
        if network.existing is None or network.existing.vpc in backend.vpcs:
            continue
        vpc = backend.create_vpc(network.cidr)
        addresses = IPv4Network(network.cidr).subnets(new_prefix=24)
        for zone in zones(network, graph.spec.region):
            for subnet_id in (zone.public, zone.private):
                made = backend.create_subnet(
                    vpc.id, str(next(addresses)), availability_zone=zone.name
                )
                held = next(each for each in backend.subnets.values() if made.id in each)
                held[subnet_id] = held.pop(made.id)
                made.id, made.vpc_id = subnet_id, network.existing.vpc
        backend.vpcs[network.existing.vpc] = backend.vpcs.pop(vpc.id)
        vpc.id = network.existing.vpc


def _buckets(graph: Graph) -> None:
    backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    for _, bucket in graph.of(S3):
        if bucket.existing and bucket.bucket and bucket.bucket not in backend.buckets:
            backend.create_bucket(bucket.bucket, graph.spec.region)
