"""Small registers in and out as workbooks: spaces to let, suppliers (VAS-01, F-93)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from guanjia.lettings.models import Space
from guanjia.services.models import Supplier
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
