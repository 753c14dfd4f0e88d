"""Rules about how private tasks reach AWS and the internet."""

from collections.abc import Iterable, Iterator

from compiler.aws.registries import registry
from compiler.graph.graph import Graph, fits, links_of
from compiler.plan.access import PolicyStatement
from compiler.rules.network.endpoints import endpoint_of, is_known, likely, nearest
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.networking import Networking
from trazo_spec.components.rds import Rds
from trazo_spec.diagnostics import Severity, SpecPath

HTTPS_PORT = 443


@rule("TZ412", Severity.ERROR, local=True)
def misspelt_endpoint(graph: Graph) -> Iterator[Finding]:
    """The name of an endpoint looks like a misspelled AWS endpoint name.

    The name is the part after `com.amazonaws.{region}.`.

    ```yaml
    egress: {endpoints: [ecr.api, ecr.drk, logs]}   # bad
    egress: {endpoints: [ecr.api, ecr.dkr, logs]}   # good
    ```
    """
    for path, endpoint in _unknown_endpoints(graph):
        if near := nearest(endpoint):
            message = f"AWS does not offer an endpoint `{endpoint}`"
            yield Finding(path, message, f"did you mean `{near}`?")


@rule("TZ413", Severity.WARNING, local=True)
def unknown_endpoint(graph: Graph) -> Iterator[Finding]:
    """An endpoint is not in trazo's list of AWS services.

    AWS adds new endpoints every month. `aws ec2 describe-vpc-endpoint-services` lists those in a
    region.

    ```yaml
    egress: {endpoints: [postgres]}   # bad, a database needs no endpoint
    egress: {endpoints: [rds-data]}   # good
    ```
    """
    for path, endpoint in _unknown_endpoints(graph):
        if not nearest(endpoint):
            message = f"`{endpoint}` is not an endpoint that trazo knows"
            near = " or ".join(f"`{one}`" for one in likely(endpoint))
            listed = "run `aws ec2 describe-vpc-endpoint-services` for the names in your region"
            advice = f"did you mean {near}? {listed}" if near else listed
            yield Finding(path, message, advice)


def _unknown_endpoints(graph: Graph) -> Iterator[tuple[SpecPath, str]]:
    for name, network in graph.of(Networking):
        for i, endpoint in enumerate(network.egress.endpoints):
            if not is_known(endpoint):
                yield ("components", name, "egress", "endpoints", i), endpoint


@rule("TZ414", Severity.ERROR)
def no_way_to_aws(graph: Graph) -> Iterator[Finding]:
    """Private tasks have neither NAT nor the endpoints that they need to start.

    Before a task runs, Fargate pulls its image from ECR, opens its log stream and reads its
    secrets, all from inside the VPC. If it cannot reach these services, the task never starts:
    `CannotPullContainerError`, `ResourceInitializationError`. S3, where ECR stores image layers, is
    always reachable.

    ```yaml
    egress: {nat: none, endpoints: [ecr.api]}                  # bad
    egress: {nat: none, endpoints: [ecr.api, ecr.dkr, logs]}   # good, without secrets
    egress: {nat: single}                                      # good
    ```
    """
    for name, network in graph.of(Networking):
        if network.egress.nat != "none":
            continue
        there = {e.removesuffix("-fips") for e in network.egress.endpoints}
        missing: dict[str, tuple[str, str]] = {}
        for service, why, endpoint in _needed(graph, name):
            if endpoint not in there:
                missing.setdefault(endpoint, (service, why))
        if not missing:
            continue
        reasons = dict.fromkeys(f"`{service}` cannot {why}" for service, why in missing.values())
        lacking = ", ".join(f"`{e}`" for e in missing)
        message = (
            f"{', '.join(reasons)}: `{name}` does not have NAT or the "
            f"endpoint{'s' * (len(missing) > 1)} {lacking}"
        )
        services = dict.fromkeys(service for service, _ in missing.values())
        related = tuple(("components", service) for service in services)
        path = ("components", name, "egress", "endpoints" if there else "nat")
        yield Finding(
            path, message, f"add {lacking} to `endpoints`, or write `nat: single`", related
        )


def endpoints_of(graph: Graph, network: str) -> tuple[str, ...]:
    """The interface endpoints that the services of a VPC need where there is no NAT, sorted."""
    needs = {endpoint for _, _, endpoint in _needed(graph, network)}
    for _, service in _services(graph, network):
        needs |= {endpoint for _, _, endpoints in _calls(service, graph) for endpoint in endpoints}
    return tuple(sorted(needs))


def _calls(service: Ecs, graph: Graph) -> Iterator[tuple[SpecPath, str, tuple[str, ...]]]:
    """What a service calls by its statements and links: the place, words, and the endpoints."""
    for i, statement in enumerate(service.iam.statements):
        if statement.effect != "Deny":
            words = f"may use `{statement.actions[0]}`"
            yield ("iam", "statements", i, "actions"), words, _endpoints(statement.actions)
    for link, access in links_of(service, graph.kinds):
        used = graph.spec.components.get(link.target)
        if used is not None and fits(access, used):
            allowed = graph.kind(used).allows({link.target: access}, graph)
            actions = [action for statement in allowed for action in _actions(statement)]
            yield link.path, f"uses `{link.target}`", _endpoints(actions)


def _actions(statement: PolicyStatement) -> tuple[str, ...]:
    """The actions of a statement that a kind made."""
    match statement["Action"]:
        case str(action):
            return (action,)
        case [*actions]:
            return tuple(f"{action}" for action in actions)
        case _:
            return ()


def _endpoints(actions: Iterable[str]) -> tuple[str, ...]:
    """The endpoints that take calls of some actions, in their order."""
    apis = dict.fromkeys(action.partition(":")[0] for action in actions)
    return tuple(endpoint for api in apis if (endpoint := endpoint_of(api)))


def _needed(graph: Graph, network: str) -> Iterator[tuple[str, str, str]]:
    """Service, what it does, and the endpoint that it does it through."""
    for name, service in _services(graph, network):
        if registry(service.image) is not None:
            yield name, "pull its image", "ecr.api"
            yield name, "pull its image", "ecr.dkr"
        yield name, "write its log", "logs"
        uses = (graph.spec.components.get(target) for target in service.uses)
        if service.secrets or any(isinstance(c, Rds) for c in uses):
            yield name, "read its secrets", "secretsmanager"
        if service.execute_command:
            yield name, "open a shell", "ssmmessages"


@rule("TZ415", Severity.ERROR)
def public_image_without_nat(graph: Graph) -> Iterator[Finding]:
    """A task's image is on the internet, which its VPC cannot reach.

    Endpoints only reach private ECR registries in the same region; Docker Hub, public.ecr.aws,
    ghcr.io and registries in other regions require NAT.

    ```yaml
    image: nginx:1.29                                                # bad without NAT
    image: 123456789012.dkr.ecr.us-east-2.amazonaws.com/nginx:1.29   # good
    ```
    """
    for name, network in graph.of(Networking):
        if network.egress.nat != "none":
            continue
        for service, c in _services(graph, name):
            private = registry(c.image)
            if private is not None and private.region == graph.spec.region:
                continue
            where = "in another region" if private is not None else "on the internet"
            message = (
                f"the image `{c.image}` of `{service}` is {where}, but `{name}` does not have NAT"
            )
            advice = f"copy the image to ECR in `{graph.spec.region}`, or write `nat: single`"
            related = (("components", name, "egress"),)
            yield Finding(("components", service, "image"), message, advice, related)


@rule("TZ416", Severity.WARNING)
def ports_without_nat(graph: Graph) -> Iterator[Finding]:
    """A service opens ports to the internet, which its VPC cannot reach.

    ```yaml
    egress_ports: [443, 587]   # bad, with egress: {nat: none}
    egress_ports: [443]        # good
    ```
    """
    for name, network in graph.of(Networking):
        for service, c in _services(graph, name):
            useless = [str(p) for p in c.egress_ports if p != HTTPS_PORT]
            if network.egress.nat == "none" and useless:
                ports = f"port{'s' * (len(useless) > 1)} {', '.join(useless)}"
                message = (
                    f"`{service}` opens {ports} to the internet, but `{name}` does not have NAT"
                )
                path = ("components", service, "egress_ports")
                advice = "remove them, or write `nat: single`"
                yield Finding(path, message, advice, (("components", name, "egress"),))


@rule("TZ417", Severity.WARNING)
def unreachable_api(graph: Graph) -> Iterator[Finding]:
    """A service may call an AWS API that it cannot reach.

    Permission alone is not enough: without NAT, each AWS service that a task calls needs an
    endpoint, whether a statement permits the call or a link does. S3 is always reachable.

    ```yaml
    egress: {endpoints: [ecr.api, ecr.dkr, logs]}        # bad, with a statement for sqs:SendMessage
    egress: {endpoints: [ecr.api, ecr.dkr, logs, sqs]}   # good
    ```
    """
    for name, network in graph.of(Networking):
        there = {e.removesuffix("-fips") for e in network.egress.endpoints}
        for service, c in _services(graph, name):
            for path, words, endpoints in _calls(c, graph):
                missing = [e for e in endpoints if e not in there]
                if network.egress.nat != "none" or not missing:
                    continue
                lacking = ", ".join(f"`{e}`" for e in missing)
                message = (
                    f"`{service}` {words}, but `{name}` does not have NAT or the endpoint {lacking}"
                )
                where, related = ("components", service, *path), ("components", name, "egress")
                yield Finding(where, message, f"add {lacking} to `endpoints`", (related,))


def _services(graph: Graph, network: str) -> Iterator[tuple[str, Ecs]]:
    return ((name, c) for name, c in graph.of(Ecs) if c.network == network)


RULES: tuple[Rule, ...] = (
    misspelt_endpoint,
    unknown_endpoint,
    no_way_to_aws,
    public_image_without_nat,
    ports_without_nat,
    unreachable_api,
)
