"""What further environments change."""

from hypothesis import strategies as st

from tests.strategies.draft import Draft
from tests.strategies.words import Document


def overlay(draft: Draft, environment: str) -> Document:
    """What a second environment in the same account must change, and a little that it may."""
    changes: dict[str, Document] = {}
    for name, component in draft.components.items():
        if own := _own(component, environment):
            changes[name] = own
        elif component["kind"] == "ecs" and draft.draw(st.booleans()):
            changes[name] = {"scaling": {"min": 1, "max": 4, "schedule": None}}
    if draft.draw(st.booleans()):
        changes[f"only_{environment}"] = {"kind": "s3"}
    return {"components": changes} if changes else {}


def _own(component: Document, environment: str) -> Document:
    """Names of its own for what is unique in an account; the zone is looked up."""

    def renamed(host: str) -> str:
        return f"{environment}-{host}"

    match component["kind"]:
        case "dns":
            return {"existing": True, **({"records": None} if "records" in component else {})}
        case "cloudfront":
            return {"hostname": renamed(component["hostname"]), **_derived(component)}
        case "alb":
            routes = [
                {**r, "host": renamed(r["host"])} if "host" in r else r for r in component["routes"]
            ]
            named = {"hostname": renamed(component["hostname"]), "routes": routes}
            return {**named, **_derived(component)}
        case "s3" if "bucket" in component:
            return {"bucket": f"{environment}-{component['bucket']}"}
        case _:
            return {}


def _derived(component: Document) -> Document:
    """Takes the names of a certificate away, so that they follow from the host names again."""
    return {"certificate": None} if "names" in component.get("certificate", {}) else {}
