"""What 办事 says of a household's points."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia.keys.hub import Tile

from .models import Purse


def tile(reach: Any) -> Tile | None:
    if reach.is_staff:
        return None
    points = Purse.objects.at_estate(reach.estate).filter(household_id__in=reach.households).aggregate(n=Sum("points"))["n"] or 0
    return Tile("sorting", reverse("sorting:mine", args=[reach.estate.code]), "recycle", _("分类积分"), _("现有 %(n)s 分") % {"n": points}, 0, "")
