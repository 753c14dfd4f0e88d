"""Which modules are held by which tests."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """Modules of one thought, and the tests that are meant to hold them."""

    modules: tuple[str, ...]
    """Paths from the root of the project; may be patterns."""
    tests: tuple[str, ...]
    texts: bool = False
    """Whether texts are changed too: where they are what is decided, and no messages."""


TARGETS: Mapping[str, Target] = {
    "schedule": Target(
        ("trazo_spec/schedule/*.py",),
        ("tests/test_schedule_*.py", "tests/test_week.py"),
    ),
    "kernel": Target(
        ("cost/simulation/kernel.py",),
        ("tests/test_simulation_kernel.py",),
    ),
    "bill": Target(
        (
            "cost/bill/bill.py",
            "cost/rates/catalogue.py",
            "cost/rates/catalogue_file.py",
            "cost/bill/calendar.py",
            "cost/bill/pricing.py",
        ),
        ("tests/test_bill.py", "tests/test_catalogue.py", "tests/test_calendar.py"),
    ),
    "access": Target(
        (
            "compiler/aws/security_groups.py",
            "compiler/aws/permissions.py",
            "compiler/components/ecs/permissions.py",
        ),
        (
            "tests/test_security_groups.py",
            "tests/components/test_ecs.py",
            "tests/components/test_iam.py",
            "tests/test_permissions.py",
        ),
        texts=True,
    ),
}
