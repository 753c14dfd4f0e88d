"""Codes of what later passes find: losses and prices."""

from trazo_spec.codes.code import Code
from trazo_spec.diagnostics import Severity

LOSSES: tuple[Code, ...] = (
    Code(
        "TZ625",
        "A database, bucket or zone that stands would be destroyed.",
        "The output that was compiled before has it, the new one has not, and the next apply "
        "would remove it with what it holds. A component that got another name says `was:`. "
        "`--allow-loss ADDRESS` lets go of one for good. Compared is with the output on disk, or "
        "with `--base REV:PATH`.",
        "components: {db: {kind: rds}}                  # bad, after `database`\n"
        "components: {db: {kind: rds, was: database}}   # good\n",
    ),
    Code(
        "TZ626",
        "A database, bucket or zone that stands would be replaced by an empty one.",
        "AWS cannot change the argument in place, so Terraform would destroy what stands and "
        "create another. `--allow-loss ADDRESS` agrees to that.",
        "media: {kind: s3, bucket: acme-uploads}   # bad, where `acme-media` stands\n"
        "media: {kind: s3, bucket: acme-media}     # good\n",
    ),
    Code(
        "TZ627",
        "Terraform's state would be looked for in another place.",
        "Terraform would find an empty state there and create everything a second time. To move "
        "the state on purpose, compile with `--allow-loss state` and run "
        "`terraform init -migrate-state` before anything else.",
        "state: {bucket: acme-state-2}   # bad, where `acme-state` holds the state\n"
        "state: {bucket: acme-state}     # good\n",
    ),
    Code(
        "TZ628",
        "An environment that holds data is gone from the spec.",
        "Its resources go on to run and to cost money, and no output describes them any more. Run "
        "`terraform destroy` in its folder first, then let go of the output with "
        "`--allow-loss ENVIRONMENT`.",
        "environments: {prod: {}}                # bad, after `staging` was applied\n"
        "environments: {prod: {}, staging: {}}   # good\n",
    ),
)

PRICES: tuple[Code, ...] = (
    Code(
        "TZ701",
        "The catalogue has no price for an item in the region.",
        "The bill shows the line as unpriced and the total lacks it: a price that is not known "
        "is neither 0 nor that of another region. A region without any price is one finding; "
        "`trazo prices update` reads its prices into a catalogue beside the spec.",
        severity=Severity.WARNING,
    ),
    Code(
        "TZ702",
        "The bill is over the budget.",
        "`trazo cost --budget USD` compares the total of all environments that it prints, so that "
        "a pipeline can stop a change that costs too much.",
    ),
    Code(
        "TZ703",
        "A file of prices has another form than a price book or catalogue.",
        "A field or column that does not exist, one that is missing, or a row of CSV that is cut "
        "off would be a price that silently is not used. [Negotiated "
        "prices](../how-to/negotiated-prices.md) shows a whole price book; a catalogue is what "
        "`trazo prices update` writes.",
        "prices: [{item: alb_hour, price: 0.02}]   # bad\n"
        "prices: [{item: alb_hour, usd: 0.02}]     # good\n",
    ),
    Code(
        "TZ704",
        "A number in a file of prices is not a price, a discount or a quantity.",
        "Prices are decimal numbers from 0 to 1,000,000 USD for one unit, with at most 15 digits "
        "behind the point; a discount lies below 100 %; a tier begins at 10^12 units at most. "
        "More is a slip, and sums of it would no longer be exact.",
        "savings_plan: {commitment_usd_per_h: 1e300, discount_percent: 20}   # bad\n"
        "savings_plan: {commitment_usd_per_h: 0.05, discount_percent: 20}    # good\n",
    ),
    Code(
        "TZ705",
        "An entry of a price book is about no price of the catalogue.",
        "A discount that applies to nothing would be believed all the same. `trazo prices show` "
        "lists items, units and regions; an item that the catalogue does not have needs a `unit`.",
        "prices: [{item: alb_hours, usd: 0.02}]   # bad\n"
        "prices: [{item: alb_hour, usd: 0.02}]    # good\n",
    ),
    Code(
        "TZ706",
        "The tiers of a negotiated price do not begin at 0, or do not ascend.",
        "What the first unit costs must be known, and each unit must belong to one tier.",
        "tiers: [{from: 10240, usd: 0.03}, {from: 0, usd: 0.05}]   # bad\n"
        "tiers: [{from: 0, usd: 0.05}, {from: 10240, usd: 0.03}]   # good\n",
    ),
    Code(
        "TZ707",
        "A file of prices is larger than any that is meant.",
        "What is read is bounded, so that a file from elsewhere cannot fill the memory: 8 MiB, "
        "10,000 entries, 200,000 prices that they change, and 500 characters of a text.",
    ),
)
