"""Rules about access: where secrets belong, and what policies permit."""
