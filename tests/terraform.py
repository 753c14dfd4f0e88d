"""Terraform itself, for the tests that ask it: where it is, and what it says of a folder."""

import atexit
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

PROVIDER = Path("registry.terraform.io", "hashicorp", "aws")
# Where machines without network keep unpacked providers.
# Source: https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
MIRRORS = (
    "~/.terraform.d/plugins",
    "~/.local/share/terraform/plugins",
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
)

# A third of the time of a plan went into the collection of garbage, of which there is little.
# Source: https://pkg.go.dev/runtime#hdr-Environment_Variables, and measured.
SETTINGS = {"TF_CLI_CONFIG_FILE": os.devnull, "TF_IN_AUTOMATION": "1", "GOGC": "300"}

BACKEND = {"local": {"path": "terraform.tfstate"}}


@cache
def terraform_missing() -> str:
    """Why Terraform cannot be asked; empty where it is installed, and nothing is skipped there."""
    if shutil.which("terraform") is None:
        return "TERRAFORM IS NOT INSTALLED: nothing here was checked by Terraform itself"
    return ""


def terraform_available() -> bool:
    """Whether Terraform is installed."""
    return not terraform_missing()


@cache
def plugin_folder() -> Path | None:
    """The folder for `terraform init -plugin-dir`, if this machine has one; else it downloads."""
    chosen = os.environ.get("TRAZO_TF_PLUGIN_DIR")
    if chosen:
        return Path(chosen)
    return next((folder for folder in _candidates() if (folder / PROVIDER).is_dir()), None)


def has_provider(major: int) -> bool:
    """Whether the folder of unpacked providers holds a version of the AWS provider."""
    folder = plugin_folder()
    return folder is not None and any((folder / PROVIDER).glob(f"{major}.*"))


def _candidates() -> Iterator[Path]:
    yield from (Path(mirror).expanduser() for mirror in MIRRORS)
    for parent in (Path("/opt"), Path("/usr/local"), Path("/usr/lib"), Path("/srv")):
        for depth in ("*", "*/*"):
            yield from sorted(parent.glob(depth))


def outputs(folder: Path) -> dict[str, Any]:
    """The outputs of a configuration without providers, as Terraform itself evaluates them."""
    run(folder, "apply", "-auto-approve")
    answer: Mapping[str, Any] = json.loads(run(folder, "output", "-json"))
    return {name: output["value"] for name, output in answer.items()}


def validate(folder: Path, initialised: Path, version: str = "~> 5.100") -> list[str]:
    """What `terraform validate` says against a folder, by address; empty when it is valid.

    Args:
        folder: The folder with the configuration.
        initialised: A folder that lasts for the session; the provider is set up there only once.
        version: The versions of the provider that may be set up.
    """
    _initialise(initialised, version=version)
    _link(initialised, folder)
    answer: Mapping[str, Any] = json.loads(run(folder, "validate", "-json", accept=(0, 1)))
    return [
        f"{(found.get('snippet') or {}).get('context')}: {found['summary']}: {found['detail']}"
        for found in answer["diagnostics"]
    ]


def show_plan(folder: Path, initialised: Path) -> str:
    """What `terraform show -json` says of the plan of a folder, whose backend is `BACKEND`.

    Args:
        folder: The folder with the configuration.
        initialised: A folder that lasts for the session; provider and backend are set up there.
    """
    _initialise(initialised, backend=True)
    _link(initialised, folder)
    run(folder, "plan", "-input=false", "-lock=false", "-out=plan.bin")
    return run(folder, "show", "-json", "plan.bin")


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of a folder and of the archives in it, but what `terraform init` has put there."""
    for path in sorted(folder.iterdir()):
        if path.is_file():
            yield path.name, path.read_bytes()
        if path.is_file() and is_zipfile(path):
            with ZipFile(path) as archive:
                yield from ((f"{path.name}/{n}", archive.read(n)) for n in archive.namelist())


def format_changes(folder: Path) -> str:
    """What `terraform fmt` would change in a folder, as a diff; empty when nothing."""
    return run(folder, "fmt", "-check", "-diff", accept=(0, 3))


def _initialise(folder: Path, *, backend: bool = False, version: str = "~> 5.100") -> None:
    if (folder / ".terraform").is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    required = {"aws": {"source": "hashicorp/aws", "version": version}}
    settings = {"required_providers": required, **({"backend": BACKEND} if backend else {})}
    (folder / "main.tf.json").write_text(json.dumps({"terraform": settings}))
    plugins = plugin_folder()
    without = [] if backend else ["-backend=false"]
    run(folder, "init", *without, *([f"-plugin-dir={plugins}"] if plugins else []))


@cache
def providers() -> Path:
    """A folder for `terraform init -plugin-dir` that surely holds the provider."""
    if (folder := plugin_folder()) is not None:
        return folder
    downloaded = Path(tempfile.mkdtemp(prefix="providers-"))
    atexit.register(shutil.rmtree, downloaded, ignore_errors=True)
    _initialise(downloaded)
    return downloaded / ".terraform" / "providers"


def _link(initialised: Path, folder: Path) -> None:
    """Lets a folder use what another one has set up, instead of three seconds of `init`."""
    if not (folder / ".terraform").exists():
        (folder / ".terraform").symlink_to(initialised / ".terraform", target_is_directory=True)
        shutil.copy(initialised / ".terraform.lock.hcl", folder)


def run(folder: Path, *arguments: str, accept: tuple[int, ...] = (0,)) -> str:
    """What Terraform prints; no settings of the user, since they would change the outcome."""
    env = {**os.environ, **SETTINGS}
    run = subprocess.run(
        ["terraform", *arguments], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    if run.returncode not in accept:
        hint = "" if plugin_folder() else " (TRAZO_TF_PLUGIN_DIR names a folder of providers)"
        raise AssertionError(f"terraform {arguments[0]}: {run.stderr or run.stdout}{hint}")
    return run.stdout
