"""The colours of diagrams, light and dark."""

from dataclasses import dataclass, fields

from compiler.backends.diagram.model.options import Theme


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour by what it is for, as `#rrggbb`."""

    page: str
    text: str
    grey: str
    edge: str
    plate: str
    """Behind an icon of thin lines, so that it shows on a dark page; `none` for nothing."""
    cloud: str
    region: str
    region_text: str
    vpc: str
    vpc_text: str
    zone: str
    zone_text: str
    public: str
    public_text: str
    public_fill: str
    private: str
    private_text: str
    private_fill: str
    balancer: str
    service: str
    service_text: str
    service_fill: str
    supporting: str
    cost_text: str
    cost_fill: str
    schedule_text: str
    schedule_fill: str
    security_group_text: str
    security_group_fill: str
    badge_text: str
    badge_fill: str
    error_text: str
    error_fill: str
    warning_text: str
    warning_fill: str
    info_text: str
    info_fill: str
    added_text: str
    added_fill: str
    """Line, arrow and head row of what is added, and so on."""
    changed_text: str
    changed_fill: str
    removed_text: str
    removed_fill: str


# Line colours are those of AWS's own architecture icons; text in the same hue is darker, so that
# its contrast on the page is at least 4.5.
# Source: https://aws.amazon.com/architecture/icons/
LIGHT = Palette(
    page="#ffffff",
    text="#232f3e",
    grey="#5f6b7a",
    edge="#545b64",
    plate="none",
    cloud="#232f3e",
    region="#00a4a6",
    region_text="#007c7e",
    vpc="#8c4fff",
    vpc_text="#7a3df0",
    zone="#00a4a6",
    zone_text="#007c7e",
    public="#7aa116",
    public_text="#527010",
    public_fill="#f2f6e8",
    private="#00a4a6",
    private_text="#00757a",
    private_fill="#e6f6f7",
    balancer="#8c4fff",
    service="#ed7100",
    service_text="#b85300",
    service_fill="#fff8f0",
    supporting="#7d8998",
    cost_text="#8a4b00",
    cost_fill="#fff0db",
    schedule_text="#0b4a8f",
    schedule_fill="#e3eefb",
    security_group_text="#a3152a",
    security_group_fill="#fdebee",
    badge_text="#ffffff",
    badge_fill="#232f3e",
    error_text="#ffffff",
    error_fill="#cf222e",
    warning_text="#4d2d00",
    warning_fill="#ffd33d",
    info_text="#24415c",
    info_fill="#d3dde6",
    added_text="#ffffff",
    added_fill="#1a7f37",
    changed_text="#ffffff",
    changed_fill="#9a6700",
    removed_text="#ffffff",
    removed_fill="#cf222e",
)

DARK = Palette(
    page="#0f1b2a",
    text="#f2f3f3",
    grey="#b6bec9",
    edge="#9ba7b6",
    plate="#f2f3f3",
    cloud="#9ba7b6",
    region="#00a4a6",
    region_text="#3fcfd1",
    vpc="#a67cff",
    vpc_text="#bfa3ff",
    zone="#00a4a6",
    zone_text="#3fcfd1",
    public="#8fb82a",
    public_text="#b0d653",
    public_fill="#18251a",
    private="#00a4a6",
    private_text="#3fcfd1",
    private_fill="#0d2731",
    balancer="#a67cff",
    service="#ed7100",
    service_text="#ff9d47",
    service_fill="#231d1a",
    supporting="#7d8998",
    cost_text="#ffc77a",
    cost_fill="#3a2a12",
    schedule_text="#8cc4ff",
    schedule_fill="#12304f",
    security_group_text="#ff9dab",
    security_group_fill="#3f1620",
    badge_text="#0f1b2a",
    badge_fill="#f2f3f3",
    error_text="#ffffff",
    error_fill="#c62828",
    warning_text="#2b1a00",
    warning_fill="#e3b341",
    info_text="#d5e3f0",
    info_fill="#34495e",
    added_text="#0f1b2a",
    added_fill="#3fb950",
    changed_text="#0f1b2a",
    changed_fill="#d29922",
    removed_text="#0f1b2a",
    removed_fill="#ff7b72",
)


COLORS: tuple[str, ...] = tuple(f.name for f in fields(Palette))
"""The names of all colours."""


def palette(theme: Theme) -> Palette:
    """The colours of a theme; `auto` starts from the light ones."""
    return DARK if theme is Theme.DARK else LIGHT


def color(name: str, colors: Palette) -> str:
    """One colour of a palette by its name, as `#rrggbb`."""
    value: str = getattr(colors, name)
    return value
