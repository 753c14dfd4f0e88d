"""One permission as a card: what may be done in plain words, and the things it is about."""

from collections.abc import Mapping

from compiler.backends.diagram.model.lanes import Stop, Way
from compiler.backends.diagram.model.picture import Item
from compiler.backends.diagram.model.typeface import WORDS_WIDTH, wrapped
from compiler.backends.diagram.views.action_words import action_words
from compiler.backends.diagram.views.grants import Grant
from compiler.backends.diagram.views.lane_folding import folded_ways
from compiler.backends.diagram.views.security_items import thing_item
from compiler.plan.plan import Plan

PERMISSIONS_ICON = "aws.security.IdentityAndAccessManagementIamPermissions"

# Columns, from the left.
WHO, MAY, WHAT = range(3)

# Chosen: what a reader still takes in.
MOST_THINGS = 6
_MOST_ACTION_LINES = 4

# Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
_WITHOUT_TLS = ("aws:SecureTransport is false",)


def statement(
    id_: str, grant: Grant, plan: Plan, users: Mapping[str, str], most: int = MOST_THINGS
) -> Way:
    """What is permitted or forbidden, and to what.

    Args:
        id_: the id of the words; those of things begin with it.
        grant: the permission.
        plan: where the things are looked up.
        users: for some things, a line about who may use them.
        most: of more things than this, one stands for the rest.
    """
    named = wrapped([*(f"{a}," for a in grant.actions[:-1]), grant.actions[-1]], WORDS_WIDTH)
    shown = named if len(named) <= _MOST_ACTION_LINES else (*named[: _MOST_ACTION_LINES - 1], "…")
    words = action_words(grant.actions)
    title = f"May not {words}" if grant.effect == "Deny" else words[:1].upper() + words[1:]
    if grant.condition == _WITHOUT_TLS:
        title = f"{title} without TLS"
    shared = (f"by the policy {grant.policy.rpartition('.')[2]}",) if grant.policy else ()
    item = Item(
        id_,
        PERMISSIONS_ICON,
        title,
        (*shown, *(f"when {c}" for c in grant.condition), *shared),
        tooltip="\n".join((grant.effect, *grant.actions, *grant.condition)),
    )
    ways = [
        Way(
            Stop(thing_item(f"{id_}.{i}", t, plan, users.get(t, "")), WHAT, "beside"),
            dashed=grant.by_hand,
        )
        for i, t in enumerate(grant.things)
    ]
    names = [_thing_name(way.to.item) for way in ways]
    return Way(Stop(item, MAY, "words", folded_ways(ways, most, "resources", names)))


def _thing_name(item: Item) -> str:
    """What tells one thing from others: below a title such as `ECR`, the name of what is there."""
    return item.details[0] if item.title in ("ECR", "CloudWatch Logs") else item.title
