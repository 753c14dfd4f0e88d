"""Lines with rounded corners and arrow heads, as points of Bézier curves."""

from math import dist

from compiler.backends.diagram.model.drawing import Line, Point, Rect

CORNER = 9.0
HEAD_LENGTH, HEAD_WIDTH, HEAD_NOTCH = 9.0, 8.4, 6.2

# Where the handles of a quarter circle of radius 1 are.
# Source: https://spencermortensen.com/articles/bezier-circle/
_KAPPA = 0.5523

Segment = tuple[Point, ...]
"""The points after a curve's start: one for a straight piece, three for a curved one."""


def pieces(line: Line) -> tuple[Point, tuple[Segment, ...]]:
    """The start of a line and its pieces; before a head it ends a little earlier."""
    points = list(line.points)
    if line.arrow:
        points[-1] = _towards(points[-1], points[-2], HEAD_NOTCH)
    result: list[Segment] = []
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(CORNER, dist(before, corner) / 2, dist(corner, after) / 2)
        enter, leave = _towards(corner, before, radius), _towards(corner, after, radius)
        handles = (
            _towards(enter, corner, radius * _KAPPA),
            _towards(leave, corner, radius * _KAPPA),
        )
        result += [(enter,), (*handles, leave)]
    return points[0], (*result, (points[-1],))


def head(line: Line) -> tuple[Point, ...]:
    """The corners of the head at a line's end."""
    (x1, y1), (x2, y2) = line.points[-2:]
    length = dist((x1, y1), (x2, y2)) or 1.0
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    back = (x2 - ux * HEAD_LENGTH, y2 - uy * HEAD_LENGTH)
    side = (-uy * HEAD_WIDTH / 2, ux * HEAD_WIDTH / 2)
    return (
        (x2, y2),
        (back[0] + side[0], back[1] + side[1]),
        (x2 - ux * HEAD_NOTCH, y2 - uy * HEAD_NOTCH),
        (back[0] - side[0], back[1] - side[1]),
    )


def rounded(rect: Rect, radius: float) -> tuple[Point, tuple[Segment, ...]]:
    """The outline of a rectangle with round corners: its start and its pieces."""
    r = min(radius, rect.width / 2, rect.height / 2)
    corners = (
        (rect.right, rect.y),
        (rect.right, rect.bottom),
        (rect.x, rect.bottom),
        (rect.x, rect.y),
    )
    result: list[Segment] = []
    for i, corner in enumerate(corners):
        before, after = corners[i - 1], corners[(i + 1) % 4]
        enter, leave = _towards(corner, before, r), _towards(corner, after, r)
        handles = (_towards(enter, corner, r * _KAPPA), _towards(leave, corner, r * _KAPPA))
        result += [(enter,), (*handles, leave)]
    return (rect.x + r, rect.y), tuple(result)


def _towards(start: Point, end: Point, distance: float) -> Point:
    """The point `distance` points away from a start in the direction of an end."""
    length = dist(start, end)
    if length == 0:
        return start
    share = distance / length
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
