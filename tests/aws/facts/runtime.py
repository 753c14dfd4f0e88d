"""What runs, how it scales, what is logged of it, and who is told."""

from collections.abc import Mapping
from typing import Any

from tests.aws.facts.reader import Lines, Reader, pairs


def services(reader: Reader) -> Lines:
    """What runs on which capacity, with which secrets."""
    client = reader.client("ecs")
    for cluster in client.list_clusters()["clusterArns"]:
        arns = client.list_services(cluster=cluster)["serviceArns"]
        for service in client.describe_services(cluster=cluster, services=arns)["services"]:
            if service["status"] == "INACTIVE":  # ECS shows what was deleted for a while
                continue
            name = service["serviceName"]
            strategy = sorted(
                f"{s['capacityProvider']} base {s['base']} weight {s['weight']}"
                for s in service["capacityProviderStrategy"]
            )
            yield f"{name}: {', '.join(strategy)}"
            answer = client.describe_task_definition(taskDefinition=service["taskDefinition"])
            task = answer["taskDefinition"]
            platform = task["runtimePlatform"]["cpuArchitecture"]
            yield f"{name}: cpu {task['cpu']} memory {task['memory']} {platform}"
            for container in task["containerDefinitions"]:
                for secret in container.get("secrets", ()):
                    yield f"{name}: {secret['name']} from {secret['valueFrom']}"


def scaling(reader: Reader) -> Lines:
    """Bounds, the target, and every action with its time zone."""
    client = reader.client("application-autoscaling")
    for target in client.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]:
        yield f"{target['ResourceId']}: {target['MinCapacity']} to {target['MaxCapacity']} tasks"
    for policy in client.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]:
        config = policy["TargetTrackingScalingPolicyConfiguration"]
        metric = config["PredefinedMetricSpecification"]["PredefinedMetricType"]
        yield f"{policy['ResourceId']}: {metric} at {config['TargetValue']:g}"
    for action in client.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"]:
        bounds = action["ScalableTargetAction"]
        span = f"{bounds['MinCapacity']} to {bounds['MaxCapacity']} tasks"
        when = f"{action['Schedule']} {action['Timezone']}"
        yield f"{action['ResourceId']}: {action['ScheduledActionName']}, {when}, {span}"


def logs(reader: Reader) -> Lines:
    """For how long each log is kept."""
    for group in reader.client("logs").describe_log_groups()["logGroups"]:
        reader.names[group["arn"]] = f"log {group['logGroupName']}"
        yield f"{group['logGroupName']}: {group.get('retentionInDays', 'for ever')} days"


def alarms(reader: Reader) -> Lines:
    """Those that the spec asks for, not those by which a policy scales."""
    client = reader.client("cloudwatch")
    for alarm in client.describe_alarms()["MetricAlarms"]:
        if not alarm["AlarmName"].startswith("TargetTracking-"):
            limit = f"{alarm['ComparisonOperator']} {alarm['Threshold']:g}"
            to = " ".join(action.split(":")[-1] for action in alarm["AlarmActions"])
            yield f"{alarm['AlarmName']}: {_metric(alarm)} {limit} -> {to}"
    for topic in reader.client("sns").list_subscriptions()["Subscriptions"]:
        yield f"{topic['TopicArn'].split(':')[-1]} -> {topic['Protocol']} {topic['Endpoint']}"


def _metric(alarm: Mapping[str, Any]) -> str:
    """What an alarm looks at: one metric, or a formula over several."""
    if "MetricName" in alarm:
        where = pairs({d["Name"]: d["Value"] for d in alarm["Dimensions"]})
        return f"{alarm['MetricName']} of {where}"
    formulas = (m["Expression"] for m in alarm["Metrics"] if "Expression" in m)
    metrics = (m["MetricStat"]["Metric"] for m in alarm["Metrics"] if "MetricStat" in m)
    named = " ".join(sorted(metric["MetricName"] for metric in metrics))
    return f"{' '.join(formulas)} over {named}"
