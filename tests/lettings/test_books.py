"""Small registers in and out as workbooks: spaces to let, suppliers (VAS-01, F-93)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from guanjia.billing.models import Tariff, UnitFee
from guanjia.events.models import Event
from guanjia.households.models import Parking, Vehicle
from guanjia.importing.contracts import LEASE_HEADS
from guanjia.importing.lines import NEARBY_HEADS, SPACE_HEADS, SUPPLIER_HEADS
from guanjia.importing.outside import CONTACT_HEADS
from guanjia.lettings.bays import gather
from guanjia.lettings.models import Lease, Space
from guanjia.services.models import Supplier
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.workbooks import book_of


def sheet(heads, *rows):
    return SimpleUploadedFile("a.xlsx", book_of([("表", heads, rows)]).read(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@pytest.mark.django_db
def test_spaces_and_suppliers_come_in_row_by_row(cast, client):
    """VAS-01, F-93: what can be kept is, each bad row is named with its reason; read again nothing is there twice."""
    client.force_login(cast.he)
    heads, good, bad = ["类别", "编号", "位置", "月租金"], ["车位", "B1-001", "地下一层", "300"], ["飞机库", "H-1", "", "1"]
    for _again in range(2):
        answer = client.post(reverse("importing:spaces", args=["sunny"]), {"file": sheet(heads, good, bad), "key": "x"})
        assert answer.status_code == 422 and "飞机库" in answer.content.decode()
    assert list(Space.objects.values_list("code", "price")) == [("B1-001", 300)]
    answer = client.post(reverse("importing:spaces", args=["sunny"]), {"file": sheet(["甲", "乙"], ["1", "2"]), "key": "x"})
    assert answer.status_code == 422 and "第一行要有" in answer.content.decode()
    heads = ["名称", "电话", "服务项目"]
    answer = client.post(reverse("importing:suppliers", args=["sunny"]), {"file": sheet(heads, ["洁好家政", "19900000111", "家政服务、家政助理"], ["乙", "1", "造火箭"]), "key": "x"})
    assert answer.status_code == 422 and "造火箭" in answer.content.decode()
    assert Supplier.objects.get().items == ["chores", "housekeeping"]
    client.force_login(cast.zhou)
    assert client.get(reverse("importing:spaces", args=["sunny"])).status_code == 404


def bay(cast, code, lot="1", **more):
    return Parking.objects.create(estate=cast.sunny, lot=lot, code=code, kind="地下停车位", area="12.50", **more)


@pytest.mark.django_db
def test_contracts_come_in_after_a_dry_run(cast, client):
    """VAS-01, FEE-02: a contract of an imported bay finds its bay, its household and plate and begins its fee; checked first, nothing stays; exported it is read again as it is."""
    client.force_login(cast.he)
    car = Vehicle.objects.create(estate=cast.sunny, household=cast.meis, plate="川A12345")
    b7 = bay(cast, "B0007", household=cast.meis, vehicle=car, tenure="H")
    bay(cast, "B0008", household=cast.lus, tenure="S")
    Space.objects.keep(cast.sunny, "storage", "C-001", Decimal(120), by=cast.as_("he"))
    heads = ["类别", "位置编号", "租期从", "租期到", "月租金", "承租房号"]
    good = [["车位", "B0007", "2026-03-01", "2027-02-28", "280", ""], ["储藏间", "C-001", "2026/4/1", "2026/9/30", "120", "5栋1单元101"]]
    bad = [["车位", "B0008", "2026-03-01", "2027-02-28", "280", ""], ["车位", "Z-9", "2026-03-01", "2027-02-28", "280", "3-1-501"], ["储藏间", "C-001", "2026-05-01", "2026-06-01", "120", "3-1-501"], ["储藏间", "C-001", "x", "2026-06-01", "120", "3-1-501"]]
    there = reverse("importing:leases", args=["sunny"])
    checked = client.post(there, {"file": sheet(heads, *good, *bad), "key": "x", "dry": "1"})
    page = checked.content.decode()
    assert checked.status_code == 422 and "2 行可以导入" in page and "已经出售" in page and "Z-9" in page and "已经租出" in page and "不是日期" in page
    assert not Lease.objects.exists() and not Space.objects.filter(kind="parking").exists() and not Event.objects.filter(action="lease.made").exists()
    for _again in range(2):
        assert client.post(there, {"file": sheet(heads, *good), "key": "x"}).status_code == 200
    rows = {row.space.code: row for row in Lease.objects.select_related("space", "unit", "fee")}
    assert (rows["B0007"].household_id, rows["B0007"].unit.code, rows["B0007"].plate, rows["B0007"].space.parking_id) == (cast.meis.pk, "3-1-501", "川A12345", b7.pk)
    assert (rows["C-001"].household_id, len(rows)) == (cast.lus.pk, 2) and UnitFee.objects.filter(fee=rows["B0007"].fee, unit=cast.home).exists()
    book = b"".join(client.get(reverse("lettings:leases", args=["sunny"]), {"xlsx": "leases"}).streaming_content)
    again = client.post(there, {"file": SimpleUploadedFile("a.xlsx", book), "key": "y"})
    assert again.status_code == 200 and Lease.objects.count() == 2
    assert "B0007" in client.get(reverse("lettings:space", args=["sunny", rows["B0007"].space_id])).content.decode()


@pytest.mark.django_db
def test_bays_of_the_register_become_spaces_once(cast, client):
    """VAS-01: those not sold; one code in two lots is told apart; the bay of another household, or one charged by number, is not let."""
    for code, more in (("A1", {}), ("A2", {"tenure": "S"}), ("A3", {"household": cast.lus}), ("A4", {"household": cast.meis})):
        bay(cast, code, **more)
    bay(cast, "A1", lot="2")
    client.force_login(cast.he)
    there = reverse("lettings:bays", args=["sunny"])
    assert "A3" in client.get(there).content.decode() and client.post(there, {"price": "-1"}).status_code == 422
    assert client.post(there, {"price": "300"}).status_code == 302 and gather(cast.sunny, Decimal(1), by=cast.as_("he")) == 0
    spaces = {row.code: row for row in Space.objects.all()}
    assert sorted(spaces) == ["1-A1", "2-A1", "A3", "A4"] and {row.price for row in spaces.values()} == {300}

    def let(code):
        return Lease.objects.let(spaces[code], cast.home, cast.meis, date(2026, 3, 10), date(2026, 12, 31), Decimal(300), by=cast.as_("he"))

    def refusal(code):
        with pytest.raises(Refused) as caught:
            let(code)
        return caught.value.code

    assert refusal("A3") == "held"
    fee = let("2-A1").fee
    Tariff.objects.filter(fee=fee).update(expression="车位数 × 单价")
    assert refusal("A4") == "charged_twice"


def test_headings_are_read_in_every_language():
    """VAS-01, F-68: what an English page asks for is what it writes and reads."""
    with translation.override("en"):
        assert not [head for heads in (SPACE_HEADS, LEASE_HEADS, SUPPLIER_HEADS, NEARBY_HEADS, CONTACT_HEADS) for head in heads if gettext(head) == head]
