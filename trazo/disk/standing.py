"""What an output folder holds of each environment, by which new output is judged."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from compiler.backends.terraform.document import Document
from compiler.backends.terraform.hcl_reading import read_hcl
from trazo.disk.places import is_special
from trazo.disk.writing import OutputError

JSON_FILE, HCL_FILE = "cdk.tf.json", "cdk.tf"
# Chosen: a hundred times the stack of trazo's largest example.
MOST_BYTES = 16 << 20


def standing(folder: Path) -> Mapping[str, Document]:
    """The stack of every environment that was written into a folder, by its name.

    Raises:
        OutputError: A file is there and cannot be read.
    """
    try:
        names = sorted(path.name for path in folder.iterdir() if path.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise OutputError(f"{folder} cannot be read ({error}): fix this first") from error
    stacks = {name: _stack(folder / name) for name in names}
    return {name: document for name, document in stacks.items() if document is not None}


def _stack(folder: Path) -> Document | None:
    """What one folder holds in either language, None when it is no stack of ours."""
    for file in (folder / JSON_FILE, folder / HCL_FILE):
        try:
            if is_special(file):
                continue
            text = _text(file)
            document = json.loads(text) if file.name == JSON_FILE else read_hcl(text)
            _refuse_other_forms(document)
        except FileNotFoundError:
            continue
        except (OSError, ValueError, RecursionError) as error:
            raise OutputError(
                f"{file} cannot be read ({error}): restore it, or move it away"
            ) from error
        return document
    return None


def _text(file: Path) -> str:
    """The text of a file that anybody may have written."""
    with file.open("rb") as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES:,} bytes")
    return content.decode("utf-8")


def _refuse_other_forms(document: Any) -> None:  # noqa: ANN401 - JSON is of any type
    """Refuses what no stack looks like, before somebody takes it for one that holds nothing."""
    if not isinstance(document, dict):
        raise ValueError("it is not a Terraform stack")
    kinds = _mapping(document, "resource")
    for kind in kinds:
        bodies = _mapping(kinds, kind)
        for name in bodies:
            _mapping(bodies, name)
    _mapping(_mapping(_mapping(document, "terraform"), "backend"), "s3")
    providers = _mapping(document, "provider").get("aws", ())
    if not isinstance(providers, list | tuple) or not all(isinstance(p, dict) for p in providers):
        raise ValueError("its `aws` is not a list of providers")


def _mapping(whole: dict[str, Any], key: str) -> dict[str, Any]:
    """What a key holds, which is a mapping or not there."""
    value = whole.get(key, {})
    if not isinstance(value, dict):
        raise ValueError(f"its `{key}` is not a mapping")
    return value
