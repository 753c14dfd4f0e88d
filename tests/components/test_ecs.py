"""A service: its tasks, their capacity, variables and hours, and what is billed."""

import pytest

from compiler.components import ecs
from compiler.graph.graph import Graph
from compiler.plan.plan import Block, Join, Json, Load, Ref
from tests.examples import by_address, graph_of, month, of_type, quantities
from trazo_spec.components.ecs import Ecs

EXAMPLE = {
    "image": "123456789012.dkr.ecr.us-east-2.amazonaws.com/web:1",
    "port": 8080,
    "capacity": {"on_demand": {}, "spot": {}},
    "iam": {
        "statements": [
            {
                "actions": ["s3:GetObject"],
                "resources": ["arn:aws:s3:::a"],
                "condition": {"StringEquals": {"aws:RequestedRegion": "us-east-2"}},
            }
        ]
    },
    "environment": {"LOG_LEVEL": "info"},
}

LINKED = """\
network: {kind: networking}
edge: {kind: alb, hostname: www.example.com, routes: [{path: /x, to: web}, {to: web}]}
web:
  kind: ecs
  image: 123456789012.dkr.ecr.us-east-2.amazonaws.com/web:1
  port: 8443
  environment: {MODE: production}
  secrets: {KEY: signing_key}
  uses: {database: connect, cache: connect, media: read_write}
database: {kind: rds, database_name: shop}
cache: {kind: redis}
media: {kind: s3}
"""


def service(fields: str = "") -> str:
    """Components with one service `web` of these fields."""
    return f"""\
network: {{kind: networking}}
web: {{kind: ecs, image: "nginx:1", {fields}}}
"""


def blocks(components: str) -> dict[str, Block]:
    """The blocks of the service `web` by address."""
    graph = graph_of(components)
    return by_address(ecs.blocks("web", web(graph), graph))


def web(graph: Graph) -> Ecs:
    """The service `web`."""
    found = graph.spec.components["web"]
    assert isinstance(found, Ecs)
    return found


def deployed(fields: str = "") -> Block:
    """The service itself."""
    return blocks(service(fields))["aws_ecs_service.web"]


def container(components: str) -> dict:
    """The container of the task definition."""
    document = blocks(components)["aws_ecs_task_definition.web"].body["container_definitions"]
    assert isinstance(document, Json)
    (only,) = document.document
    return only


# Capacity


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [
        ("", [("FARGATE", 0, 1)]),
        ("capacity: {}", [("FARGATE", 0, 1)]),
        ("capacity: {spot: {weight: 1}}", [("FARGATE_SPOT", 0, 1)]),
        (
            "capacity: {on_demand: {base: 1, weight: 0}, spot: {weight: 1}}",
            [("FARGATE", 1, 0), ("FARGATE_SPOT", 0, 1)],
        ),
        (
            "capacity: {on_demand: {weight: 1}, spot: {weight: 4}}",
            [("FARGATE", 0, 1), ("FARGATE_SPOT", 0, 4)],
        ),
    ],
)
def test_the_strategy_is_always_written_out(capacity, expected):
    """From none to some replaces the service; base and weight are as written."""
    body = deployed(capacity).body
    found = [
        (s["capacity_provider"], s["base"], s["weight"]) for s in body["capacity_provider_strategy"]
    ]

    assert found == expected
    assert "launch_type" not in body


def test_other_weights_never_replace_a_service():
    """Only with this flag does the provider change a strategy in place."""
    assert deployed().body["force_new_deployment"] is True


def test_a_service_leaves_before_the_capacity_providers():
    """AWS keeps what is in use: https://github.com/aws/aws-cdk/issues/15366."""
    assert "aws_ecs_cluster_capacity_providers.main" in deployed().depends_on


def test_one_cluster_offers_both_capacities():
    """So that Spot can be switched on by one line."""
    found = by_address(ecs.cluster(graph_of(service())))

    assert found["aws_ecs_cluster.main"].body["name"] == "prod-shop"
    assert found["aws_ecs_cluster_capacity_providers.main"].body["capacity_providers"] == (
        "FARGATE",
        "FARGATE_SPOT",
    )


def test_without_a_service_there_is_no_cluster():
    """A static site needs none."""
    assert list(ecs.cluster(graph_of("files: {kind: s3}"))) == []


# Placement


def test_tasks_are_private():
    """Only the load balancer has public addresses."""
    assert deployed().body["network_configuration"] == {
        "subnets": [
            Ref("aws_subnet.network_private_a", "id"),
            Ref("aws_subnet.network_private_b", "id"),
        ],
        "security_groups": (Ref("aws_security_group.web", "id"),),
        "assign_public_ip": False,
    }


def test_a_bad_deployment_is_taken_back():
    """Else it is tried for ever, with the old tasks beside it."""
    assert deployed().body["deployment_circuit_breaker"] == {"enable": True, "rollback": True}


def test_a_service_waits_for_all_that_a_task_needs_to_start():
    """ECS gives up after a few tries, and the first apply then ends without a service."""
    assert blocks(LINKED)["aws_ecs_service.web"].depends_on == (
        "aws_ecs_cluster_capacity_providers.main",
        "aws_iam_role_policy.web_execution",
        "aws_iam_role_policy.web_task",
        "aws_lb_listener.edge_https",
        "aws_lb_listener_rule.edge_x",
        "aws_route.network_private_a",
        "aws_route.network_private_b",
        "aws_secretsmanager_secret_version.database_credentials",
        "aws_vpc_endpoint.network_s3",
    )


def test_every_load_balancer_gets_the_tasks():
    """Two routes of one load balancer share a target group, another load balancer has its own."""
    more = LINKED + "inside: {kind: alb, hostname: in.example.com, routes: [{to: web}]}\n"
    found = blocks(more)["aws_ecs_service.web"].body

    assert [target["target_group_arn"].address for target in found["load_balancer"]] == [
        "aws_lb_target_group.edge_web",
        "aws_lb_target_group.inside_web",
    ]
    assert found["health_check_grace_period_seconds"] == 60


def test_a_worker_has_no_grace_period():
    """AWS refuses one without a load balancer."""
    assert "health_check_grace_period_seconds" not in deployed().body


# The task


def test_a_task_has_size_and_processor_as_written():
    """The provider takes text for the first two."""
    found = blocks(service("cpu: 1024, memory_mib: 2048, architecture: arm64"))
    body = found["aws_ecs_task_definition.web"].body

    assert (body["cpu"], body["memory"]) == ("1024", "2048")
    assert body["runtime_platform"] == {
        "operating_system_family": "LINUX",
        "cpu_architecture": "ARM64",
    }


def test_defaults_of_aws_are_written_out():
    """A plan that differs from what AWS reports never settles."""
    assert container(service()) == {
        "name": "web",
        "image": "nginx:1",
        "essential": True,
        "cpu": 0,
        "environment": (),
        "portMappings": (),
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": Ref("aws_cloudwatch_log_group.web", "name"),
                "awslogs-region": "us-east-2",
                "awslogs-stream-prefix": "web",
            },
        },
        "stopTimeout": 30,
        "mountPoints": (),
        "volumesFrom": (),
        "systemControls": (),
    }


def test_links_become_variables():
    """Nobody has to copy an address that Terraform knows."""
    assert container(LINKED)["environment"] == (
        {
            "name": "CACHE_HOST",
            "value": Ref("aws_elasticache_replication_group.cache", "primary_endpoint_address"),
        },
        {"name": "CACHE_PORT", "value": "6379"},
        {"name": "DATABASE_HOST", "value": Ref("aws_db_instance.database", "address")},
        {"name": "DATABASE_NAME", "value": "shop"},
        {"name": "DATABASE_PORT", "value": "5432"},
        {"name": "MEDIA_BUCKET", "value": Ref("aws_s3_bucket.media", "bucket")},
        {"name": "MODE", "value": "production"},
    )


def test_credentials_are_named_and_never_written():
    """ECS reads them when a task starts: the ARN, with the key of the JSON where there is one."""
    credentials = Ref("aws_secretsmanager_secret.database_credentials", "arn")

    assert container(LINKED)["secrets"] == (
        {"name": "DATABASE_PASSWORD", "valueFrom": Join((credentials, ":password::"))},
        {"name": "DATABASE_USERNAME", "valueFrom": Join((credentials, ":username::"))},
        {"name": "KEY", "valueFrom": Ref("aws_secretsmanager_secret.signing_key", "arn")},
    )


def test_a_password_that_rds_manages_is_read_from_its_secret():
    """There is then no secret of ours."""
    managed = LINKED.replace("{kind: rds,", "{kind: rds, password: rds_managed,")
    secrets = {s["name"]: s["valueFrom"] for s in container(managed)["secrets"]}
    arn = Ref("aws_db_instance.database", "master_user_secret[0].secret_arn", late=True)

    assert secrets["DATABASE_PASSWORD"] == Join((arn, ":password::"))


def test_a_variable_of_the_spec_wins():
    """ECS refuses a name twice, and who writes one means it."""
    own = LINKED.replace("{KEY: signing_key}", "{DATABASE_HOST: host, DATABASE_PASSWORD: pass}")
    found = container(own)
    variables = {v["name"] for v in found["environment"]}
    secrets = {s["name"]: s["valueFrom"] for s in found["secrets"]}

    assert "DATABASE_HOST" not in variables
    assert secrets["DATABASE_HOST"] == Ref("aws_secretsmanager_secret.host", "arn")
    assert secrets["DATABASE_PASSWORD"] == Ref("aws_secretsmanager_secret.pass", "arn")


def test_a_cache_that_is_off_leaves_no_variable():
    """The application sees that there is none."""
    off = LINKED.replace("cache: {kind: redis}", "cache: {kind: redis, enabled: false}")

    assert not [v for v in container(off)["environment"] if v["name"].startswith("CACHE")]


def test_a_shell_is_opened_only_where_it_is_asked_for():
    """It is a door."""
    assert deployed().body["enable_execute_command"] is False
    assert deployed("execute_command: true").body["enable_execute_command"] is True


def test_the_log_is_kept_as_long_as_written():
    """Without a retention CloudWatch keeps and bills it for ever."""
    log = blocks(service("log_retention_days: 7"))["aws_cloudwatch_log_group.web"].body

    assert log == {"name": "/ecs/prod-web", "retention_in_days": 7}


# Hours

ACTIONS = """\
scaling: {min: 1, max: 2, schedule: {timezone: Europe/Berlin, actions: [
  {name: stop, cron: "0 20 ? * MON-FRI *", min: 0, max: 0},
  {name: start, cron: "0 8 ? * MON-FRI *"}]}}"""


def test_a_fixed_number_of_tasks_is_terraforms():
    """Nothing else changes it, so a changed number must be put right."""
    found = blocks(service("scaling: {min: 3, max: 3}"))

    assert not [a for a in found if a.startswith("aws_appautoscaling")]
    assert found["aws_ecs_service.web"].body["desired_count"] == 3
    assert found["aws_ecs_service.web"].lifecycle == {}


def test_terraform_does_not_fight_the_autoscaler():
    """An apply at noon would take away what target tracking has added."""
    found = blocks(service("scaling: {min: 1, max: 4, target_cpu_percent: 60}"))
    tracking = found["aws_appautoscaling_policy.web_cpu"].body[
        "target_tracking_scaling_policy_configuration"
    ]

    assert found["aws_ecs_service.web"].lifecycle == {"ignore_changes": ("desired_count",)}
    assert found["aws_appautoscaling_target.web"].lifecycle == {}
    assert tracking["target_value"] == 60


def test_terraform_does_not_wake_what_the_schedule_has_stopped():
    """An apply at night would set the bounds of the day."""
    target = blocks(service(ACTIONS))["aws_appautoscaling_target.web"]

    assert (target.body["min_capacity"], target.body["max_capacity"]) == (1, 2)
    assert target.lifecycle == {"ignore_changes": ("min_capacity", "max_capacity")}


def test_bounds_of_an_action_are_text():
    """As a number, 0 would mean that nothing is given."""
    found = of_type(blocks(service(ACTIONS)).values(), "aws_appautoscaling_scheduled_action")
    bounds = {name: block.body["scalable_target_action"] for name, block in found.items()}

    assert bounds == {
        "web_stop": {"min_capacity": "0", "max_capacity": "0"},
        "web_start": {"min_capacity": "1", "max_capacity": "2"},
    }


def test_an_action_runs_on_the_clock_of_its_schedule():
    """Name, expression and time zone are what AWS shows."""
    action = blocks(service(ACTIONS))["aws_appautoscaling_scheduled_action.web_stop"].body

    assert action["name"] == "prod-web-stop"
    assert action["schedule"] == "cron(0 20 ? * MON-FRI *)"
    assert action["timezone"] == "Europe/Berlin"


def test_changes_of_one_target_come_one_after_the_other():
    """Two at a time fail: https://github.com/hashicorp/terraform-provider-aws/issues/17915."""
    found = blocks(service(ACTIONS))

    assert found["aws_appautoscaling_scheduled_action.web_stop"].depends_on == (
        "aws_appautoscaling_policy.web_cpu",
    )
    assert found["aws_appautoscaling_scheduled_action.web_start"].depends_on == (
        "aws_appautoscaling_scheduled_action.web_stop",
    )


def test_a_schedule_alone_needs_no_policy():
    """With one task at most there is nothing to track, and two alarms less to pay."""
    fields = 'scaling: {schedule: {windows: [{days: MON-FRI, from: "08:00", to: "20:00"}]}}'
    found = blocks(service(fields))
    types = {block.type for block in found.values()}

    assert "aws_appautoscaling_scheduled_action" in types
    assert "aws_appautoscaling_policy" not in types


def test_a_range_in_the_schedule_alone_is_tracked():
    """Outside of the schedule the number is fixed, inside it is not."""
    fields = (
        "scaling: {max: 1, schedule: {windows: "
        '[{days: MON-FRI, from: "08:00", to: "20:00", min: 1, max: 1}]}}'
    )
    one = blocks(service(fields))
    three = blocks(service(fields.replace("{max: 1", "{max: 3").replace("max: 1}]", "max: 3}]")))

    assert "aws_appautoscaling_policy.web_cpu" not in one
    assert "aws_appautoscaling_policy.web_cpu" in three


# The bill


def bill(load: Load, components: str) -> dict[str, float]:
    """What is billed for `web`."""
    graph = graph_of(components)
    return quantities(ecs.meters("web", web(graph), graph), load)


TASKS = month({"log_gb": 10.0, "image_gb": 2.0}, on_demand_task_h=100.0, spot_task_h=300.0)


def test_what_tasks_cost():
    """By hand: half a vCPU and 1 GB, 100 hours on demand and 300 on Spot."""
    found = bill(TASKS, service("cpu: 512, memory_mib: 1024"))

    assert {item: n for item, n in found.items() if item.startswith("fargate")} == {
        "fargate_linux_x86_vcpu_hour": 50.0,
        "fargate_linux_x86_gb_hour": 100.0,
        "fargate_spot_linux_x86_vcpu_hour": 150.0,
        "fargate_spot_linux_x86_gb_hour": 300.0,
    }


def test_arm_has_its_own_price():
    """A fifth less, so it must not be mixed up."""
    found = bill(TASKS, service("architecture: arm64"))

    assert found["fargate_linux_arm_vcpu_hour"] == 25.0
    assert not [item for item in found if "x86" in item]


def test_only_storage_above_20_gb_is_billed():
    """30 GB are 10 GB for 400 hours of tasks."""
    found = bill(TASKS, service("ephemeral_storage_gib: 30"))

    assert found["fargate_ephemeral_storage_over_20gb_gb_hour"] == 4000.0


def test_a_log_is_billed_when_written_and_while_kept():
    """60 days are 1.97 months of 10 GB each, at a fifth of their size."""
    found = bill(TASKS, service("log_retention_days: 60"))

    assert found["cloudwatch_logs_standard_ingestion_gb"] == 10.0
    assert found["cloudwatch_logs_storage_gb_month"] == pytest.approx(10 * 0.2 * 60 / (365 / 12))


def test_target_tracking_brings_two_alarms():
    """They are billed like any other, and easily forgotten."""
    scaled = bill(TASKS, service("scaling: {min: 1, max: 2}"))

    assert scaled["cloudwatch_alarm_standard_metric_month"] == 2.0
    assert "cloudwatch_alarm_standard_metric_month" not in bill(TASKS, service())


def test_an_image_is_paid_once():
    """Two services of one repository share it; a public image is somebody else's."""
    shared = (
        LINKED + 'again: {kind: ecs, image: "123456789012.dkr.ecr.us-east-2.amazonaws.com/web:2"}\n'
    )

    assert bill(TASKS, LINKED)["ecr_image_storage_gb_month"] == 2.0
    assert "ecr_image_storage_gb_month" not in bill(TASKS, shared)
    assert "ecr_image_storage_gb_month" not in bill(TASKS, service())


def test_a_service_that_never_runs_costs_no_hour():
    """What scale-to-zero is for."""
    found = bill(month({"log_gb": 0.0, "image_gb": 0.0}), LINKED)

    assert set(found.values()) == {0.0}
