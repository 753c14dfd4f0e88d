"""A fresh catalogue from AWS's public price list and its feed of Fargate Spot prices."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cost.catalogue import Catalogue, Price
from cost.download import DownloadError, Patience, Progress, download
from cost.offers import OFFERS, Offer, OfferError, offer_prices, spot_prices

PRICE_LIST = "https://pricing.us-east-1.amazonaws.com"
SPOT_FEED = "https://dftu77xade0tc.cloudfront.net/fargate-spot-prices.json"
INDEX_FILE = "index.json"
INDEX = "/offers/v1.0/aws/index.json"
# Chosen: the indexes have a few hundred kB and the feed less, so that more is a mistake or a trap.
MOST_BYTES_OF_AN_INDEX = 64 << 20


@dataclass(frozen=True, slots=True)
class Sources:
    """Where prices are read, which, and with how much patience."""

    price_list: str = PRICE_LIST
    spot_feed: str = SPOT_FEED
    offers: tuple[Offer, ...] = OFFERS
    """The services to read."""
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class Change:
    """A price that is not what it was."""

    item: str
    region: str
    before: Price | None
    after: Price


def update(
    catalogue: Catalogue,
    regions: Iterable[str],
    folder: Path,
    read: date,
    progress: Progress,
    sources: Sources = Sources(),
) -> Catalogue:
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
    units = {price.item: price.unit for price in catalogue.prices.values()}
    known = sorted(set(regions))
    found: dict[tuple[str, str], Price] = {}
    fetch = _Fetch(folder, progress, sources.price_list.rstrip("/"), sources.patience)
    index = fetch.json(INDEX)
    for offer in sources.offers:
        paths = fetch.json(_path(index, INDEX, "offers", offer.code, "currentRegionIndexUrl"))
        for region in known:
            path = _path(paths, offer.code, "regions", region, "currentVersionUrl")
            file, source = fetch.file(path), f"{fetch.base}{path}"
            prices = offer_prices(file, offer, region, source, units)
            found |= {(item, region): price for item, price in prices.items()}
            file.unlink()
    if not found:
        raise OfferError(f"{fetch.base}: none of the prices that are looked for is in its files")
    feed = fetch.json_of(sources.spot_feed)
    for region in known:
        prices = spot_prices(feed, region, read, sources.spot_feed)
        found |= {(item, region): price for item, price in prices.items()}
    (folder / INDEX_FILE).unlink()
    with suppress(OSError):  # whatever else is in it stays
        folder.rmdir()
    return Catalogue(catalogue.name, dict(catalogue.prices) | found)


def changes(before: Catalogue, after: Catalogue) -> Iterator[Change]:
    """Every price that is new or has other rates, in the order of item and region."""
    for key in sorted(after.prices):
        old, new = before.prices.get(key), after.prices[key]
        if old is None or (old.unit, old.tiers) != (new.unit, new.tiers):
            yield Change(*key, old, new)


@dataclass(frozen=True, slots=True)
class _Fetch:
    """Files of one server, kept in a folder."""

    folder: Path
    progress: Progress
    base: str
    patience: Patience

    def file(self, path: str) -> Path:
        """A file of any size, on disk."""
        target = self.folder / path.strip("/").replace("/", "_")
        download(f"{self.base}{path}", target, self.progress, self.patience)
        return target

    def json(self, path: str) -> Any:  # noqa: ANN401 - JSON is of any type
        """A small file, read."""
        return self.json_of(f"{self.base}{path}")

    def json_of(self, url: str) -> Any:  # noqa: ANN401 - JSON is of any type
        """What a small file at any address says."""
        target = self.folder / INDEX_FILE
        small = min(self.patience.most_bytes, MOST_BYTES_OF_AN_INDEX)
        limits = Patience(
            self.patience.tries, self.patience.first_wait_s, self.patience.silence_s, small
        )
        # Indexes change and are small: each is read from its start.
        for old in self.folder.glob(f"{INDEX_FILE}*"):
            old.unlink()
        download(url, target, self.progress, limits)
        try:
            return json.loads(target.read_bytes())
        except (ValueError, RecursionError) as error:
            raise OfferError(f"{url}: it is no JSON") from error


def _path(content: Any, where: str, *keys: str) -> str:  # noqa: ANN401 - JSON is of any type
    """A path on the same server, behind some keys."""
    at = content
    for key in keys:
        if not isinstance(at, Mapping) or key not in at:
            raise OfferError(f"{where} of the price list has no `{key}`")
        at = at[key]
    if not isinstance(at, str) or not at.startswith("/") or at.startswith("//") or ".." in at:
        raise OfferError(f"{where} of the price list leads to `{at}`, which is no path on it")
    return at


UpdateError = (DownloadError, OfferError, OSError)
"""What may go wrong; the old catalogue stays then."""
