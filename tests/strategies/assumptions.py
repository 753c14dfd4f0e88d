"""What a bill is worked out from beside the components: loads, demand, use, the simulation."""

from functools import cache

from hypothesis import strategies as st

from compiler.kinds import KINDS as ANSWERS
from compiler.plan.plan import Load
from tests.strategies.draft import Draft
from tests.strategies.schedules import TIMEZONES
from tests.strategies.words import Document, some
from trazo_spec.traffic import Usage


def loads() -> st.SearchStrategy[Load]:
    """What a component does in a period of up to a year."""
    amounts = st.floats(0, 1e7, allow_nan=False)
    hours = st.floats(1, 8784, allow_nan=False)
    return st.builds(
        Load,
        hours=hours,
        months=st.floats(0.01, 12, allow_nan=False),
        usage=st.fixed_dictionaries({**dict.fromkeys(Usage.model_fields, amounts), **_LIMITED}),
        on_demand_task_h=amounts,
        spot_task_h=amounts,
        requests=amounts,
    )


def assumptions(draft: Draft) -> Document:
    """What a bill is worked out from beside the components."""
    traffic = _traffic(draft)
    assumed: Document = {"traffic": traffic} if traffic else {}
    if draft.draw(st.booleans()):
        assumed["simulation"] = draft.draw(_simulations())
    return assumed


def _traffic(draft: Draft) -> Document:
    """Demand on one service, and use of some components, or nothing."""
    draw = draft.draw
    traffic: Document = {}
    if (services := draft.of("ecs")) and draw(st.booleans()):
        traffic["demand"] = {draw(st.sampled_from(services)): draw(_demands())}
    if draw(st.booleans()):
        busy = [*draft.of("alb"), *draft.of("cloudfront"), *draft.of("networking")]
        chosen = st.sampled_from([*busy * 3, *sorted(draft.components)])
        names = draw(st.lists(chosen, min_size=1, max_size=3, unique=True))
        traffic["usage"] = {n: draw(_usage(draft.components[n]["kind"])) for n in names}
    return traffic


@cache
def _demands() -> st.SearchStrategy[Document]:
    rates = st.floats(0, 500, allow_nan=False, allow_subnormal=False)
    return some(
        profile=st.sampled_from(("flat", "business_hours", "evenings")),
        timezone=st.sampled_from(TIMEZONES),
        peak_requests_per_s=rates,
        hourly=st.lists(rates, min_size=24, max_size=24),
        cpu_s_per_request=st.floats(0.001, 10),
        noise=st.floats(0, 1),
        noise_correlation_s=st.floats(0, 7200),
        growth_share_per_month=st.floats(-0.5, 2),
    )


@cache
def _simulations() -> st.SearchStrategy[Document]:
    seconds, share = st.floats(0, 600), st.floats(0, 1)
    spot = some(
        interruptions_per_task_month=st.floats(0, 50),
        together_share=share,
        gap_s=st.floats(0, 7200),
        price_drift_share=share,
    )
    return some(
        lags=st.booleans(),
        provisioning_s=seconds,
        image_pull_s=seconds,
        boot_s=seconds,
        metric_period_s=st.sampled_from((20, 60)),
        metric_delay_s=seconds | st.none(),
        schedule_delay_s=seconds,
        spot=spot,
    )


@cache
def _usage(kind: str) -> st.SearchStrategy[Document]:
    amount = st.integers(0, 10**9) | st.floats(0, 1e6, allow_nan=False, allow_subnormal=False)
    fields = dict.fromkeys(ANSWERS[kind].usage, amount)
    return some(**{name: _LIMITED.get(name, each) for name, each in fields.items()})


_LIMITED = {
    "cache_hit_share": st.floats(0, 1),
    "connection_s": st.floats(0.1, 86_400),
    "requests_per_connection": st.integers(1, 1000) | st.floats(0.001, 1),
}
"""Uses that are no sum over a month."""
