"""Codes of what later passes find: losses and prices."""

from trazo_spec.codes.code import Code
from trazo_spec.diagnostics import Severity

LOSSES: tuple[Code, ...] = (
    Code(
        "TZ625",
        "An existing database, bucket or zone would be destroyed.",
        "The previously compiled output contains it and the new output does not, so the next "
        "apply would delete it with everything in it. If the component was renamed, add `was:`. "
        "To allow the loss, pass `--allow-loss ADDRESS`. The comparison is with the output on "
        "disk, or with `--base REV:PATH`.",
        "components: {db: {kind: rds}}                  # bad, after `database`\n"
        "components: {db: {kind: rds, was: database}}   # good\n",
    ),
    Code(
        "TZ626",
        "An existing database, cache, bucket or zone would be replaced by an empty one.",
        "AWS cannot change the argument in place, so Terraform would destroy the existing "
        "resource and create a new one. To allow this, pass `--allow-loss ADDRESS`.",
        "media: {kind: s3, bucket: acme-uploads}   # bad, if `acme-media` is deployed\n"
        "media: {kind: s3, bucket: acme-media}     # good\n",
    ),
    Code(
        "TZ627",
        "Terraform would look for its state in another place.",
        "Terraform would find no state there and create everything a second time. To move the "
        "state on purpose, compile with `--allow-loss state` and then run `terraform init "
        "-migrate-state` before anything else.",
        "state: {bucket: acme-state-2}   # bad, if `acme-state` holds the state\n"
        "state: {bucket: acme-state}     # good\n",
    ),
    Code(
        "TZ628",
        "An environment that contains data was removed from the spec.",
        "Its resources keep running and costing money, but no output describes them any longer. "
        "First run `terraform destroy` in its folder, then remove the output with `--allow-loss "
        "ENVIRONMENT`.",
        "environments: {prod: {}}                # bad, after `staging` was applied\n"
        "environments: {prod: {}, staging: {}}   # good\n",
    ),
)

CHANGES: tuple[Code, ...] = (
    Code(
        "TZ670",
        "AWS would refuse a change of an existing resource.",
        "Terraform plans it as a change in place, and the apply stops halfway: a disk does not "
        "shrink, and a database does not go back to an older version. `trazo diff` lists what each "
        "change does, with the page of AWS that says so. The comparison is with the output on "
        "disk, or with `--base REV:PATH`; if that output was never applied, use `--base` with what "
        "was.",
        "database: {kind: rds, storage_gb: 20}    # bad, if 100 is deployed\n"
        "database: {kind: rds, storage_gb: 100}   # good\n",
    ),
    Code(
        "TZ671",
        "A change would interrupt an existing resource.",
        "In production (`prod`, `production`, `live`) it must be allowed with "
        "`--allow-interruption ADDRESS`; elsewhere it is only said. Minutes are told where AWS "
        "publishes them. What waits for the maintenance window (`apply: maintenance_window`) "
        "needs no word.",
        "database: {kind: rds, instance_class: db.m6g.xlarge, apply: at_once}   # bad\n"
        "database: {kind: rds, instance_class: db.m6g.xlarge}   # good: waits for the window\n",
    ),
    Code(
        "TZ672",
        "An existing database would get another major version.",
        "It cannot be undone, so the spec must allow it with `allow_major_upgrade: true`; without "
        "that, AWS refuses it. Remove the field after the upgrade. In production, unless it waits "
        "for the maintenance window, the interruption must be allowed, too (TZ671). AWS takes a "
        "snapshot before it if backups are on, and refuses the upgrade where the running minor "
        "version has no path to the new version: then name a minor version that it has.",
        'database: {kind: rds, engine_version: "17"}   # bad, if 16 is deployed\n'
        'database: {kind: rds, engine_version: "17", allow_major_upgrade: true}   # good\n',
    ),
    Code(
        "TZ673",
        "A change of an existing resource would have no effect.",
        "The provider drops it and says nothing: with `max_storage_gb` a smaller `storage_gb` "
        "leaves the disk as it is, and AWS goes on billing for it.",
        "database: {kind: rds, storage_gb: 20, max_storage_gb: 500}    # bad, if 100 is deployed\n"
        "database: {kind: rds, storage_gb: 100, max_storage_gb: 500}   # good\n",
        severity=Severity.WARNING,
    ),
    Code(
        "TZ677",
        "An existing environment would be in another account.",
        "The state describes what is in the old account. In the new one Terraform finds nothing "
        "of it, forgets it and makes everything anew, while the old resources run on and cost "
        "money. To allow this, pass `--allow-loss account`.",
        'account: "111122223333"   # bad, if it was applied in `123456789012`\n'
        'account: "123456789012"   # good\n',
    ),
    Code(
        "TZ678",
        "What would be deleted or replaced is protected from deletion.",
        "AWS refuses the deletion, and the apply stops halfway. Switch the protection off and "
        "apply that alone, before the component is removed or gets another name. Where it was "
        "switched off by hand, pass `--allow-interruption ADDRESS`; for a database, "
        "`--allow-loss` leaves a warning.",
        "components: {}                                                        # bad, at once\n"
        "components: {alb: {kind: alb, deletion_protection: false, ...}}   # good, at first\n",
    ),
)

RENAMES: tuple[Code, ...] = (
    Code(
        "TZ692",
        "Another prefix would replace what exists.",
        "AWS cannot rename load balancers, caches, clusters, roles or secrets, so Terraform would "
        "destroy them and create others: a secret loses the value that was set by hand, a cache "
        "its content, and the tasks stop in between. Choose the prefix before the first apply, or "
        "allow the replacement with `--allow-loss names`. A database that keeps its data needs "
        "another `password_version`, since its new secret holds a new password. Buckets "
        "do not have the prefix.",
        "names: {prefix: shop}   # bad, after an apply without it\n",
    ),
    Code(
        "TZ709",
        "A default became safer, and what is deployed changes.",
        "`compile` and `build` say it once, when they write the output that changes. Until now the "
        "HSTS header of a distribution included all host names below its own. It is now limited "
        "to its own unless the spec says otherwise. The S3 endpoint of a VPC let every bucket of "
        "every account through. It is now limited to the buckets of the spec, of its statements "
        "and of images unless the spec lists others.",
        "cdn: {kind: cloudfront}                                     # bad, if all are HTTPS\n"
        "cdn: {kind: cloudfront, hsts: {include_subdomains: true}}   # good\n"
        "network: {kind: networking}                    # bad, if tasks use others\n"
        "network: {kind: networking, s3_buckets: any}   # good\n",
        severity=Severity.WARNING,
    ),
)

CLASHES: tuple[Code, ...] = (
    Code(
        "TZ693",
        "Two specs would own the same name in AWS.",
        "`trazo check A.yaml B.yaml` compares what the specs would create in one account: names of "
        "load balancers, databases, roles and all others, buckets, zones, host names and records. "
        "The second apply would stop at the first name that is taken. Environments that state "
        "different accounts share only host names and buckets.",
        "name: shop                                # bad, next to another spec with a `prod-alb`\n"
        "{name: shop, names: {prefix: shop}}       # good, `shop-prod-alb`\n",
    ),
    Code(
        "TZ694",
        "Two specs would have the same Terraform state.",
        "The key of a state is `{project}/{environment}/terraform.tfstate`. Each apply of one spec "
        "would destroy what the other one created.",
        "{name: shop, state: {bucket: acme-state}}   # bad, in two specs\n"
        "{name: blog, state: {bucket: acme-state}}   # good, in the second one\n",
    ),
)

PRICES: tuple[Code, ...] = (
    Code(
        "TZ701",
        "The catalogue has no price for an item in the region.",
        "The bill shows the line as unpriced and leaves it out of the total; trazo never uses 0 "
        "or the price of another region instead. A region without any prices is reported once; "
        "`trazo prices update` reads its prices into a catalogue next to the spec.",
        severity=Severity.WARNING,
    ),
    Code(
        "TZ702",
        "The bill is over the budget.",
        "`trazo cost --budget USD` checks the total of all environments that it prints, so that "
        "a pipeline can stop a change that costs too much.",
    ),
    Code(
        "TZ703",
        "A price file does not have the format of a price book or catalogue.",
        "With an unknown or missing field or column, or a truncated CSV row, a price would "
        "silently not be used. [Negotiated prices](../how-to/negotiated-prices.md) shows a "
        "complete price book; a catalogue is the file that `trazo prices update` writes.",
        "prices: [{item: alb_hour, price: 0.02}]   # bad\n"
        "prices: [{item: alb_hour, usd: 0.02}]     # good\n",
    ),
    Code(
        "TZ704",
        "A number in a price file is not a valid price, discount or quantity.",
        "Prices are decimal numbers from 0 to 1,000,000 USD per unit, with at most 15 decimal "
        "places; a discount must be below 100%; a tier must begin at 10^12 units or fewer. "
        "Larger values are mistakes, and their sums would no longer be exact.",
        "savings_plan: {commitment_usd_per_h: 1e300, discount_percent: 20}   # bad\n"
        "savings_plan: {commitment_usd_per_h: 0.05, discount_percent: 20}    # good\n",
    ),
    Code(
        "TZ705",
        "An entry in a price book does not match any price in the catalogue.",
        "A discount that applies to nothing would give a false sense of savings. `trazo prices "
        "show` lists items, units and regions; an item that is not in the catalogue needs a "
        "`unit`.",
        "prices: [{item: alb_hours, usd: 0.02}]   # bad\n"
        "prices: [{item: alb_hour, usd: 0.02}]    # good\n",
    ),
    Code(
        "TZ706",
        "The tiers of a negotiated price do not begin at 0 or are not in ascending order.",
        "The price of the first unit must be known, and each unit must belong to exactly one tier.",
        "tiers: [{from: 10240, usd: 0.03}, {from: 0, usd: 0.05}]   # bad\n"
        "tiers: [{from: 0, usd: 0.05}, {from: 10240, usd: 0.03}]   # good\n",
    ),
    Code(
        "TZ707",
        "A price file is too large.",
        "To keep untrusted files from exhausting memory, trazo reads at most 8 MiB, 10,000 "
        "entries, 200,000 prices changed by them, and 500 characters per string.",
    ),
)
