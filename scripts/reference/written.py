"""Parts of other pages that are worked out: from `<!-- written: name -->` to `<!-- end -->`."""

import re

from cost.bill.money import money
from cost.bill.tasks import SCENARIO_TITLES
from reference import table
from reference.cost_json import MONTH, SPEC, priced

_PART = re.compile(r"(<!-- written: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def rewritten(text: str) -> str:
    """The page with these parts worked out anew."""
    parts = {"savings": savings}
    return _PART.sub(lambda m: f"{m[1]}\n{parts[m[2]]()}\n\n{m[3]}", text)


def savings() -> str:
    """What each scenario costs and saves, and what is billed in any case."""
    estimate = priced()
    rows = (
        (
            SCENARIO_TITLES[s.scenario],
            money(s.total_usd),
            money(s.compute_usd),
            money(s.saved_usd),
            f"{s.saved_share:.1%}",
        )
        for s in estimate.savings
    )
    head = ("scenario", "total", "compute", "saved", "share")
    command = f"`trazo cost specs/{SPEC.name} --env prod --month {MONTH} --runs 0`"
    floor = f"The floor is {money(estimate.floor_usd)} of {money(estimate.total_usd)}."
    schedule, spot, both = (
        estimate.saving(name).saved_usd
        for name in ("schedule_only", "spot_only", "autoscaled_schedule_spot")
    )
    sums = (
        f"The schedule alone saves {money(schedule)} and Spot alone {money(spot)}; "
        f"together they save {money(both)}, not {money(schedule + spot)}."
    )
    return "\n\n".join((table(head, rows), f"{sums} {floor} From {command}."))
