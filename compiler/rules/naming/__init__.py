"""Rules about names: what is declared, what is referred to, and what AWS calls it."""
