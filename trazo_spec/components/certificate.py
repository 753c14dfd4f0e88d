"""What may be written about a TLS certificate."""

from typing import Self

from trazo_spec.base import Strict
from trazo_spec.text import Arn, CertificateName


class Certificate(Strict):
    """An AWS Certificate Manager certificate: a new one for these names, or an existing one."""

    names: tuple[CertificateName, ...] = ()
    """The names it is valid for; by default, the host names of the component."""
    arn: Arn | None = None
    """An existing certificate to use instead of a new one."""

    def completed(self, hosts: tuple[str, ...]) -> Self:
        """Return it for these host names, where it says nothing else."""
        if self.arn is not None or self.names:
            return self
        return self.model_copy(update={"names": hosts})
