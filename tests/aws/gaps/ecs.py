"""ECS: services keep what moto drops, and what they run on, which moto lets clusters drop."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import ECSException
from moto.ecs.models import Cluster, EC2ContainerServiceBackend, Service
from moto.ecs.responses import EC2ContainerServiceResponse

KEPT = {
    "capacityProviderStrategy": "capacity_provider_strategy",
    "deploymentConfiguration": "deployment_configuration",
    "enableECSManagedTags": "enable_ecs_managed_tags",
    "enableExecuteCommand": "enable_execute_command",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "availabilityZoneRebalancing": "availability_zone_rebalancing",
}
"""Argument of the API -> attribute of moto's service."""

_init = EC2ContainerServiceResponse.__init__
_create = EC2ContainerServiceResponse.create_service
_update = EC2ContainerServiceResponse.update_service
_put_providers = EC2ContainerServiceBackend.put_cluster_capacity_providers


class ResourceInUseException(ECSException):
    """A capacity provider that a service runs on."""

    code = "ResourceInUseException"


def _initialise(self: EC2ContainerServiceResponse, *arguments: Any, **named: Any) -> None:
    """Moto notes for all requests at once whether one of them asked for tags."""
    _init(self, *arguments, **named)
    self.RESPONSE_KEY_PATH_TO_TRANSFORMER = dict(type(self).RESPONSE_KEY_PATH_TO_TRANSFORMER)


def _create_service(self: EC2ContainerServiceResponse) -> ActionResult:
    answer = _create(self)
    _keep(_service(answer), self._get_params())
    return answer


def _update_service(self: EC2ContainerServiceResponse) -> ActionResult:
    answer = _update(self)
    _keep(_service(answer), self._get_params())
    return answer


def _service(answer: ActionResult) -> Service:
    result: dict[str, Service] = answer.result
    return result["service"]


def _keep(service: Service, given: dict[str, Any]) -> None:
    for argument, attribute in KEPT.items():
        if given.get(argument) is not None:
            setattr(service, attribute, given[argument])
    if strategy := getattr(service, "capacity_provider_strategy", None):
        for provider in strategy:
            provider.setdefault("base", 0)
            provider.setdefault("weight", 0)
        service.launch_type = None  # AWS reports the one or the other
        service.platform_version = service.platform_version or "LATEST"
    for deployment in service.deployments:
        deployment["launchType"] = service.launch_type
        deployment["desiredCount"] = service.desired_count
        deployment["taskDefinition"] = service.task_definition
        deployment["rolloutState"] = "COMPLETED"


def _put_cluster_capacity_providers(
    self: EC2ContainerServiceBackend,
    cluster_name: str,
    capacity_providers: list[str] | None,
    default_capacity_provider_strategy: list[dict[str, Any]] | None,
) -> Cluster:
    """AWS refuses to take away what a service runs on.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutClusterCapacityProviders.html
    """
    cluster = self._get_cluster(cluster_name)
    removed = set(cluster.capacity_providers or ()) - set(capacity_providers or ())
    services = (s for s in self.services.values() if s.cluster_name == cluster.name)
    if any(removed & _providers(service) for service in services if service.status == "ACTIVE"):
        raise ResourceInUseException("The specified capacity provider is in use")
    changed: Cluster = _put_providers(
        self, cluster_name, capacity_providers, default_capacity_provider_strategy
    )
    return changed


def _providers(service: Service) -> set[str]:
    strategy = getattr(service, "capacity_provider_strategy", None) or ()
    return {provider["capacityProvider"] for provider in strategy}


def close() -> None:
    """Replaces three actions, and keeps requests apart."""
    EC2ContainerServiceBackend.put_cluster_capacity_providers = _put_cluster_capacity_providers
    EC2ContainerServiceResponse.__init__ = _initialise
    EC2ContainerServiceResponse.create_service = _create_service
    EC2ContainerServiceResponse.update_service = _update_service
