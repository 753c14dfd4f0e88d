"""A database: private, encrypted, backed up, and a password that no state file holds."""

import pytest

from compiler.components import rds
from compiler.plan.plan import Block, Json, Ref
from tests.examples import by_address, graph_of, month, quantities
from trazo_spec.components.rds import Rds

USAGE = {"backup_gb": 50.0, "log_gb": 0.2, "api_calls": 20_000.0}


def blocks(settings: str = "") -> dict[str, Block]:
    """The blocks of the database `main_db` by address."""
    graph = graph_of(f"main_db: {{kind: rds, {settings}}}")
    component = graph.spec.components["main_db"]
    assert isinstance(component, Rds)
    return by_address(rds.blocks("main_db", component, graph))


def instance(settings: str = "") -> Block:
    """The instance itself."""
    return blocks(settings)["aws_db_instance.main_db"]


def bill(settings: str = "") -> dict[str, float]:
    """What is billed for a month of 720 hours, by item."""
    graph = graph_of(f"main_db: {{kind: rds, {settings}}}")
    component = graph.spec.components["main_db"]
    assert isinstance(component, Rds)
    return quantities(rds.meters("main_db", component, graph), month(USAGE))


# The instance


def test_the_instance_is_called_after_environment_and_component():
    """People look for that name in the console."""
    assert instance().body["identifier"] == "prod-main-db"


def test_a_database_is_private_and_encrypted():
    """Neither is a choice: nobody publishes a database on purpose."""
    body = instance().body

    assert (body["publicly_accessible"], body["storage_encrypted"]) == (False, True)


def test_a_database_stands_in_the_private_subnets_of_its_network():
    """A subnet group with a public subnet would let AWS place it there."""
    group = blocks()["aws_db_subnet_group.main_db"]

    expected = [Ref(f"aws_subnet.network_private_{zone}", "id") for zone in "ab"]
    assert expected == group.body["subnet_ids"]


def test_only_its_own_security_group_lets_connections_in():
    """Rules come from links, and they are made on that group."""
    groups = instance().body["vpc_security_group_ids"]

    assert groups == [Ref("aws_security_group.main_db", "id")]


def test_aws_upgrades_the_minor_version_when_only_the_major_one_is_given():
    """Security fixes come with minor versions."""
    assert instance('engine_version: "16"').body["auto_minor_version_upgrade"] is True


def test_aws_leaves_a_minor_version_alone_that_the_spec_names():
    """Else each apply would try to go back, which AWS refuses."""
    assert instance('engine_version: "16.4"').body["auto_minor_version_upgrade"] is False


def test_a_major_version_has_parameters_of_its_own_beside_the_old_ones():
    """While the database is upgraded, both groups must be there."""
    group = blocks('engine_version: "17"')["aws_db_parameter_group.main_db"]

    expected = ("prod-main-db-postgres17", "postgres17", True)
    found = (group.body["name"], group.body["family"], group.lifecycle["create_before_destroy"])
    assert expected == found


def test_versions_that_take_connections_without_tls_are_told_not_to():
    """Before version 15 the default lets a client send its password in the clear."""
    group = blocks('engine_version: "14"')["aws_db_parameter_group.main_db"]

    assert group.body["parameter"] == [{"name": "rds.force_ssl", "value": "1"}]


def test_newer_versions_keep_their_defaults():
    """From 15 on TLS is the default; a parameter that repeats it would only be noise."""
    assert "parameter" not in blocks()["aws_db_parameter_group.main_db"].body


def test_iops_and_throughput_are_left_out_when_the_spec_names_none():
    """Below 400 GiB AWS refuses them on gp3."""
    assert {"iops", "storage_throughput", "max_allocated_storage"} & instance().body.keys() == set()


def test_a_large_disk_says_the_speed_that_is_included():
    """The provider would keep 3,000 IOPS when a smaller disk grows, which AWS refuses."""
    body = instance("storage_gb: 400").body

    assert (body["iops"], body["storage_throughput"]) == (12_000, 500)


def test_a_large_disk_keeps_the_speed_that_the_spec_names():
    """What is included is only the least."""
    body = instance("storage_gb: 400, iops: 14000").body

    assert (body["iops"], body["storage_throughput"]) == (14_000, 500)


def test_a_change_is_made_by_the_apply_that_shows_it():
    """Else AWS waits for its window, and the second plan has the change again."""
    body = instance("apply: at_once").body

    assert body["apply_immediately"] is True


@pytest.mark.parametrize("allowed", [False, True])
def test_a_major_upgrade_is_allowed_by_the_spec_alone(allowed):
    """AWS refuses it otherwise, whoever applies."""
    body = instance(f"allow_major_upgrade: {str(allowed).lower()}").body

    assert body["allow_major_version_upgrade"] is allowed
    assert instance("").body["allow_major_version_upgrade"] is False


def test_production_waits_for_its_window():
    """An apply at noon must not take the database down."""
    windows = 'backup_window: "01:00-02:00", maintenance_window: "sun:03:00-sun:04:00"'
    body = instance(windows).body
    written = (body["backup_window"], body["maintenance_window"])

    assert body["apply_immediately"] is False
    assert written == ("01:00-02:00", "sun:03:00-sun:04:00")


def test_the_logs_exist_before_the_instance_and_end():
    """A group that RDS makes itself keeps everything for ever, and is not Terraform's to change."""
    found = blocks()
    groups = [b for b in found.values() if b.type == "aws_cloudwatch_log_group"]

    assert {g.address for g in groups} == set(found["aws_db_instance.main_db"].depends_on)
    assert [g.body["retention_in_days"] for g in groups] == [30, 30]


# What keeps the data


def test_a_protected_database_cannot_be_planned_away():
    """AWS would refuse the deletion halfway through an apply; the plan refuses it before."""
    assert instance().lifecycle == {"prevent_destroy": True}


def test_a_database_without_protection_can_be_destroyed():
    """Else nobody could take an environment down."""
    assert instance("deletion_protection: false").lifecycle == {}


@pytest.mark.parametrize("final", ["true", "false"])
def test_there_is_always_a_name_for_the_last_snapshot(final):
    """Without one a destroy fails at its very end, and only then."""
    assert "final_snapshot_identifier" in instance(f"final_snapshot: {final}").body


def test_no_snapshot_is_taken_when_none_is_wanted():
    """An environment to throw away leaves nothing behind that costs."""
    assert instance("final_snapshot: false").body["skip_final_snapshot"] is True


# The password


def test_the_password_goes_only_into_write_only_arguments():
    """Anything else ends up in the state file, readable by whoever may plan."""
    body = instance().body

    assert body["password_wo"] == Ref(
        "ephemeral.aws_secretsmanager_random_password.main_db", "random_password"
    )
    assert {"password", "manage_master_user_password"} & body.keys() == set()


def test_the_secret_holds_all_that_a_client_needs():
    """One secret instead of five variables, in the form that AWS's own rotation knows."""
    version = blocks()["aws_secretsmanager_secret_version.main_db_credentials"]
    document = version.body["secret_string_wo"]

    assert isinstance(document, Json)
    assert {"username", "password", "host", "port", "dbname"} == set(document.document)


def test_a_replaced_database_gets_its_new_password_into_the_secret():
    """A write-only value alone shows no change, so tasks would keep the old password."""
    version = blocks()["aws_secretsmanager_secret_version.main_db_credentials"]

    assert version.lifecycle == {"replace_triggered_by": ["aws_db_instance.main_db.id"]}


def test_a_raised_password_version_changes_database_and_secret_together():
    """One without the other locks everybody out."""
    found = blocks("password_version: 3")
    database = found["aws_db_instance.main_db"].body["password_wo_version"]
    secret = found["aws_secretsmanager_secret_version.main_db_credentials"].body

    assert (database, secret["secret_string_wo_version"]) == (3, 3)


def test_a_password_that_rds_manages_needs_no_secret_of_ours():
    """RDS keeps its own secret; a second one would hold another password."""
    found = blocks("password: rds_managed")

    assert found["aws_db_instance.main_db"].body["manage_master_user_password"] is True
    assert [b for b in found.values() if "secret" in b.type] == []


def test_the_name_of_an_unprotected_databases_secret_is_free_at_once():
    """Environments to throw away are made again under the same name."""
    secret = blocks("deletion_protection: false")["aws_secretsmanager_secret.main_db_credentials"]

    assert secret.body["recovery_window_in_days"] == 0


# The bill


def test_the_instance_is_billed_every_hour_by_its_class():
    """No schedule stops a database."""
    assert bill()["rds_postgresql_single_az_hour:db.t4g.micro"] == 720


def test_a_standby_is_billed_by_other_items():
    """AWS rounds the price of two zones on its own, so twice one zone is not right."""
    found = bill("multi_az: true")

    assert found["rds_postgresql_multi_az_hour:db.t4g.micro"] == 720
    assert found["rds_postgresql_storage_gp3_multi_az_gb_month"] == 20


def test_backups_up_to_the_size_of_the_disk_are_free():
    """AWS gives as much backup storage as the database has disk: 50 - 20."""
    assert bill()["rds_postgresql_backup_storage_over_allowance_gb_month"] == 30


def test_gp3_is_billed_for_what_is_beyond_its_baseline():
    """From 400 GiB on 12,000 IOPS and 500 MiB/s are included."""
    found = bill("storage_gb: 400, iops: 14000, throughput_mib_per_s: 600")

    assert found["rds_postgresql_storage_gp3_extra_iops_single_az_month"] == 2_000
    assert found["rds_postgresql_storage_gp3_extra_throughput_single_az_month"] == 100


def test_gp3_within_its_baseline_has_no_further_lines():
    """A line of 0 would only raise questions."""
    found = bill("storage_gb: 400, iops: 12000")

    assert [item for item in found if "extra" in item] == []


def test_io1_is_billed_for_every_iops():
    """Nothing is included there."""
    found = bill("storage_type: io1, storage_gb: 100, iops: 1000")

    assert found["rds_postgresql_storage_io1_iops_single_az_month"] == 1_000


def test_the_credentials_are_billed_as_a_secret():
    """40 cents a month that many estimates forget."""
    found = bill()

    assert found["secretsmanager_secret_month"] == 1
    assert found["secretsmanager_api_calls_per_10k"] == 2
