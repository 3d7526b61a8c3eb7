"""评分细则: what is scored, item by item; a company writes its own or changes one, as a new version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.web.guard import needs

from ..models import OwnRubric
from ..rubric_rows import lines, read, split
from ..rubrics import in_force, lost, turned
from .common import READ, day_of, render, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(*READ)
def rubrics(request: HttpRequest) -> HttpResponse:
    found = [{**row, "name": turned(row["title"]), "lost": len(lost(row["key"])) if not row["version"] else 0} for row in _known(request).values()]
    return render(request, "quality/rubrics.html", {"rows": found})


def _known(request: HttpRequest) -> dict[str, dict[str, Any]]:
    return in_force(request.estate, clock.now(), clock.today(request.estate))


@needs(*READ)
def rubric(request: HttpRequest, key: str) -> HttpResponse:
    """Every item with its check points; who changed it when and why."""
    row = _known(request).get(key)
    versions = list(OwnRubric.objects.filter(company=request.estate.company_id, key=key).order_by("-version").select_related("author"))
    if row is None and not versions:
        raise Http404
    row = row or {**versions[0].content, "version": versions[0].version}
    items = [{**item, "name": turned(item["title"]), "words": [_(words) for words in item["checks"].values()], "group": turned(item["category"]) if item["category"] else ""} for item in row["items"]]
    missing = [{"name": _(item.title), "words": [_(words) for words in item.checks.values()]} for item in lost(key)] if not row["version"] else []
    return render(request, "quality/rubric.html", {"rubric": row, "name": turned(row["title"]), "items": items, "lost": missing, "versions": versions})


@needs("quality.plan")
def edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """A rubric as lines of a table: 编号, 类别, 项目, 分值, 扣分下限, 扣分上限, 检查点；检查点."""
    row = _known(request).get(key) if key else None
    if key and row is None:
        raise Http404
    said = request.POST if request.method == "POST" else _said(row)
    refused: list[tuple[int, str, str]] = []
    error = ""
    if request.method == "POST":
        content, refused = read(split(said.get("lines", "")), {name: said.get(name, "") for name in ("title", "weight")} | {"key": key or said.get("key", "")})
        try:
            if not refused:
                made = OwnRubric.objects.keep(content, by=request.reach, reason=said.get("why", ""), valid_from=day_of(said.get("from")))
                messages.success(request, _("已保存为第 %(n)s 版。") % {"n": made.version})
                return to(request, "rubric", made.key)
        except NotAllowed as slip:
            raise Http404 from slip
        except Refused as slip:
            error = str(slip)
    page = {"key": key, "said": said, "refused": refused, "error": error}
    return render(request, "quality/rubric_edit.html", page, status=422 if refused or error else 200)


def _said(row: dict[str, Any] | None) -> dict[str, str]:
    return {"title": row["title"], "weight": row["weight"], "lines": lines(row)} if row else {}
