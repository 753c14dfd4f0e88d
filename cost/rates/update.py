"""A fresh catalogue from AWS's public price list and its feed of Fargate Spot prices."""

import json
import re
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from cost.rates.catalogue import Catalogue, Price
from cost.rates.download import DownloadError, Patience, Progress, download
from cost.rates.offer_traps import OfferError, OfferFile
from cost.rates.offers import OFFERS, SPOT_ITEMS, Offer, offer_prices, spot_prices

PRICE_LIST = "https://pricing.us-east-1.amazonaws.com"
SPOT_FEED = "https://dftu77xade0tc.cloudfront.net/fargate-spot-prices.json"
INDEX_FILE = "index.json"
INDEX = "/offers/v1.0/aws/index.json"
# Chosen: the indexes have a few hundred kB and the feed less, so that more is a mistake or a trap;
# read as JSON, a file of empty objects takes thirty times its size.
MOST_BYTES_OF_AN_INDEX = 4 << 20
_PATH = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")
LONGEST_PATH = 200


@dataclass(frozen=True, slots=True)
class Sources:
    """Where prices are read, which, and with how much patience."""

    price_list: str = PRICE_LIST
    spot_feed: str = SPOT_FEED
    offers: tuple[Offer, ...] = OFFERS
    """The services to read."""
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A price that is not what it was."""

    item: str
    region: str
    before: Price | None
    after: Price


@dataclass(frozen=True, slots=True)
class Kept:
    """A price that an update found nowhere, so that it is the old one."""

    price: Price
    why: str
    """What was looked through."""


class Update(NamedTuple):
    """What an update found."""

    catalogue: Catalogue
    """All prices, fresh and kept ones."""
    kept: tuple[Kept, ...]
    """What stayed as it was although its region and service were read, by item and region."""


def update(
    catalogue: Catalogue,
    regions: Iterable[str],
    folder: Path,
    read: date,
    progress: Progress,
    sources: Sources = Sources(),
) -> Update:
    """The catalogue with every price of the regions that AWS publishes; the others stay.

    Args:
        catalogue: What is known so far.
        regions: Whose prices to read.
        folder: Where files are kept while they are read, and from which a stopped update goes on.
        read: The day, which dates the Spot prices.
        progress: Is told about every piece.
        sources: Where prices are read, which, and with how much patience.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        prices = _found(catalogue, sorted(set(regions)), folder, read, progress, sources)
    except BaseException:
        _clear(folder, f"{INDEX_FILE}*")  # parts of large files stay, to go on from
        raise
    # With what stopped updates left of versions that nobody asks for any more.
    _clear(folder, f"{INDEX_FILE}*", f"*_{INDEX_FILE}*")
    after = Catalogue(catalogue.name, dict(catalogue.prices) | prices)
    known = sorted(set(regions))
    return Update(after, tuple(_kept(after, prices.keys(), known, sources.offers)))


def _found(
    catalogue: Catalogue,
    regions: list[str],
    folder: Path,
    read: date,
    progress: Progress,
    sources: Sources,
) -> dict[tuple[str, str], Price]:
    """Every price of the regions that AWS publishes."""
    units = {price.item: price.unit for price in catalogue.prices.values()}
    all_prices: dict[tuple[str, str], Price] = {}
    end = time.monotonic() + sources.patience.whole_s
    fetch = _Fetch(folder, progress, sources.price_list.rstrip("/"), sources.patience, end)
    index = fetch.json(INDEX)
    for offer in sources.offers:
        for path, places in _files(fetch, index, offer, regions):
            file = OfferFile(fetch.file(path), f"{fetch.base}{path}", fetch.left_s)
            for place in places:
                prices = offer_prices(file, offer, place, units)
                all_prices |= {(item, place): price for item, price in prices.items()}
            file.path.unlink()
    if not all_prices:
        raise OfferError(
            f"{fetch.base}: its files do not contain any of the prices that trazo needs"
        )
    feed = fetch.json_of(sources.spot_feed)
    for region in regions:
        prices = spot_prices(feed, region, read, sources.spot_feed)
        all_prices |= {(item, region): price for item, price in prices.items()}
    return all_prices


def _clear(folder: Path, *patterns: str) -> None:
    """Removes files of ours, and the folder if nothing else is in it."""
    for pattern in patterns:
        for left in folder.glob(pattern):
            left.unlink(missing_ok=True)
    with suppress(OSError):  # whatever else is in it stays
        folder.rmdir()


def _files(
    fetch: "_Fetch", index: object, offer: Offer, regions: list[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The files of an offer, each with the places whose prices it holds."""
    if offer.places:
        yield _path(index, INDEX, "offers", offer.code, "currentVersionUrl"), tuple(offer.places)
        return
    paths = fetch.json(_path(index, INDEX, "offers", offer.code, "currentRegionIndexUrl"))
    for region in regions:
        yield _path(paths, offer.code, "regions", region, "currentVersionUrl"), (region,)


def _kept(
    catalogue: Catalogue,
    updated_keys: Collection[tuple[str, str]],
    regions: list[str],
    offers: tuple[Offer, ...],
) -> Iterator[Kept]:
    """What is priced in some regions by something older than this update."""
    items = sorted({item for item, _ in catalogue.prices})
    said: set[tuple[str, str]] = set()
    for item, region in product(items, regions):
        price = catalogue.price(item, region)
        key = (item, "" if price is None else price.region)
        if price is None or key in updated_keys or key in said:
            continue
        if why := _why(item, offers):
            said.add(key)
            yield Kept(price, why)


def _why(item: str, offers: tuple[Offer, ...]) -> str:
    """Why an item was not found; empty where its service was not to be read."""
    if item in SPOT_ITEMS:
        return "the Spot feed does not contain its price"
    owner = next((offer for offer in OFFERS if offer.states(item)), None)
    if owner is None:
        return "none of the files contain it"
    return f"{owner.code} does not have exactly one matching row" if owner in offers else ""


def price_changes(before: Catalogue, after: Catalogue) -> Iterator[PriceChange]:
    """Every price that is new or has other rates, in the order of item and region."""
    for key in sorted(after.prices):
        old, new = before.prices.get(key), after.prices[key]
        if old is None or (old.unit, old.tiers) != (new.unit, new.tiers):
            yield PriceChange(*key, old, new)


@dataclass(frozen=True, slots=True)
class _Fetch:
    """Files of one server, kept in a folder."""

    folder: Path
    progress: Progress
    base: str
    patience: Patience
    end: float
    """The moment on the monotonic clock when all has to be there and read."""

    def left_s(self) -> float:
        """How many seconds are left, 0 when it is over."""
        return max(0.0, self.end - time.monotonic())

    def left(self, most_bytes: int) -> Patience:
        """The patience for one more file."""
        return replace(self.patience, most_bytes=most_bytes, whole_s=self.left_s())

    def file(self, path: str) -> Path:
        """A file of any size, on disk."""
        target = self.folder / path.strip("/").replace("/", "_")
        patience = self.left(self.patience.most_bytes)
        download(f"{self.base}{path}", target, self.progress, patience)
        return target

    def json(self, path: str) -> Any:  # noqa: ANN401 - JSON is of any type
        """A small file, read."""
        return self.json_of(f"{self.base}{path}")

    def json_of(self, url: str) -> Any:  # noqa: ANN401 - JSON is of any type
        """What a small file at any address says."""
        target = self.folder / INDEX_FILE
        small = min(self.patience.most_bytes, MOST_BYTES_OF_AN_INDEX)
        # Indexes change and are small: each is read from its start.
        for old in self.folder.glob(f"{INDEX_FILE}*"):
            old.unlink()
        download(url, target, self.progress, self.left(small))
        try:
            return json.loads(target.read_bytes())
        except (ValueError, RecursionError) as error:
            raise OfferError(f"{url}: it is not JSON") from error


def _path(content: Any, where: str, *keys: str) -> str:  # noqa: ANN401 - JSON is of any type
    """A path on the same server, behind some keys."""
    node = content
    for key in keys:
        if not isinstance(node, Mapping) or key not in node:
            raise OfferError(f"{where} of the price list does not have `{key}`")
        node = node[key]
    if not isinstance(node, str) or len(node) > LONGEST_PATH or not _PATH.fullmatch(node):
        shown = repr(node)[1:60] if isinstance(node, str) else type(node).__name__
        raise OfferError(
            f"{where} of the price list points to `{shown}`, which is not a path in it"
        )
    return node


UpdateError = (DownloadError, OfferError, OSError)
"""What may go wrong; the old catalogue stays then."""
