"""A code with its entry in the reference."""

from dataclasses import dataclass

from trazo_spec.diagnostics import Severity


@dataclass(frozen=True, slots=True)
class Code:
    """A code with its entry in the reference."""

    code: str
    title: str
    """What is wrong, in a sentence."""
    why: str
    """Why it matters and what to do, in a paragraph or two."""
    example: str = ""
    """A bad and a good example, as YAML."""
    severity: Severity = Severity.ERROR
    liftable: bool = False
    """Whether `checks` may change its severity although it is an error."""

    @property
    def fixed(self) -> bool:
        """Whether `checks` may not change its severity."""
        return self.severity is Severity.ERROR and not self.liftable
