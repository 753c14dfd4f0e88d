"""Rules about what is declared: taken names, earlier names, secrets, and what nobody uses."""

from collections.abc import Iterator, Mapping

from compiler.graph.graph import IMPLIED_NETWORK, IMPLIED_SECURITY, Graph
from compiler.rules.naming.references import references
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.base import Linkable, Placed
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.networking import Networking
from trazo_spec.components.security import Security
from trazo_spec.diagnostics import Severity, SpecPath
from trazo_spec.words.slips import nearest


@rule("TZ310", Severity.ERROR)
def implied_name_taken(graph: Graph) -> Iterator[Finding]:
    """A component has the name of an implicit component, but another kind.

    Without a `networking` component, trazo adds a VPC named `network`; secrets that are not
    declared go into an implicit component named `security`. These names are then reserved.

    ```yaml
    network: {kind: s3}           # bad, when no component is of kind networking
    network: {kind: networking}   # good
    ```
    """
    components = graph.written.components
    placed = [n for n, c in components.items() if isinstance(c, Placed)]
    needs_network = placed and not any(isinstance(c, Networking) for c in components.values())
    needs_security = bool(_read(graph)) and not any(
        isinstance(c, Security) for c in components.values()
    )
    for name, needed, kind, why in (
        (IMPLIED_NETWORK, needs_network, "networking", "the VPC"),
        (IMPLIED_SECURITY, needs_security, "security", "the component for secrets"),
    ):
        if needed and name in components:
            message = (
                f"`{name}` is of kind `{components[name].kind}`, but this name is reserved for "
                f"{why}"
            )
            advice = f"rename it, or add a component of kind `{kind}`"
            yield Finding(("components", name), message, advice)


@rule("TZ311", Severity.ERROR, local=True)
def secret_declared_twice(graph: Graph) -> Iterator[Finding]:
    """Two `security` components declare the same secret.

    A service refers to a secret by its name only, so it would not be clear which of the two it
    reads.

    ```yaml
    web_secrets:    {kind: security, secrets: {api_key: {}}}
    worker_secrets: {kind: security, secrets: {api_key: {}}}          # bad
    worker_secrets: {kind: security, secrets: {worker_api_key: {}}}   # good
    ```
    """
    first: dict[str, SpecPath] = {}
    for name, security in graph.written.components.items():
        if not isinstance(security, Security):
            continue
        for secret in security.secrets:
            path = ("components", name, "secrets", secret)
            if secret in first:
                message = (
                    f"the secret `{secret}` is declared in both `{name}` and `{first[secret][1]}`"
                )
                yield Finding(path, message, "keep one of them", (first[secret],))
            first.setdefault(secret, path)


@rule("TZ312", Severity.WARNING)
def misspelt_secret(graph: Graph) -> Iterator[Finding]:
    """A service reads an undeclared secret whose name resembles a declared, unused one.

    Secrets do not have to be declared, so a typo creates a second, empty one.

    ```yaml
    secrets: {SECRET_KEY: django_secret_kye}   # bad, when security declares django_secret_key
    secrets: {SECRET_KEY: django_secret_key}   # good
    ```
    """
    read = _read(graph)
    declared = {
        secret: ("components", name, "secrets", secret)
        for name, c in graph.written.components.items()
        if isinstance(c, Security)
        for secret in c.secrets
    }
    lonely = sorted(set(declared) - set(read))
    for secret, path in read.items():
        if secret not in declared and (near := nearest(secret, lonely)):
            message = (
                f"`{path[1]}` reads the secret `{secret}`, which is not declared; `{near[0]}` "
                "is declared but never read"
            )
            yield Finding(path, message, f"did you mean `{near[0]}`?", (declared[near[0]],))


def _read(graph: Graph) -> Mapping[str, SpecPath]:
    """Every secret that a service names, with the first place that does."""
    result: dict[str, SpecPath] = {}
    for name, c in graph.written.components.items():
        if isinstance(c, Ecs):
            for variable, secret in c.secrets.items():
                result.setdefault(secret, ("components", name, "secrets", variable))
    return result


@rule("TZ313", Severity.ERROR, local=True)
def earlier_name_in_use(graph: Graph) -> Iterator[Finding]:
    """The previous name of a component is the current name of a component.

    Terraform would mix up the resources of the two components. Two components cannot swap names,
    and a chain of renames requires one apply for each step.

    ```yaml
    database: {kind: rds, was: orders}   # bad, while orders is a component of this spec
    database: {kind: rds, was: db}       # good, db is gone
    ```
    """
    for name, c in graph.written.components.items():
        if c.was is None or c.was not in graph.written.components:
            continue
        itself = c.was == name
        what = "that is its current name" if itself else "another component now has that name"
        advice = (
            "remove `was`"
            if itself
            else f"rename `{c.was}` in a later apply than `{name}`, or remove `was`"
        )
        related = () if itself else (("components", c.was),)
        yield Finding(
            ("components", name, "was"),
            f"`{name}` was called `{c.was}`, but {what}",
            advice,
            related,
        )


@rule("TZ314", Severity.ERROR, local=True)
def earlier_name_shared(graph: Graph) -> Iterator[Finding]:
    """Two components have the same previous name.

    One resource cannot become two; Terraform rejects this.

    ```yaml
    web:    {kind: ecs, image: acme/web:1, was: app}
    worker: {kind: ecs, image: acme/web:1, was: app}   # bad
    worker: {kind: ecs, image: acme/web:1}             # good, a new service
    ```
    """
    first: dict[str, str] = {}
    for name, c in graph.written.components.items():
        if c.was is not None and c.was in first:
            message = f"`{name}` and `{first[c.was]}` both have the previous name `{c.was}`"
            related = (("components", first[c.was], "was"),)
            yield Finding(("components", name, "was"), message, "keep one of them", related)
        elif c.was is not None:
            first[c.was] = name


@rule("TZ315", Severity.WARNING)
def unused_component(graph: Graph) -> Iterator[Finding]:
    """A component costs money, but nothing can reach it.

    Security groups are derived from links: a component that is not used does not accept
    connections, and a service that listens on a port without a route does not receive requests.

    ```yaml
    web: {kind: ecs, image: acme/web:1}                            # bad, with a database
    web: {kind: ecs, image: acme/web:1, uses: {database: connect}} # good
    ```
    """
    used = _used(graph)
    for name, c in graph.spec.components.items():
        path: SpecPath = ("components", name)
        match c:
            case Linkable() if isinstance(c, Placed) and name not in used:
                yield Finding(
                    path,
                    f"no service uses {_called(name, graph)}, so nothing can connect to it",
                    f"add `uses: {{{name}: {c.ACCESSES[0]}}}` to a service, or remove `{name}`",
                )
            case Ecs(port=int(port)) if name not in used:
                yield Finding(
                    (*path, "port"),
                    f"`{name}` listens on port {port}, but no load balancer routes to it",
                    f"add a route `to: {name}`, or remove `port` if it is a worker",
                )
            case Networking() if name not in used and name in graph.written.components:
                yield Finding(path, f"the VPC `{name}` is empty", "remove it")


@rule("TZ316", Severity.INFO)
def unused_outside(graph: Graph) -> Iterator[Finding]:
    """Nothing in the spec reads, writes or serves a bucket, or logs to it.

    This is fine for a bucket that people or other systems use, but often means that a link was
    forgotten. The same is true of everything else that services use outside their VPC.

    ```yaml
    uses: {}                    # bad, when the service stores uploads in the bucket media
    uses: {media: read_write}   # good
    ```
    """
    used = _used(graph)
    for name, c in graph.of(Linkable):
        if name not in used and not isinstance(c, Placed):
            message = f"nothing in the spec uses {_called(name, graph)}"
            advice = f"link it, such as `uses: {{{name}: {c.ACCESSES[0]}}}`"
            yield Finding(("components", name), message, advice)


def _called(name: str, graph: Graph) -> str:
    """A component as a sentence calls it: the bucket `media`."""
    noun = graph.kind(graph.spec.components[name]).noun
    return f"the {noun} `{name}`" if noun else f"`{name}`"


def _used(graph: Graph) -> set[str]:
    """Every component that another one names, what is switched off included."""
    written = {
        r.target
        for r in references(graph.written, graph.kinds)
        if r.source and r.source != r.target
    }
    return written | {c.network for _, c in _placed(graph) if c.network is not None}


def _placed(graph: Graph) -> Iterator[tuple[str, Placed]]:
    for name, c in graph.spec.components.items():
        if isinstance(c, Placed):
            yield name, c


RULES: tuple[Rule, ...] = (
    implied_name_taken,
    secret_declared_twice,
    misspelt_secret,
    earlier_name_in_use,
    earlier_name_shared,
    unused_component,
    unused_outside,
)
