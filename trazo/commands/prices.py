"""`trazo prices`: the prices that bills use, and fresh ones from AWS."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from compiler.lower import all_meters
from trazo.disk.folders import locked, write_file
from trazo.disk.places import is_special
from trazo.input.options import AsJson, PricesFile, Quiet, SpecFile
from trazo.input.paths import STANDARD, path
from trazo.input.specs import sound_spec
from trazo.output.run import (
    FINDINGS,
    WRONG_USAGE,
    print_json,
    print_text,
    progress,
    say,
    stop,
    suggested,
)
from trazo.output.terminal import console
from trazo.steps.pricing import catalogue_place, chosen_catalogue

MOST_MINUTES = 24 * 60

if TYPE_CHECKING:
    from cost.rates.catalogue import Catalogue
    from cost.rates.offers import Offer
    from cost.rates.update import Kept, PriceChange, Update


def show(
    spec: Annotated[
        Path | None,
        typer.Argument(
            metavar="SPEC",
            parser=path,
            help="Use the prices next to this spec, if there are any.",
        ),
    ] = None,
    *,
    item: Annotated[
        str,
        typer.Option(
            "--item", metavar="PATTERN", help="List only items that match, such as `nat_*`."
        ),
    ] = "*",
    region: Annotated[
        list[str] | None, typer.Option("--region", help="List only this region; may be repeated.")
    ] = None,
    stale_only: Annotated[
        bool, typer.Option("--stale", help="List only prices that are old or have no date.")
    ] = False,
    prices: PricesFile = None,
    as_json: AsJson = False,
) -> None:
    """List items with their prices, regions, sources and ages; old prices are marked."""
    from cost.showing.price_list import listed, price_table, prices_as_json

    if spec is not None and spec != STANDARD and not spec.is_file():
        stop(f"{spec} is not a spec; `--item '*{spec}*'` lists prices by name", WRONG_USAGE)
    catalogue, _ = chosen_catalogue(Path() if spec is None else spec.parent, prices)
    _refuse_regions(region or (), {place for _, place in catalogue.prices})
    matches = list(listed(catalogue, datetime.now(UTC).date(), item, region or ()))
    if not matches:
        _refuse_item(catalogue, item, region)
    chosen = [one for one in matches if one.stale or not stale_only]
    if as_json:
        print_json(prices_as_json(catalogue, chosen))
        return
    console().print(price_table(chosen))
    stale_ones = sum(one.stale for one in chosen)
    say(f"{catalogue.name} catalogue: {len(chosen)} prices, {stale_ones} of them stale")


def _refuse_regions(regions: Sequence[str], known: Collection[str]) -> None:
    """Exits when a region has no price at all: an empty list would say that all is well."""
    for name in regions:
        if name not in known:
            stop(
                f"the catalogue does not contain the region `{name}`: {suggested(name, known)}",
                WRONG_USAGE,
            )


def _refuse_item(catalogue: "Catalogue", pattern: str, regions: Sequence[str] | None) -> NoReturn:
    """Exits because no price fits."""
    known = {item for item, _ in catalogue.prices}
    if any(fnmatchcase(item, pattern) for item in known):
        places = ", ".join(regions or ())
        stop(f"no item that matches `{pattern}` has a price in {places}", WRONG_USAGE)
    stop(
        f"the catalogue does not contain an item that matches `{pattern}`: "
        f"{suggested(pattern, known)}",
        WRONG_USAGE,
    )


def _refuse_places(regions: Sequence[str], urls: Sequence[str]) -> None:
    """Exits when a region or an address cannot be one, before anything is read."""
    from cost.rates.catalogue import is_region
    from cost.rates.download import DownloadError, check_url

    for name in regions:
        if not is_region(name):
            stop(f"`{name}` is not the name of an AWS region, such as us-east-2", WRONG_USAGE)
    try:
        for url in urls:
            if url:
                check_url(url)
    except DownloadError as error:
        stop(str(error), WRONG_USAGE)


def _minutes(minutes: float) -> float:
    """Refuses a time that is none."""
    if not 0 < minutes <= MOST_MINUTES:
        raise typer.BadParameter(
            f"{minutes:g} minutes are not allowed: use more than 0 and at most a day"
        )
    return minutes


def update(
    spec: SpecFile,
    *,
    region: Annotated[
        list[str] | None,
        typer.Option("--region", help="Region to read; by default those of the spec."),
    ] = None,
    offer: Annotated[
        list[str] | None,
        typer.Option(
            "--offer", help="Service to read, such as `AmazonECS`; by default all of them."
        ),
    ] = None,
    price_list: Annotated[
        str, typer.Option("--price-list", metavar="URL", help="Address of AWS's price list.")
    ] = "",
    spot_feed: Annotated[
        str, typer.Option("--spot-feed", metavar="URL", help="Address of the Fargate Spot prices.")
    ] = "",
    tries: Annotated[
        int, typer.Option("--tries", min=1, max=20, help="How many times to request a file.")
    ] = 5,
    time_limit: Annotated[
        float,
        typer.Option(
            "--time-limit",
            metavar="MINUTES",
            callback=_minutes,
            help="Longest time to read for; the next run continues from there.",
        ),
    ] = 60.0,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Read current prices from AWS's public price list into a catalogue next to the spec."""
    from cost.rates import update as fresh
    from cost.rates.catalogue_file import catalogue_text, read_catalogue
    from cost.rates.download import Patience
    from cost.showing.price_list import changes_as_json

    _refuse_places(region or (), (price_list, spot_feed))
    graphs = {} if region else sound_spec(spec, quiet=True, strict=False).graphs
    regions = region or sorted({graph.spec.region for graph in graphs.values()})
    folder = Path() if str(spec) == "-" else spec.parent
    file = catalogue_place(folder)
    _refuse_folder(file)
    # A pipe, or a link whose file is still to come, holds no prices to begin with.
    before = chosen_catalogue(folder)[0] if file.is_file() else read_catalogue()
    cache = folder / ".trazo-prices"
    _refuse_links(cache)
    today = datetime.now(UTC).date()
    sources = fresh.Sources(
        price_list or fresh.PRICE_LIST,
        spot_feed or fresh.SPOT_FEED,
        _offers(offer or ()),
        Patience(tries=tries, whole_s=time_limit * 60),
    )
    try:
        with locked(folder, f"{cache}: wait for it"), progress(quiet=quiet or as_json) as step:
            reading = fresh.update(
                before,
                regions,
                cache,
                today,
                lambda name, done, whole: step(_progress_text(name, done, whole)),
                sources,
            )
    except fresh.UpdateError as error:
        stop(f"{error}; the prices are unchanged", FINDINGS)
    write_file(file, catalogue_text(reading.catalogue).encode(), "")
    changes = list(fresh.price_changes(before, reading.catalogue))
    if as_json:
        print_json(changes_as_json(str(file), changes, reading.kept))
        return
    billed = {meter.item for graph in graphs.values() for meter in all_meters(graph)}
    used = [one for one in reading.kept if one.price.item in billed or region]
    _print_update(file, reading, changes, used, today)


def _refuse_folder(file: Path) -> None:
    """Exits when the catalogue cannot be written, before an hour is spent on it."""
    try:
        file.stat()
    except FileNotFoundError:
        return
    except OSError as error:
        stop(f"{file} cannot be read ({str(error.strerror).lower()}): remove it", WRONG_USAGE)
    if file.is_dir():
        stop(f"{file} is a folder: move it away", WRONG_USAGE)


def _refuse_links(cache: Path) -> None:
    """Exits when what is kept of a stopped update leads elsewhere: it may have come with a spec."""
    kept = (cache, *(cache.iterdir() if cache.is_dir() else ()))
    for one in kept:
        if one.is_symlink() or is_special(one):
            stop(f"{one} is not a file or folder created by trazo: remove it", FINDINGS)


def _offers(codes: Sequence[str]) -> "tuple[Offer, ...]":
    """The named services of AWS's price list, or all that are read; exits when one is not."""
    from cost.rates.offers import OFFERS

    known = [offer.code for offer in OFFERS]
    for code in codes:
        if code not in known:
            advice = suggested(code, known)
            stop(f"trazo does not use the offer `{code}`: {advice}", WRONG_USAGE)
    return tuple(offer for offer in OFFERS if not codes or offer.code in codes)


def _progress_text(name: str, done: int, whole: int) -> str:
    """Progress of a file, in MB."""
    size = f" of {whole / 1e6:,.1f}" if whole else ""
    return f"{name}: {done / 1e6:,.1f}{size} MB"


def _print_update(
    file: Path,
    reading: "Update",
    changes: "Sequence[PriceChange]",
    used: "Sequence[Kept]",
    today: date,
) -> None:
    """Prints prices that changed, and those in use that were found nowhere."""
    from cost.showing.price_list import change_table, kept_table

    if changes:
        console().print(change_table(changes))
    if used:
        console().print(kept_table(used, today))
    print_text(f"wrote {file}: {len(changes)} of {len(reading.catalogue.prices)} prices changed")
    if reading.kept:
        say(
            f"{len(reading.kept)} prices are unchanged, {len(used)} of them are in the table "
            "above; `--json` lists them all"
        )
