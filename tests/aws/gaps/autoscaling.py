"""Application Auto Scaling: tags of scalable targets, which moto answers with an error."""

import json

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

_tags: dict[str, dict[str, str]] = {}
_register = ApplicationAutoScalingResponse.register_scalable_target


def _register_scalable_target(self: ApplicationAutoScalingResponse) -> str:
    """Moto drops the tags that come with the target."""
    answer: str = _register(self)
    arn = json.loads(answer)["ScalableTargetARN"]
    _tags.setdefault(arn, {}).update(self._get_param("Tags") or {})
    return answer


def _list_tags_for_resource(self: ApplicationAutoScalingResponse) -> str:
    return json.dumps({"Tags": _tags.get(self._get_param("ResourceARN"), {})})


def _tag_resource(self: ApplicationAutoScalingResponse) -> str:
    _tags.setdefault(self._get_param("ResourceARN"), {}).update(self._get_param("Tags"))
    return "{}"


def _untag_resource(self: ApplicationAutoScalingResponse) -> str:
    for key in self._get_param("TagKeys"):
        _tags.get(self._get_param("ResourceARN"), {}).pop(key, None)
    return "{}"


def close() -> None:
    """Adds the three actions on tags, and keeps those that come with a target."""
    ApplicationAutoScalingResponse.register_scalable_target = _register_scalable_target
    ApplicationAutoScalingResponse.list_tags_for_resource = _list_tags_for_resource
    ApplicationAutoScalingResponse.tag_resource = _tag_resource
    ApplicationAutoScalingResponse.untag_resource = _untag_resource
