"""Amounts of money as people read them."""

from decimal import Decimal


def money(usd: Decimal) -> str:
    """USD to the cent.

    >>> money(Decimal("1234.5")), money(Decimal("-0.5"))
    ('$1,234.50', '-$0.50')
    """
    return f"{'-' if usd < 0 else ''}${abs(usd):,.2f}"
