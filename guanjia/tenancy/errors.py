"""Errors a verb raises; pages show them, the API turns them into problem answers."""

from __future__ import annotations


class Refused(Exception):
    """The house refuses an act, for a reason a person can read.

    `code` is stable for machines (`already_closed`), `args[0]` is the translated sentence.
    """

    def __init__(self, sentence: object, code: str = "refused") -> None:
        super().__init__(sentence)
        self.code = code

    def __str__(self) -> str:
        return str(self.args[0])


class NotAllowed(Refused):
    """The actor's posts do not carry the permission that the verb asks for."""

    def __init__(self, permission: str) -> None:
        from django.utils.translation import gettext as _

        super().__init__(_("您的岗位没有这项权限。"), code="not_allowed")
        self.permission = permission
