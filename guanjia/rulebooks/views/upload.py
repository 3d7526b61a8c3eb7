"""A company writes its own book: sent, checked, compared, adopted from a date; and how a duty is done here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs

from ..adoption import Adoption
from ..agreeing import agree, slip_of
from ..book import RulebookError
from ..books import file_of
from ..forms import AdoptForm, BookForm, DutyForm
from ..models import OwnBook, Parameter
from ..own import books_of
from ..parameters import entry_of
from ..upload import LARGEST, as_file, checked, differences
from .books import duty_row
from .change import is_companys, moved, put

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ..books import Rulebook


@needs("rule.change")
def upload(request: HttpRequest) -> HttpResponse:
    """First the file is checked and compared; then, said sure, it is kept and adopted from its date."""
    if not is_companys(request):
        raise Http404
    if request.method != "POST":
        return render(request, "rulebooks/upload.html", {"form": BookForm()})
    form = BookForm(request.POST, request.FILES)
    text = _text(request, form)
    if text is None:
        return render(request, "rulebooks/upload.html", {"form": form}, status=422)
    try:
        book, content = checked(text)
    except RulebookError as slips:
        return render(request, "rulebooks/upload.html", {"form": form, "slips": _told(slips), "text": text}, status=422)
    return _compare(request, text, book, content)


def _text(request: Any, form: BookForm) -> str | None:
    if request.POST.get("text"):
        return str(request.POST["text"])
    if not form.is_valid():
        return None
    sent = form.cleaned_data["file"]
    try:
        if sent.size > LARGEST:
            raise ValueError
        return str(sent.read().decode("utf-8-sig"))
    except ValueError:
        form.add_error("file", _("请上传 1 MB 以内的 UTF-8 文本文件。"))
        return None


def _told(slips: RulebookError) -> list[tuple[str, str]]:
    """(line, what is wrong) of each slip."""
    found = []
    for said in str(slips).splitlines():
        _name, _colon, rest = said.partition(":")
        line, _colon, words = rest.partition(":")
        found.append((line.strip(), words.strip()))
    return found


def _compare(request: Any, text: str, book: Rulebook, content: dict[str, Any]) -> HttpResponse:
    known = books_of(request.estate.company_id, clock.now()).get(book.code)
    sure = "sure" in request.POST
    form = AdoptForm(request.POST if sure else None)
    if sure and form.is_valid() and _bring_in(request, content, form):
        return redirect("rulebooks:book", request.estate.code, book.code)
    page = {"form": form, "book": book, "text": text, "known": known, "differences": differences(known, book)}
    return render(request, "rulebooks/compare.html", page, status=422 if form.errors else 200)


def _bring_in(request: Any, content: dict[str, Any], form: AdoptForm) -> bool:
    said, company = form.cleaned_data, request.estate.company
    try:
        OwnBook.objects.bring_in(
            content, company=company, by=request.reach, reason=said["reason"], valid_from=said["valid_from"]
        )
        if said["adopt"]:
            Parameter.objects.set(
                f"book.{content['code']}.adopted",
                True,
                by=request.reach,
                reason=said["reason"],
                company=company,
                valid_from=said["valid_from"],
            )
    except Refused as refused:
        form.add_error("valid_from", str(refused))
        return False
    messages.success(request, _("制度已收下，从所定日期起生效。"))
    return True


@needs("rule.change", "report.read")
def download(request: HttpRequest, code: str) -> HttpResponse:
    """A book as a file: to read, or to write one's own from."""
    if code not in books_of(request.estate.company_id, clock.now()):
        raise Http404
    own = (
        OwnBook.objects.filter(company=request.estate.company_id, code=code, valid_from__lte=clock.now())
        .order_by("-valid_from", "-pk")
        .first()
    )
    text = as_file(file_of(code) if file_of(code).exists() else None, own.content if own else None)
    return HttpResponse(
        text,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{code}.yaml"'},
    )


@needs("rule.change")
def duty(request: HttpRequest, name: str) -> HttpResponse:
    """How a duty is done here: how often, by whom, when; what the company leaves empty is the book's word."""
    books = books_of(request.estate.company_id, clock.now())
    book, entry = next(((one, one.duties[name]) for one in books.values() if name in one.duties), (None, None))
    if book is None or entry is None:
        raise Http404
    adoption = Adoption(request.estate, clock.now())
    now = {what: adoption.setting(f"duty.{name}.{what}", "") for what in ("cadence", "role", "opens", "closes")} | {
        "on": adoption.setting(f"duty.{name}.on", True)
    }
    form = DutyForm(request.POST if request.method == "POST" else None, entry=entry, now=now)
    if not is_companys(request):
        del form.fields["company_wide"]
    page: dict[str, Any] = {"form": form, "row": duty_row(request, book, name, entry), "book": book}
    if form.is_bound and form.is_valid():
        values = {f"duty.{name}.{what}": value for what, value in form.said().items() if value != now[what]}
        if not _agreed(request, values, form):
            return render(request, "rulebooks/duty.html", page, status=422)
        if "sure" not in request.POST:
            return render(request, "rulebooks/duty.html", page | {"moved": moved(request, values, form.cleaned_data)})
        if put(request, values, form):
            return redirect("rulebooks:book", request.estate.code, book.code)
    return render(request, "rulebooks/duty.html", page, status=422 if form.errors else 200)


def _agreed(request: Any, values: dict[str, Any], form: DutyForm) -> bool:
    """Each setting is what its key asks for, and together they make a duty that runs; what is wrong stands beside its field."""
    for key, value in values.items():
        try:
            entry_of(key, request.estate.company_id).check_value(value)
        except ValueError as slip:
            form.add_error(key.rpartition(".")[2], slip_of(key, value, slip))
    if form.errors:
        return False
    try:
        agree(request.estate, values, form.cleaned_data["valid_from"] or clock.now())
    except ValueError as slip:
        hours = [what for what in ("opens", "closes") if form.said()[what]]
        form.add_error("cadence" if form.said()["cadence"] or not hours else hours[-1], slip_of("", "", slip))
        return False
    return True
