"""CloudFront: identities and header policies that moto lacks, distributions that forget nothing."""

from collections.abc import Callable, Mapping
from typing import Any

from moto.acm.models import acm_backends
from moto.cloudfront import urls
from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import CloudFrontBackend, Distribution, random_id
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult

Answer = Callable[[CloudFrontResponse], ActionResult]


class _Kept:
    """Objects of one type that come back as they were given, with an id and a version.

    Args:
        member: The name of the object in answers.
        config: The name of what is given, in requests and answers.
        missing: The error for an id that is not known.
        derived: Further members of an answer, from an id.
    """

    def __init__(
        self,
        member: str,
        config: str,
        missing: str,
        derived: Callable[[str], Mapping[str, object]] = lambda _: {},
    ) -> None:
        self.member, self.config, self.missing, self.derived = member, config, missing, derived
        self.given: dict[str, dict[str, Any]] = {}
        self.versions: dict[str, str] = {}

    def create(self, request: CloudFrontResponse) -> ActionResult:
        identifier = random_id()
        self.given[identifier] = request._get_param(self.config)
        self.versions[identifier] = random_id()
        return self._answer(identifier)

    def get(self, request: CloudFrontResponse) -> ActionResult:
        return self._answer(self._known(request))

    def get_config(self, request: CloudFrontResponse) -> ActionResult:
        identifier = self._known(request)
        return ActionResult(
            {self.config: self.given[identifier], "ETag": self.versions[identifier]}
        )

    def update(self, request: CloudFrontResponse) -> ActionResult:
        identifier = self._current(request)
        self.given[identifier] = request._get_param(self.config)
        self.versions[identifier] = random_id()
        return self._answer(identifier)

    def delete(self, request: CloudFrontResponse) -> ActionResult:
        identifier = self._current(request)
        del self.given[identifier], self.versions[identifier]
        return EmptyResult()

    def _known(self, request: CloudFrontResponse) -> str:
        identifier: str = request._get_param("Id")
        if identifier not in self.given:
            raise CloudFrontException(self.missing, f"{identifier} does not exist.")
        return identifier

    def _current(self, request: CloudFrontResponse) -> str:
        identifier = self._known(request)
        given = request._get_param("IfMatch")
        if not given:
            raise CloudFrontException("InvalidIfMatchVersion", "The If-Match version is missing.")
        if given != self.versions[identifier]:
            raise CloudFrontException("PreconditionFailed", "The If-Match version is outdated.")
        return identifier

    def _answer(self, identifier: str) -> ActionResult:
        content = {"Id": identifier, self.config: self.given[identifier]}
        return ActionResult(
            {
                self.member: {**content, **self.derived(identifier)},
                "ETag": self.versions[identifier],
                "Location": f"https://cloudfront.amazonaws.com/2020-05-31/{identifier}",
            }
        )


def _identity(identifier: str) -> dict[str, object]:
    return {"S3CanonicalUserId": identifier.lower().ljust(64, "0")}


def _policy(_identifier: str) -> dict[str, object]:
    return {"LastModifiedTime": "2026-01-01T00:00:00Z"}


KEPT = {
    "origin-access-identity/cloudfront": (
        "cloud_front_origin_access_identity",
        _Kept(
            "CloudFrontOriginAccessIdentity",
            "CloudFrontOriginAccessIdentityConfig",
            "NoSuchCloudFrontOriginAccessIdentity",
            _identity,
        ),
    ),
    "response-headers-policy": (
        "response_headers_policy",
        _Kept(
            "ResponseHeadersPolicy",
            "ResponseHeadersPolicyConfig",
            "NoSuchResponseHeadersPolicy",
            _policy,
        ),
    ),
}
"""Path -> the name of the type in moto's methods, and the objects."""


def _add(path: str, name: str, kept: _Kept) -> None:
    actions = {
        f"create_{name}": kept.create,
        f"get_{name}": kept.get,
        f"get_{name}_config": kept.get_config,
        f"update_{name}": kept.update,
        f"delete_{name}": kept.delete,
    }
    for action, answer in actions.items():
        setattr(CloudFrontResponse, action, _method(answer))
    for suffix in ("", "/(?P<identifier>[^/]+)", "/(?P<identifier>[^/]+)/config"):
        urls.url_paths[f"{{0}}/2020-05-31/{path}{suffix}$"] = CloudFrontResponse.dispatch


def _method(answer: Answer) -> Answer:
    def method(self: CloudFrontResponse) -> ActionResult:
        return answer(self)

    return method


# What AWS answers where nothing was given.
# Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetDistributionConfig.html
DEFAULTS: Mapping[str, object] = {
    "Aliases": {"Quantity": 0},
    "CacheBehaviors": {"Quantity": 0},
    "CustomErrorResponses": {"Quantity": 0},
    "DefaultRootObject": "",
    "HttpVersion": "http2",
    "IsIPV6Enabled": False,
    "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
    "OriginGroups": {"Quantity": 0},
    "PriceClass": "PriceClass_All",
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
    "Staging": False,
    "WebACLId": "",
}
_given: dict[str, dict[str, Any]] = {}
"""The configuration of each distribution, as it was given."""


def _distribution(distribution: Distribution, etag: str) -> ActionResult:
    content = {
        "Id": distribution.id,
        "ARN": distribution.arn,
        "Status": "Deployed",
        "LastModifiedTime": "2026-01-01T00:00:00Z",
        "InProgressInvalidationBatches": 0,
        "DomainName": distribution.domain_name,
        "ActiveTrustedSigners": {"Enabled": False, "Quantity": 0},
        "ActiveTrustedKeyGroups": {"Enabled": False, "Quantity": 0},
        "DistributionConfig": {**DEFAULTS, **_given[distribution.id]},
    }
    return ActionResult({"Distribution": content, "ETag": etag, "Location": distribution.location})


def _copy(config: Any) -> Any:
    """Moto changes what it is given."""
    match config:
        case dict():
            return {key: _copy(value) for key, value in config.items()}
        case list():
            return [_copy(value) for value in config]
        case _:
            return config


def _create_distribution(self: CloudFrontResponse) -> ActionResult:
    config = self._get_param("DistributionConfig", {})
    return _created(self.backend, config, [])


def _create_distribution_with_tags(self: CloudFrontResponse) -> ActionResult:
    given = self._get_param("DistributionConfigWithTags")
    return _created(self.backend, given["DistributionConfig"], given["Tags"].get("Items") or [])


def _created(
    backend: CloudFrontBackend, config: dict[str, Any], tags: list[dict[str, str]]
) -> ActionResult:
    _check_aliases(backend, config)
    distribution, _, etag = backend.create_distribution(_copy(config), tags)
    _given[distribution.id] = config
    return _distribution(distribution, etag)


def _check_aliases(
    backend: CloudFrontBackend, config: Mapping[str, Any], identifier: str = ""
) -> None:
    """Moto takes names that another distribution has, or that no certificate covers.

    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html
    """
    others = (_given[d] for d in backend.distributions if d not in ("", identifier))
    taken = {alias for other in others for alias in _aliases(other)}
    if taken & _aliases(config):
        raise CloudFrontException("CNAMEAlreadyExists", "One of the CNAMEs is already associated.")
    arn = config.get("ViewerCertificate", {}).get("ACMCertificateArn")
    if not all(_covered(alias, _names(backend, arn)) for alias in _aliases(config)):
        words = "doesn't cover the alternate domain name (CNAME) that you're trying to add."
        raise CloudFrontException("InvalidViewerCertificate", f"The certificate {words}")


def _aliases(config: Mapping[str, Any]) -> set[str]:
    return set((config.get("Aliases") or {}).get("Items") or ())


def _names(backend: CloudFrontBackend, arn: str | None) -> set[str]:
    """The names of a certificate, which is in one region for all of CloudFront."""
    certificates = acm_backends[backend.account_id]["us-east-1"]._certificates
    certificate = certificates.get(arn)
    if certificate is None:
        return set()
    return {certificate.common_name, *certificate.sans}


def _covered(alias: str, names: set[str]) -> bool:
    return alias in names or f"*.{alias.partition('.')[2]}" in names


def _get_distribution(self: CloudFrontResponse) -> ActionResult:
    return _distribution(*self.backend.get_distribution(self._get_param("Id")))


def _get_distribution_config(self: CloudFrontResponse) -> ActionResult:
    distribution, etag = self.backend.get_distribution(self._get_param("Id"))
    return ActionResult(
        {"DistributionConfig": {**DEFAULTS, **_given[distribution.id]}, "ETag": etag}
    )


def _update_distribution(self: CloudFrontResponse) -> ActionResult:
    config, identifier = self._get_param("DistributionConfig", {}), self._get_param("Id")
    _check_aliases(self.backend, config, identifier)
    distribution, _, etag = self.backend.update_distribution(
        _copy(config), identifier, self._get_param("IfMatch")
    )
    _given[distribution.id] = config
    return _distribution(distribution, etag)


def close() -> None:
    """Adds the two types, and gives distributions back as they were given."""
    for path, (name, kept) in KEPT.items():
        _add(path, name, kept)
    CloudFrontResponse.create_distribution = _create_distribution
    CloudFrontResponse.create_distribution_with_tags = _create_distribution_with_tags
    CloudFrontResponse.get_distribution = _get_distribution
    CloudFrontResponse.get_distribution_config = _get_distribution_config
    CloudFrontResponse.update_distribution = _update_distribution
