"""Bringing a rubric in: upload, look at it, keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.quality.models import OwnRubric
from guanjia.quality.rubrics import checked, in_force
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.web.guard import needs

from .. import rubrics as reading
from .files import EXCEL, UploadForm, on_disk

if TYPE_CHECKING:
    from django.http import HttpRequest

SALT = "rubric-preview"


class RubricForm(UploadForm):
    key = forms.CharField(label=gettext_lazy("编号"), max_length=30, help_text=gettext_lazy("字母、数字、下划线；和已有的相同就是新的一版。"))
    title = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    weight = forms.CharField(label=gettext_lazy("占综合考评的权重（%）"), max_length=6, required=False)
    field_order = ("key", "title", "weight", "file")


@needs("quality.plan")
def rubrics(request: HttpRequest) -> HttpResponse:
    """What would be kept is shown first; only rows without fault can be kept."""
    if request.method == "POST" and "kept" in request.POST:
        return _keep(request)
    form = RubricForm(request.POST or None, request.FILES or None)
    page: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with on_disk(said["file"]) as path:
                content, refused = reading.preview(path, {name: said[name] for name in ("key", "title", "weight")})
            page |= {"refused": refused, "items": content["items"]}
            if not refused:
                content = checked(content)
                page |= {"content": content, "packed": signing.dumps(content, salt=SALT, compress=True)}
        except Refused as slip:
            form.add_error("file", str(slip))
    status = 422 if form.is_bound and (form.errors or page.get("refused")) else 200
    return render(request, "importing/rubrics.html", page, status=status)


def _keep(request: HttpRequest) -> HttpResponse:
    try:
        content = signing.loads(request.POST["kept"], salt=SALT, max_age=24 * 3600)
        made = OwnRubric.objects.keep(content, by=request.reach, reason=request.POST.get("why", ""))
    except signing.BadSignature:
        messages.warning(request, _("预览已经过期，请重新上传。"))
        return redirect("importing:rubrics", request.estate.code)
    except NotAllowed as slip:
        raise Http404 from slip
    except Refused as slip:
        messages.warning(request, str(slip))
        return redirect("importing:rubrics", request.estate.code)
    messages.success(request, _("已保存为第 %(n)s 版。") % {"n": made.version})
    return redirect("quality:rubric", request.estate.code, made.key)


@needs("quality.plan")
def rubric_sheet(request: HttpRequest, key: str) -> HttpResponse:
    """A rubric as it is in force, to be changed and brought in again."""
    row = in_force(request.estate, clock.now(), clock.today(request.estate)).get(key)
    if row is None:
        raise Http404
    content = reading.sheet(row).read()
    return HttpResponse(content, content_type=EXCEL, headers={"Content-Disposition": f'attachment; filename="rubric-{key}.xlsx"'})
