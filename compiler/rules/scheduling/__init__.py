"""Rules about schedules and the number of tasks: codes TZ501 to TZ527, and TZ657."""

from compiler.rules.rule import Rule
from compiler.rules.scheduling import audience, bounds, legacy, runs, text

RULES: tuple[Rule, ...] = (
    text.five_field_cron,
    text.bad_cron_field,
    text.day_fields_of_cron,
    text.weekday_zero,
    text.unix_day_numbers,
    text.unknown_time_zone,
    bounds.action_min_above_max,
    bounds.bounds_above_service,
    runs.sleep_without_wake,
    runs.wake_without_sleep,
    runs.action_without_effect,
    runs.same_minute,
    text.actions_and_windows,
    text.overlapping_windows,
    text.bad_window,
    bounds.neither_stop_nor_start,
    text.bad_time,
    text.one_time_for_an_action,
    text.same_action_name,
    text.cron_that_never_runs,
    text.empty_schedule,
    bounds.service_min_above_max,
    bounds.service_never_runs,
    bounds.nothing_starts_the_first_task,
    runs.skipped_clock_time,
    audience.clock_beside_the_audience,
    audience.asleep_in_busy_hours,
    legacy.legacy_time_zone,
)
