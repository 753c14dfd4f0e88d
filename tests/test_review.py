"""`trazo review`: what AWS does with a plan of Terraform, whoever wrote it."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from compiler.changes.plan_json import MOST_BYTES, PlanError
from compiler.changes.planned import PlannedChange, Step, read_plan
from compiler.changes.review import Allowed, findings
from tests.terraform_plans import change, plan, update
from trazo.commands.review import ReviewFormat
from trazo.program import app

DATABASE = {
    "engine": "postgres",
    "engine_version": "16",
    "allocated_storage": 100,
    "allow_major_version_upgrade": True,
    "apply_immediately": True,
    "backup_retention_period": 7,
    "instance_class": "db.m6g.large",
    "multi_az": True,
    "password": "hunter2-of-the-database",
}
GROWN = update("aws_db_instance.database", DATABASE, allocated_storage=200)
SHRUNK = update("aws_db_instance.database", DATABASE, allocated_storage=20)
LARGER = update("aws_db_instance.database", DATABASE, instance_class="db.m6g.xlarge")
LATER = update(
    "aws_db_instance.database",
    {**DATABASE, "apply_immediately": False},
    instance_class="db.m6g.xlarge",
)
UPGRADED = update("aws_db_instance.database", DATABASE, engine_version="17")
NO_BACKUPS = update("aws_db_instance.database", DATABASE, backup_retention_period=0)
EMPTIED = change("aws_s3_bucket.media", "delete", before={"bucket": "acme-media"})
TABLE = change(
    'module.shop["eu.west"].aws_dynamodb_table.orders[0]',
    "delete",
    "create",
    before={"name": "orders"},
    after={"name": "orders-two"},
    replace_paths=(("name",),),
)
QUEUE = update("aws_mq_broker.events", {"engine_version": "1"}, engine_version="2")
PRODUCTION = {"tags_all": {"Environment": "prod"}}
TAGGED = change("aws_vpc.network", "no-op", before=PRODUCTION, after=PRODUCTION)


def the_change(*changes: dict[str, object], **further: object) -> PlannedChange:
    """The only change of a plan."""
    (found,) = read_plan(plan(*changes, **further)).changes
    return found


def codes(content: bytes, allowed: Allowed | None = None, *, production: bool = False) -> list[str]:
    """What is found in a plan."""
    found = findings(read_plan(content), allowed or Allowed(), in_production=production)
    return [d.code for d in found]


def run(*words: str, stdin: bytes | None = None):
    """Runs `trazo review` on a wide terminal."""
    return CliRunner().invoke(app, ["review", *words], input=stdin, env={"COLUMNS": "200"})


# What happens


@pytest.mark.parametrize(
    ("planned", "step", "verdicts"),
    [
        (GROWN, "change", ["may_be_refused"]),
        (SHRUNK, "change", ["refused"]),
        (LARGER, "change", ["interrupts"]),
        (LATER, "change", ["pending"]),
        (UPGRADED, "change", ["interrupts"]),
        (NO_BACKUPS, "change", ["loses_data", "interrupts"]),
        (EMPTIED, "destroy", []),
        (TABLE, "replace", ["replaces", "unknown"]),
        (QUEUE, "change", ["unknown"]),
        (change("aws_lb.alb", "create", after={"name": "alb"}), "create", []),
        (change("aws_lb.alb", "forget", before={"name": "alb"}), "forget", []),
        (change("aws_lb.b", "no-op", previous_address="aws_lb.a"), "move", []),
    ],
    ids=lambda value: value["address"] if isinstance(value, dict) else "",
)
def test_a_change_has_the_verdicts_of_the_table(planned, step, verdicts):
    """The same table that `trazo diff` reads, on real values instead of a spec's."""
    found = the_change(planned)

    assert (found.step, [e.verdict for e in found.effects]) == (step, verdicts)


def test_what_stays_and_what_is_only_read_is_not_listed():
    """A plan has an entry for each resource that there is."""
    read = change("aws_ami.newest", "read", mode="data")
    looked_up = change("aws_vpc.other", "create", mode="data")

    assert read_plan(plan(TAGGED, read, looked_up)).changes == ()


def test_an_import_is_told_from_a_move():
    """Both change only what Terraform knows."""
    taken = change("aws_s3_bucket.media", "no-op", before={}, after={})
    taken["change"]["importing"] = {"id": "acme-media"}
    changed = update("aws_s3_bucket.logs", {"force_destroy": True}, force_destroy=False)
    changed["change"]["importing"] = {"id": "acme-logs"}
    found = read_plan(plan(taken, changed)).changes

    assert [(c.step, c.note) for c in found] == [(Step.CHANGE, "imported"), (Step.IMPORT, "")]


def test_a_replacement_that_no_argument_asks_for_says_who_does():
    """`-replace` and tainted resources have no path of an argument."""
    address = "aws_db_instance.database"
    before = {"identifier": "a", "engine": "postgres"}
    tainted = change(
        address,
        *("delete", "create"),
        before=before,
        after=before,
        action_reason="replace_because_tainted",
    )
    found = the_change(tainted)

    assert (found.note, [e.verdict for e in found.effects]) == ("tainted", ["replaces"])
    assert found.effects[0].reason.startswith("A new, empty database")
    assert codes(plan(tainted)) == ["TZ721"]


def test_what_the_provider_fills_in_after_a_replacement_is_not_a_change():
    """Each computed argument is not known until the resource is made again."""
    before = {"name": "web", "name_prefix": "", "description": "a", "vpc_id": "vpc-1"}
    after = {"name": "web", "description": "a"}
    unknown = {"arn": True, "id": True, "name_prefix": True, "vpc_id": True}
    replaced = change(
        "aws_security_group.web",
        *("create", "delete"),
        before=before,
        after=after,
        unknown=unknown,
        replace_paths=(("vpc_id",),),
    )
    given_ = {"type": "aws_security_group", "name": "web", "expressions": {"vpc_id": {}}}
    found = the_change(replaced, configuration={"root_module": {"resources": [given_]}})

    assert [(e.verdict, e.arguments) for e in found.effects] == [("replaces", ("vpc_id",))]


def test_the_configuration_of_a_module_is_found_behind_its_keys():
    """A key of `for_each` may hold dots, quotes and brackets."""
    address = r'module.shop["a.b[\"c\"]"].module.net[0].aws_subnet.private["x"]'
    unknown = {"availability_zone": True, "vpc_id": True}
    before = {"availability_zone": "us-east-2a", "vpc_id": "vpc-1"}
    replaced = change(
        address,
        *("delete", "create"),
        before=before,
        after={},
        unknown=unknown,
        replace_paths=(("vpc_id",),),
    )
    resource = {"type": "aws_subnet", "name": "private", "expressions": {"vpc_id": {}}}
    inner = {"module_calls": {"net": {"module": {"resources": [resource]}}}}
    root = {"root_module": {"module_calls": {"shop": {"module": inner}}}}
    found = the_change(replaced, configuration=root)

    assert [e.arguments for e in found.effects] == [("vpc_id",)]


def test_the_tags_of_all_are_no_effect():
    """They change in place, and `diff` has no row for them either."""
    retagged = update("aws_lb.alb", {"tags_all": {"Team": "a"}}, tags_all={"Team": "b"})
    found = the_change(retagged)

    assert (found.because, found.effects) == (("tags_all",), ())


def test_what_another_provider_changes_in_place_is_not_called_a_replacement():
    """The plan knows better than the table."""
    renamed = update("aws_lb_target_group.web", {"name": "a"}, name="b")

    assert [e.verdict for e in the_change(renamed).effects] == ["unknown"]


def test_drift_and_what_is_deferred_are_noted():
    """Neither is in the list of changes, and both matter to a reviewer."""
    later = {"reason": "provider_config_unknown", "resource_change": GROWN}
    found = read_plan(plan(resource_drift=[LARGER], deferred_changes=[later]))

    assert found.drifted == ("aws_db_instance.database",)
    assert found.deferred == ("aws_db_instance.database",)
    assert found.changes == ()


# What is wrong


@pytest.mark.parametrize(
    ("planned", "elsewhere", "in_production"),
    [
        (GROWN, [], []),
        (SHRUNK, ["TZ720"], ["TZ720"]),
        (LARGER, [], ["TZ722"]),
        (LATER, [], []),
        (UPGRADED, ["TZ722"], ["TZ722"]),
        (NO_BACKUPS, ["TZ721"], ["TZ721"]),
        (EMPTIED, ["TZ721"], ["TZ721"]),
        (TABLE, ["TZ723", "TZ721"], ["TZ723", "TZ721"]),
        (QUEUE, ["TZ723"], ["TZ723"]),
        (TAGGED, [], []),
    ],
    ids=lambda value: value["address"] if isinstance(value, dict) else "",
)
def test_what_is_wrong_depends_on_production(planned, elsewhere, in_production):
    """A staging database may be down for minutes; nowhere may one be lost."""
    found = (codes(plan(planned)), codes(plan(planned), production=True))

    assert found == (elsewhere, in_production)


@pytest.mark.parametrize(
    ("planned", "allowed"),
    [
        (EMPTIED, Allowed(losses=("aws_s3_bucket.media",))),
        (LARGER, Allowed(interruptions=("aws_db_instance.database",))),
        (UPGRADED, Allowed(interruptions=("aws_db_instance.database",))),
        (NO_BACKUPS, Allowed(losses=("aws_db_instance.database",))),
    ],
    ids=lambda value: value["address"] if isinstance(value, dict) else "",
)
def test_a_written_word_lets_it_pass(planned, allowed):
    """The same words that `compile` takes."""
    other = Allowed(("aws_lb.other",), ("aws_lb.other",))

    assert codes(plan(planned), allowed, production=True) == []
    assert codes(plan(planned), other, production=True) != []


def test_nothing_lets_a_refused_change_pass():
    """AWS will not do it, whatever is written."""
    words = ("aws_db_instance.database",)

    assert codes(plan(SHRUNK), Allowed(words, words)) == ["TZ720"]


def test_a_plan_that_terraform_did_not_finish_is_not_called_fine():
    """What is missing may be what matters."""
    assert codes(plan(errored=True)) == ["TZ724"]


# The command


def test_the_review_of_a_plan_on_standard_input():
    """As a pipeline runs it: each change, minutes, losses, and what is refused."""
    done = run("-", stdin=plan(SHRUNK, EMPTIED, TAGGED))

    assert done.exit_code == 1
    assert "standard input   production" in done.stdout
    assert "1 to change, 1 to destroy" in done.stdout
    assert "refused by AWS (allocated_storage): The disk of a database can only grow" in done.stdout
    assert "loses data: aws_s3_bucket.media" in done.stdout
    assert "error TZ720: AWS would refuse to change `allocated_storage`" in done.stderr
    assert "allow it with --allow-loss aws_s3_bucket.media" in done.stderr


def test_downtime_is_told_for_each_change_and_in_sum(tmp_path):
    """A range where AWS publishes one, else what it depends on."""
    (tmp_path / "plan.json").write_bytes(plan(LARGER))
    done = run(str(tmp_path / "plan.json"), "--format", "markdown")

    assert done.exit_code == 0
    assert "downtime 1 to 2 minutes, depends on open transactions and recovery" in done.stdout
    assert "**downtime: 1 to 2 minutes**" in done.stdout


def test_production_is_known_by_its_tag_or_said():
    """Default tags put the environment on everything."""
    told = run("-", "--production", stdin=plan(LARGER))
    tagged = run("-", stdin=plan(LARGER, TAGGED))
    staging = run("-", stdin=plan(LARGER))

    assert (told.exit_code, tagged.exit_code, staging.exit_code) == (1, 1, 0)
    assert "--allow-interruption aws_db_instance.database" in tagged.stderr


def test_a_word_that_lets_nothing_pass_is_said():
    """It would let something pass later that nobody has read."""
    done = run("-", "--allow-loss", "aws_s3_bucket.gone", stdin=plan(GROWN))

    assert done.exit_code == 0
    assert "`--allow-loss aws_s3_bucket.gone` does not have an effect: leave it out" in done.stderr


def test_an_unknown_type_is_said_and_fails_when_strict():
    """A table that does not know something must not look as if it found nothing."""
    done = run("-", stdin=plan(QUEUE))

    assert done.exit_code == 0
    assert "trazo does not know what a change of `aws_mq_broker` does" in done.stderr
    assert run("-", "--strict", stdin=plan(QUEUE)).exit_code == 1


def test_the_document_has_verdicts_minutes_and_losses():
    """What a program decides by."""
    done = run("-", "--json", stdin=plan(LARGER, EMPTIED))
    document = json.loads(done.stdout)
    database, bucket = document["resources"]

    assert (done.exit_code, document["schema"]) == (1, "trazo.review/1")
    assert database["effects"][0]["minutes"] == {"low": 1.0, "high": 2.0}
    assert document["downtime"]["at_once"] == {"minutes": {"low": 1.0, "high": 2.0}, "unknown": []}
    assert (bucket["action"], bucket["loses_data"]) == ("destroy", True)
    assert [d["code"] for d in document["findings"]] == ["TZ721"]


def test_alerts_name_resources(tmp_path):
    """SARIF: the address stays the same where lines of a plan mean nothing."""
    (tmp_path / "plan.json").write_bytes(plan(SHRUNK, EMPTIED, TAGGED, QUEUE))
    done = run(str(tmp_path / "plan.json"), "--format", "sarif")
    (log,) = json.loads(done.stdout)["runs"]
    told = {
        r["ruleId"]: [p["fullyQualifiedName"] for p in r["locations"][0]["logicalLocations"]]
        for r in log["results"]
    }
    files = {
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in log["results"]
    }

    assert done.exit_code == 1
    assert told == {
        "TZ720": ["aws_db_instance.database"],
        "TZ721": ["aws_s3_bucket.media"],
        "TZ723": ["aws_mq_broker.events"],
    }
    assert files == {(tmp_path / "plan.json").as_uri()}


def test_alerts_of_standard_input_are_about_a_file():
    """GitHub refuses a result without one."""
    done = run("-", "--format", "sarif", stdin=plan(SHRUNK))
    (result,) = json.loads(done.stdout)["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]

    assert place == {"uri": "plan.json"}


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_document_in_a_file_leaves_the_text_to_the_log(form, tmp_path):
    """A build shows what the upload is about."""
    (tmp_path / "plan.json").write_bytes(plan(SHRUNK))
    output = tmp_path / f"review.{form}"
    done = run(str(tmp_path / "plan.json"), "--format", form, "-o", str(output))

    assert done.exit_code == 1
    assert "refused by AWS (allocated_storage)" in done.stdout
    assert "TZ720" in output.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-o", "review.json"), "`--output` requires `--format json` or `sarif`"),
        (("--format", "markdown", "-o", "a.md"), "`--output` requires `--format json` or `sarif`"),
        (("--json", "-o", "review.svg"), "does not match the format `json`"),
        (("--json", "-o", "plan.json"), "plan.json is the plan, which is an input"),
    ],
)
def test_an_output_that_does_not_fit_is_wrong_usage(words, message, tmp_path, monkeypatch):
    """Nothing is written over the plan."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.json").write_bytes(plan(SHRUNK))
    done = run("plan.json", *words)

    assert (done.exit_code, message in done.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_plan_is_read_as_shells_write_it(encoding):
    """PowerShell's `>` writes UTF-16 or a mark in front."""
    done = run("-", stdin=plan(LARGER).decode().encode(encoding))

    assert "1 to change" in done.stdout


# What is no plan

STATE = b'{"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": {}}}'
DEEP = plan(update("aws_lb.alb", {}, name=json.loads("[" * 200 + "]" * 200)))
NOT_PLANS = {
    "empty": (b"", "is empty: run `terraform show -json PLAN`"),
    "text": (b"Terraform will perform the following actions:", "is not JSON"),
    "binary": (b"PK\x03\x04rest", "is a plan in Terraform's own format"),
    "binary with NUL": (b"\x00\x01\x02", "is not JSON"),
    "log": (b'{"@level":"info"}\n{"@level":"info"}', "is the log of `terraform plan -json`"),
    "state": (STATE, "is a state, not a plan"),
    "state file": (b'{"version": 4, "serial": 1, "lineage": "a"}', "is a state, not a plan"),
    "list": (b"[]", "is not a plan of Terraform"),
    "other JSON": (b'{"a": 1}', "is not a plan of Terraform"),
    "no version": (b'{"resource_changes": []}', "is not a plan of Terraform"),
    "old": (plan(format_version="0.2"), "has the format 0.2"),
    "new": (plan(format_version="2.0"), "has the format 2.0"),
    "deep JSON": (b"[" * 100_000, "is not JSON"),
    "deep values": (DEEP, "is nested too deeply: `after` of `aws_lb.alb`"),
    "long number": (b'{"a": ' + b"1" * 5000 + b"}", "is not JSON"),
    "odd changes": (plan(resource_changes={"a": 1}), "`resource_changes` is not a list of objects"),
    "odd change": (plan({"address": "aws_lb.a", "change": 1}), "does not have `change`"),
    "no address": (plan({**GROWN, "address": None}), "does not have `address`"),
    "no actions": (plan({**GROWN, "change": {}}), "does not have `actions`"),
    "new action": (plan(change("aws_lb.a", "invoke")), "contains `invoke` for `aws_lb.a`"),
    "odd paths": (
        plan({**GROWN, "change": {"actions": ["delete", "create"], "replace_paths": [{}]}}),
        "`replace_paths` of `aws_db_instance.database`",
    ),
}


@pytest.mark.parametrize(("content", "message"), NOT_PLANS.values(), ids=NOT_PLANS)
def test_what_is_no_plan_is_wrong_usage(content, message):
    """One line says what it is and what to run."""
    done = run("-", stdin=content)
    as_json = run("-", "--json", stdin=content)

    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    assert json.loads(as_json.stdout)["schema"] == "trazo.error/1"


def test_a_file_that_is_too_large_is_not_read_to_its_end():
    """A device without an end would be read for ever."""
    with pytest.raises(PlanError, match="has more than 50,000,000 bytes"):
        read_plan(b" " * (MOST_BYTES + 1))
    done = run("/dev/zero")

    assert (done.exit_code, "too large for a plan" in done.stderr) == (2, True)


def test_a_missing_file_is_wrong_usage():
    """Like a spec that is not there."""
    done = run("nowhere.json")

    assert (done.exit_code, "cannot be read: no such file" in done.stderr) == (2, True)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    document=st.dictionaries(
        st.sampled_from(["resource_changes", "resource_drift", "configuration", "errored"]), VALUES
    ),
    entry=st.dictionaries(
        st.sampled_from(["address", "type", "mode", "change", "deposed", "module_address"]), VALUES
    ),
    inner=st.dictionaries(
        st.sampled_from(["actions", "before", "after", "after_unknown", "replace_paths"]), VALUES
    ),
)
def test_any_json_is_a_plan_or_told_not_to_be_one(document, entry, inner):
    """Whatever its shape is: no traceback."""
    whole = {**GROWN, **entry, "change": {**GROWN["change"], **inner}}
    changes = {"resource_changes": [whole], **document}
    addresses = ["none"]
    with suppress(PlanError):
        addresses = [one.address for one in read_plan(plan(**changes)).changes]

    assert all(addresses)


# What a plan holds


@pytest.mark.parametrize("form", ReviewFormat)
def test_no_value_of_a_plan_is_printed(form):
    """Terraform prints secrets in clear text, also where it marks them as sensitive."""
    secret = "s3cr3t-value"  # noqa: S105 - the value that must not appear
    values = dict.fromkeys(("password", "engine_version", "username", "anything"), secret)
    nested = {"tags_all": {"Environment": f"{secret}!"}, "block": [{"inner": secret}]}
    changes = (
        change("aws_db_instance.a", "update", before={**values, **nested}, after={"password": "b"}),
        change(
            "random_password.b",
            *("delete", "create"),
            before=values,
            after={**nested, "password": "x"},
            replace_paths=(("block", 0, "inner"),),
        ),
    )
    done = run("-", "--format", form, stdin=plan(*changes, variables={"v": {"value": secret}}))

    assert "random_password.b" in done.stdout
    assert secret not in done.output


def test_a_secret_in_the_key_of_an_address_is_covered():
    """Terraform refuses sensitive keys, but knows only those that somebody marked."""
    address = 'aws_lb.alb["postgres://app:hunter2@db.acme.io/app"]'
    done = run("-", stdin=plan(change(address, "create", after={})))

    assert "app:•••••@db.acme.io" in done.stdout
    assert "hunter2" not in done.output


ODD = 'aws_lb.a["\x1b[2J\u202e`|\\|@acme <b>\n::error::"]'


@pytest.mark.parametrize("form", ReviewFormat)
def test_an_address_acts_nowhere(form):
    """Keys are text of anybody: no control, no line of its own, no mention in Markdown."""
    emptied = change(ODD, "delete", before={})
    bucket = {**emptied, "type": "aws_s3_bucket"}
    odd_name = update("aws_lb.b", {"\u202ea|b": 1}, **{"\u202ea|b": 2})
    done = run("-", "--format", form, stdin=plan(bucket, odd_name, resource_drift=[bucket]))

    assert "::error::" in done.stdout
    assert not {"\x1b", "\u202e"} & set(done.output)
    assert "\n::error::" not in done.output
    assert form is not ReviewFormat.MARKDOWN or "\\|" in done.stdout
