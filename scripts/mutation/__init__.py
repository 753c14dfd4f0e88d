"""Mutation testing: small mistakes are planted, and tests must see them."""
