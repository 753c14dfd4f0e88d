"""How blocks refer to a bucket, made here or found there."""

from compiler.graph.graph import Graph
from compiler.plan.plan import Ref
from trazo_spec.components.s3 import S3


def bucket_ref(name: str, attribute: str, graph: Graph) -> Ref:
    """An attribute of an `s3` component's bucket, such as its `arn`."""
    return Ref(f"{'data.' if is_existing(name, graph) else ''}aws_s3_bucket.{name}", attribute)


def policies_of(name: str, graph: Graph) -> tuple[str, ...]:
    """The address of the bucket's policy; none for a bucket whose policy is not ours."""
    return () if is_existing(name, graph) else (f"aws_s3_bucket_policy.{name}",)


def is_existing(name: str, graph: Graph) -> bool:
    """Whether the bucket is there already and only looked up."""
    component = graph.spec.components.get(name)
    return isinstance(component, S3) and component.existing
