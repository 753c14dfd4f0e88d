"""A document against the types of the language: fields, control characters, remedies."""
