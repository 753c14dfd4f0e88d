"""Amounts of money as people read them."""

from decimal import Decimal

CENT = Decimal("0.005")
"""Less than this is printed as nothing, in USD."""


def money(usd: Decimal) -> str:
    """USD to the cent.

    >>> money(Decimal("1234.5")), money(Decimal("-0.5"))
    ('$1,234.50', '-$0.50')
    """
    return f"{'-' if usd < 0 else ''}${abs(usd):,.2f}"


def signed(saved_usd: Decimal) -> str:
    """What something saves, to the cent; what costs more has a minus.

    >>> signed(Decimal("4.957")), signed(Decimal("-21.7")), signed(Decimal("-0.001"))
    ('$4.96', '-$21.70', '$0.00')
    """
    return money(saved_usd.quantize(Decimal("0.01")) or Decimal(0))
