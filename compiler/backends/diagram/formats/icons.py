"""The icon files of the `diagrams` package; the only file that knows it."""

from functools import cache
from importlib import import_module
from pathlib import Path

from compiler.backends.diagram.model.drawing import Box, Image

LINE_ICONS = frozenset(
    {
        "aws.database.ElasticacheForRedis",
        "aws.database.RDSPostgresqlInstance",
        "aws.general.InternetAlt2",
        "aws.general.Users",
        "aws.management.CloudwatchAlarm",
        "aws.management.CloudwatchLogs",
        "aws.network.ElbApplicationLoadBalancer",
        "aws.network.Endpoint",
        "aws.network.InternetGateway",
        "aws.network.NATGateway",
        "aws.network.Nacl",
        "aws.network.RouteTable",
        "aws.network.VPCRouter",
    }
)
"""Icons of thin lines on nothing: on a dark page they need a light plate behind them."""

ROUND_ICONS = frozenset(
    {
        "aws.network.ElbApplicationLoadBalancer",
        "aws.network.Endpoint",
        "aws.network.InternetGateway",
        "aws.network.NATGateway",
        "aws.network.Nacl",
        "aws.network.VPCRouter",
    }
)
"""Icons whose outline is a circle."""


_PLATE_MARGIN, _PLATE_CORNER = 3.0, 7.0


def plate(image: Image) -> Box:
    """What stands behind an icon of thin lines: a disc behind a circle, else a square."""
    if image.icon in ROUND_ICONS:
        return Box(image.rect, fill="plate", radius=image.rect.width / 2)
    return Box(image.rect.grown(_PLATE_MARGIN), fill="plate", radius=_PLATE_CORNER)


@cache
def icon_file(name: str) -> Path:
    """The png of an icon class such as `aws.network.Route53`."""
    import diagrams  # noqa: PLC0415 - it takes a tenth of a second, and most commands draw nothing

    module, _, class_name = name.rpartition(".")
    node = getattr(import_module(f"diagrams.{module}"), class_name)
    return Path(diagrams.__file__).parent.parent.joinpath(node._icon_dir, node._icon)
