"""A post goes from one person to another, with everything that is open, in one act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.people.posting import appoint, relieve
from guanjia.people.roles import title_of
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope

from .covering import move_work

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.people.models import Person, Post


def hand_over_post(post: Post, successor: Person, *, by: Any, despite: str = "", at: datetime | None = None) -> Post:
    """From today on the successor holds the post, and has the tasks, tickets and orders that its holder had open.

    What was done before keeps the person who did it. Refused for the same person, and for a post that ended or began today; `despite` is for `appoint`.
    """
    at = at or clock.now()
    if successor.pk == post.person_id or not successor.is_active:
        raise Refused(_("请选择另一位在职的同事接任。"), code="no_successor")
    with estate_scope(post.estate_id):
        # The work first: what goes to the successor by name is not given out anew when the post ends.
        moved = move_work(post, post.person_id, successor.pk, by=by, at=at, why=kept(gettext_lazy("接任")))
        relieve(post, by=by, at=at)
        made = appoint(successor, post.estate, post.role, by=by, zone=post.zone, deputy=post.deputy, despite=despite, at=at)
        counts: dict[str, Any] = {name: len(rows) for name, rows in moved.items()}
        Event.objects.record(
            Action.POST_HANDED_OVER, made, by=by, at=at, role=title_of(post.role), person=post.person.name, successor=successor.name,
            worker_id=successor.pk, **counts,
        )  # fmt: skip
    return made
