"""ECS: services keep what moto drops, so that Terraform does not want to replace them."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.models import Service
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


def close() -> None:
    """Replaces the two actions, and keeps requests apart."""
    EC2ContainerServiceResponse.__init__ = _initialise
    EC2ContainerServiceResponse.create_service = _create_service
    EC2ContainerServiceResponse.update_service = _update_service
