"""Secrets without values, and alarms that stay quiet while a service sleeps."""

from typing import Any

import pytest

from compiler.components import security
from compiler.graph.graph import Graph
from compiler.plan.plan import Block, Ref
from tests.examples import by_address, graph_of, month, of_type, quantities
from trazo_spec.components.security import Security

EXAMPLE = {
    "secrets": {"token": {"generate": True}},
    "alarms": {"email": "ops@example.com"},
}

SYSTEM = """\
edge: {kind: alb, hostname: api.example.com, routes: [{to: web}]}
web: {kind: ecs, image: x, port: 80, scaling: {min: 1, max: 2, %s}}
db: {kind: rds}
ops: {kind: security, alarms: {email: ops@example.com, %s}}
"""
NIGHT = "schedule: {windows: [{days: MON-FRI, from: '08:00', to: '20:00'}]}"


def ops_of(graph: Graph) -> Security:
    """The component `ops`."""
    found = graph.spec.components["ops"]
    assert isinstance(found, Security)
    return found


def blocks(components: str) -> dict[str, Block]:
    """The blocks of `ops` by address."""
    graph = graph_of(components)
    return by_address(security.blocks("ops", ops_of(graph), graph))


def alarms(scaling: str = "", settings: str = "") -> dict[str, Any]:
    """The alarms of the system by label."""
    found = blocks(SYSTEM % (scaling, settings)).values()
    return of_type(found, "aws_cloudwatch_metric_alarm")


def secrets(settings: str) -> dict[str, Block]:
    """The blocks of the secret `key`."""
    return blocks(f"ops: {{kind: security, secrets: {{key: {{{settings}}}}}}}")


# Secrets


def test_a_secret_is_named_after_its_environment():
    """Two environments of one account must not share a key."""
    assert secrets("")["aws_secretsmanager_secret.key"].body["name"] == "prod/key"


def test_a_secret_has_no_value_in_terraform():
    """Somebody sets it with the AWS CLI; a spec and a state file are read by many."""
    assert list(secrets("")) == ["aws_secretsmanager_secret.key"]


def test_a_generated_value_goes_only_into_a_write_only_argument():
    """Terraform passes it on and forgets it."""
    version = secrets("generate: true")["aws_secretsmanager_secret_version.key"]

    assert version.body["secret_string_wo"] == Ref(
        "ephemeral.aws_secretsmanager_random_password.key", "random_password"
    )
    assert "secret_string" not in version.body


def test_a_deleted_secret_can_be_restored_for_as_long_as_the_spec_says():
    """Nobody else knows the value."""
    found = secrets("recovery_window_days: 7")["aws_secretsmanager_secret.key"]

    assert found.body["recovery_window_in_days"] == 7


# Alarms


def test_alarms_send_an_e_mail_when_they_begin_and_when_they_end():
    """An alarm that only begins keeps people awake."""
    topic = Ref("aws_sns_topic.ops_alarms", "arn")

    actions = {
        (tuple(a.body["alarm_actions"]), tuple(a.body["ok_actions"])) for a in alarms().values()
    }
    assert actions == {((topic,), (topic,))}


def test_the_topic_has_no_key_that_cloudwatch_may_not_use():
    """With AWS's own key for SNS no alarm would ever arrive, and nobody would notice."""
    topic = blocks(SYSTEM % ("", ""))["aws_sns_topic.ops_alarms"]

    assert "kms_master_key_id" not in topic.body


def test_there_is_an_alarm_for_what_breaks():
    """Errors, sick tasks, no CPU left, no disk left."""
    expected = {"ops_db_storage", "ops_edge_5xx", "ops_edge_web_unhealthy", "ops_web_cpu"}
    assert expected == set(alarms())


@pytest.mark.parametrize(
    ("switch", "gone"),
    [
        ("load_balancer_5xx_per_5min", "ops_edge_5xx"),
        ("unhealthy_targets", "ops_edge_web_unhealthy"),
        ("cpu_percent", "ops_web_cpu"),
        ("database_free_storage_gb", "ops_db_storage"),
    ],
)
def test_each_alarm_can_be_switched_off(switch, gone):
    """An alarm that nobody wants is one that nobody reads."""
    assert set(alarms()) - set(alarms(settings=f"{switch}: null")) == {gone}


def test_no_alarm_rings_for_want_of_data():
    """Nothing is measured while nothing runs."""
    assert {a.body["treat_missing_data"] for a in alarms().values()} == {"notBreaching"}


def test_errors_of_tasks_and_of_the_load_balancer_count():
    """A task that dies lets the load balancer answer 502."""
    queries = alarms()["ops_edge_5xx"].body["metric_query"]

    assert queries[0]["expression"] == "FILL(tasks, 0) + FILL(balancer, 0)"
    assert [q["metric"][0]["metric_name"] for q in queries[1:]] == [
        "HTTPCode_Target_5XX_Count",
        "HTTPCode_ELB_5XX_Count",
    ]


@pytest.mark.parametrize("scaling", [NIGHT, "min: 0"])
def test_answers_for_a_sleeping_service_are_no_errors(scaling):
    """At night the load balancer says 503 to every robot that comes by."""
    components = SYSTEM.replace("min: 1, ", "") if scaling == "min: 0" else SYSTEM
    found = of_type(blocks(components % (scaling, "")).values(), "aws_cloudwatch_metric_alarm")
    queries: Any = found["ops_edge_5xx"].body["metric_query"]

    assert queries[0]["expression"] == "FILL(tasks, 0) + FILL(balancer, 0) - FILL(asleep, 0)"
    assert queries[3]["metric"][0]["metric_name"] == "HTTPCode_ELB_503_Count"


def test_every_service_behind_a_load_balancer_is_watched():
    """Targets are counted group by group."""
    components = (SYSTEM % ("", "")).replace("[{to: web}]", "[{path: /a, to: api}, {to: web}]")
    found = blocks(f"{components}api: {{kind: ecs, image: x, port: 80}}\n")

    groups = {
        b.body["dimensions"]["TargetGroup"].address
        for b in found.values()
        if b.name.endswith("_unhealthy")
    }
    assert groups == {"aws_lb_target_group.edge_api", "aws_lb_target_group.edge_web"}


def test_disks_are_watched_in_bytes():
    """CloudWatch counts bytes, RDS sells units of 2^30 of them."""
    body = alarms(settings="database_free_storage_gb: 5")["ops_db_storage"].body

    expected = ("LessThanThreshold", 5 * 2**30)
    assert expected == (body["comparison_operator"], body["threshold"])


# The bill


def bill(components: str) -> dict[str, float]:
    """What `ops` costs in a month with 10,000 reads of secrets."""
    graph = graph_of(components)
    return quantities(security.meters("ops", ops_of(graph), graph), month({"api_calls": 10_000.0}))


def test_secrets_are_billed_one_by_one():
    """40 cents each and month."""
    found = bill("ops: {kind: security, secrets: {one: {}, two: {}}}")

    assert found == {"secretsmanager_secret_month": 2, "secretsmanager_api_calls_per_10k": 1}


def test_alarms_are_billed_by_the_metrics_they_look_at():
    """An alarm on a sum of two metrics costs as much as two alarms: 2 + 1 + 1 + 1."""
    found = bill(SYSTEM % ("", ""))

    assert found == {"cloudwatch_alarm_standard_metric_month": 5}


def test_nothing_is_billed_for_nothing():
    """A component that declares nothing has no line."""
    assert bill("ops: {kind: security}\nmedia: {kind: s3}") == {}
