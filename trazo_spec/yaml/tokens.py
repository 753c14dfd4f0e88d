"""Tokens of YAML as ruamel.yaml finds them, in less time."""

from functools import cached_property
from typing import Any

from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner, ScannerError

# That of a key without `?`, which YAML itself says; no tag means anything here anyway.
_LONGEST_TAG = 1024


class Tokens(Scanner):
    """The same tokens; what ruamel.yaml asks at each of them is answered without detours."""

    scanner_processing_version = (1, 2)

    @cached_property
    def reader(self) -> Reader:
        """The characters."""
        reader: Reader = self.loader.reader
        return reader

    def need_more_tokens(self) -> bool:
        """Whether the next token is not known yet, or may still turn out to be a key."""
        if self.done:
            return False
        if not self.tokens:
            return True
        if not self.possible_simple_keys:
            return False
        self.stale_possible_simple_keys()
        return bool(self.next_possible_simple_key() == self.tokens_taken)

    def check_token(self, *choices: type) -> bool:
        """Whether the next token is one of a few sorts."""
        while self.need_more_tokens():
            self.fetch_more_tokens()
        return bool(self.tokens) and (not choices or isinstance(self.tokens[0], choices))

    def scan_tag_uri(self, name: str, start_mark: Any) -> str:  # noqa: ANN401 # ruamel.yaml's own
        """What a tag says; one without end would be decoded again and again."""
        tag = str(super().scan_tag_uri(name, start_mark))
        if len(tag) > _LONGEST_TAG:
            problem = f"found one of more than {_LONGEST_TAG:,} characters"
            raise ScannerError(f"while scanning a {name}", start_mark, problem, start_mark)
        return tag
