"""A drawing as one svg file that needs nothing else: icons and letters travel inside."""

from base64 import b64encode
from collections.abc import Iterable, Iterator

from compiler.backends.diagram.formats.icons import LINE_ICONS, icon_file, plate
from compiler.backends.diagram.formats.paths import head, pieces
from compiler.backends.diagram.formats.theme import COLORS, DARK, Palette, color, palette
from compiler.backends.diagram.model.drawing import Box, Drawing, Image, Line, Mark, Shape, Text
from compiler.backends.diagram.model.options import Theme
from compiler.backends.diagram.model.typeface import EMBEDDED_FAMILY, FAMILY, subset
from trazo_spec.visible import visible

_FALLBACKS = f"'{FAMILY}','Source Sans 3',system-ui,sans-serif"
_DASHES = "6 4"
_ENTITIES = str.maketrans(
    {"\n": " ", "\t": " ", "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
)


def svg(drawing: Drawing, theme: Theme = Theme.AUTO, scope: str = "") -> bytes:
    """The drawing as svg; with `auto` it follows the viewer between light and dark.

    Args:
        drawing: What is drawn.
        theme: Its colours.
        scope: What ids and fonts begin with, for a drawing inside a page that has others.
    """
    texts = [s for m in drawing.marks for s in m.shapes if isinstance(s, Text)]
    icons = sorted({s.icon for m in drawing.marks for s in m.shapes if isinstance(s, Image)})
    width, height = _number(drawing.width), _number(drawing.height)
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f"font-family=\"'{scope}{EMBEDDED_FAMILY}',{_FALLBACKS}\">",
        f"<title>{_escaped(drawing.title)}</title>",
        f"<desc>{_escaped(drawing.description)}</desc>",
        f"<style>{_fonts(texts, scope)}{_dark_rules() if theme is Theme.AUTO else ''}</style>",
        "<defs>",
        *(_symbol(f"{scope}icon{i}", name) for i, name in enumerate(icons)),
        "</defs>",
        *(_mark(m, palette(theme), icons, scope) for m in drawing.marks),
        "</svg>\n",
    ]
    return "\n".join(lines).encode()


def _fonts(texts: Iterable[Text], scope: str) -> str:
    """Both weights of the font with only the letters that are used."""
    rules = []
    for bold, weight in ((False, 400), (True, 700)):
        letters = "".join(t.text for t in texts if t.bold is bold)
        data = b64encode(subset(letters, bold=bold)).decode()
        rules.append(
            f"@font-face{{font-family:'{scope}{EMBEDDED_FAMILY}';font-weight:{weight};"
            f"src:url(data:font/ttf;base64,{data}) format('truetype')}}"
        )
    return "\n".join(rules)


def _dark_rules() -> str:
    rules = "".join(
        f".f-{n}{{fill:{color(n, DARK)}}}.s-{n}{{stroke:{color(n, DARK)}}}" for n in COLORS
    )
    return f"\n@media screen and (prefers-color-scheme:dark){{{rules}}}"


def _symbol(name: str, icon: str) -> str:
    data = b64encode(icon_file(icon).read_bytes()).decode()
    return (
        f'<symbol id="{name}" viewBox="0 0 1 1">'
        f'<image width="1" height="1" xlink:href="data:image/png;base64,{data}"/></symbol>'
    )


def _mark(mark: Mark, colors: Palette, icons: list[str], scope: str) -> str:
    tooltip = f"<title>{_escaped(mark.tooltip)}</title>" if mark.tooltip else ""
    shapes = "".join(text for s in mark.shapes for text in _shape(s, colors, icons, scope))
    return (
        f'<g id="{scope}{mark.role}-{_escaped(mark.id)}" class="{mark.role}">{tooltip}{shapes}</g>'
    )


def _shape(shape: Shape, colors: Palette, icons: list[str], scope: str) -> Iterator[str]:
    match shape:
        case Box():
            yield _box(shape, colors)
        case Text():
            yield _text(shape, colors)
        case Image():
            yield from _image(shape, colors, icons, scope)
        case Line():
            yield from _line(shape, colors)


def _box(box: Box, colors: Palette) -> str:
    stroke = ""
    if box.stroke is not None:
        dashes = f' stroke-dasharray="{_DASHES}"' if box.dashed else ""
        width = _number(box.line_width)
        stroke = f' stroke="{color(box.stroke, colors)}" stroke-width="{width}"{dashes}'
    fill = color(box.fill, colors) if box.fill is not None else "none"
    classes = [f"f-{box.fill}"] * (box.fill is not None) + [f"s-{box.stroke}"] * bool(stroke)
    radius = f' rx="{_number(box.radius)}"' if box.radius else ""
    return (
        f'<rect x="{_number(box.rect.x)}" y="{_number(box.rect.y)}" '
        f'width="{_number(box.rect.width)}" height="{_number(box.rect.height)}"{radius} '
        f'class="{" ".join(classes)}" fill="{fill}"{stroke}/>'
    )


def _text(text: Text, colors: Palette) -> str:
    weight = ' font-weight="700"' if text.bold else ""
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    # With another font than ours, the text still takes exactly the room that it was given.
    length = f' textLength="{_number(text.width)}" lengthAdjust="spacingAndGlyphs"'
    return (
        f'<text x="{_number(text.x)}" y="{_number(text.y)}" font-size="{_number(text.size)}"'
        f'{weight}{anchor}{length} class="f-{text.color}" fill="{color(text.color, colors)}">'
        f"{_escaped(text.text)}</text>"
    )


def _image(image: Image, colors: Palette, icons: list[str], scope: str) -> Iterator[str]:
    rect = image.rect
    if image.icon in LINE_ICONS:
        yield _box(plate(image), colors)
    yield (
        f'<use xlink:href="#{scope}icon{icons.index(image.icon)}" x="{_number(rect.x)}" '
        f'y="{_number(rect.y)}" width="{_number(rect.width)}" height="{_number(rect.height)}"/>'
    )


def _line(line: Line, colors: Palette) -> Iterator[str]:
    start, segments = pieces(line)
    steps = "".join(("L" if len(s) == 1 else "C") + " ".join(map(_point, s)) for s in segments)
    dashes = f' stroke-dasharray="{_DASHES}"' if line.dashed else ""
    paint = color(line.stroke, colors)
    yield (
        f'<path d="M{_point(start)}{steps}" class="s-{line.stroke}" fill="none" '
        f'stroke="{paint}" stroke-width="{_number(line.line_width)}"{dashes}/>'
    )
    if line.arrow:
        corners = "L".join(map(_point, head(line)))
        yield f'<path d="M{corners}Z" class="f-{line.stroke}" fill="{paint}"/>'


def _point(point: tuple[float, float]) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    """A number with two decimals at most."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _escaped(text: str) -> str:
    """Text as XML takes it, with what XML cannot say and nobody can see spelled."""
    return visible(text).translate(_ENTITIES)
