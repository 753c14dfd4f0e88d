"""Amounts of money as people read them."""

from decimal import Decimal

CENT = Decimal("0.005")
"""Less than this is printed as nothing, in USD."""
AT_LEAST = "\N{GREATER-THAN OR EQUAL TO} "
"""Stands before a sum of which a part has no price."""


def money(usd: Decimal) -> str:
    """USD to the cent.

    >>> money(Decimal("1234.5")), money(Decimal("-0.5"))
    ('$1,234.50', '-$0.50')
    """
    return f"{'-' if usd < 0 else ''}${abs(usd):,.2f}"


def at_least(usd: Decimal, *, complete: bool) -> str:
    """A sum to the cent, marked where a part of it has no price.

    >>> at_least(Decimal("1.35"), complete=True), at_least(Decimal("1.35"), complete=False)
    ('$1.35', '\u2265 $1.35')
    """
    return money(usd) if complete else f"{AT_LEAST}{money(usd)}"


def signed(saved_usd: Decimal) -> str:
    """What something saves, to the cent; what costs more has a minus.

    >>> signed(Decimal("4.957")), signed(Decimal("-21.7")), signed(Decimal("-0.001"))
    ('$4.96', '-$21.70', '$0.00')
    """
    return money(saved_usd.quantize(Decimal("0.01")) or Decimal(0))
