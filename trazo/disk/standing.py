"""What an output folder holds of each environment, by which new output is judged."""

import json
from collections.abc import Mapping
from pathlib import Path

from compiler.backends.terraform.document import Document
from compiler.backends.terraform.hcl_reading import read_hcl
from trazo.disk.places import is_special
from trazo.disk.writing import OutputError

JSON_FILE, HCL_FILE = "cdk.tf.json", "cdk.tf"


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
        raise OutputError(f"{folder} cannot be read ({error}): put that right") from error
    found = {name: _stack(folder / name) for name in names}
    return {name: document for name, document in found.items() if document is not None}


def _stack(folder: Path) -> Document | None:
    """What one folder holds in either language, None when it is no stack of ours."""
    for file in (folder / JSON_FILE, folder / HCL_FILE):
        try:
            if is_special(file):
                continue
            text = file.read_text("utf-8")
            document = json.loads(text) if file.name == JSON_FILE else read_hcl(text)
        except FileNotFoundError:
            continue
        except (OSError, ValueError, RecursionError) as error:
            raise OutputError(
                f"{file} cannot be read ({error}): restore it, or move it away"
            ) from error
        return document if isinstance(document, dict) else None
    return None
