"""Workbooks made for tests: the five sheets, the one sheet, of any size. Needs nothing but xlsxwriter."""

from __future__ import annotations

import random
from datetime import date, timedelta

import xlsxwriter

from guanjia.importing.layouts import BUILDINGS, FEES, FIVE, FLAT, OWNERS, PARKING, ROOMS
from guanjia.importing.persons import check_digit

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘蔡蒋余单仇解区查"
GIVEN = "建国晓梅伟芳秀英娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰子轩梓涵"


def identity(seed: int, born: date | None = None) -> str:
    """A well-formed number of nobody: region 990000 does not exist."""
    day = born or date(1950, 1, 1) + timedelta(days=seed * 37 % 20000)
    seventeen = f"990000{day:%Y%m%d}{seed % 1000:03d}"
    return seventeen + check_digit(seventeen)


def save(path, sheets, **options):
    """Write {sheet name: rows}; dates become real date cells."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "yyyy-mm-dd", **options})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None and value != "":
                    page.write(line, column, value)
    book.close()
    return path


def titles(layout):
    return [column.title for column in layout.columns]


def rows_of(layout, *records):
    """Records given by field names, under the layout's headings."""
    names = [column.name for column in layout.columns]
    for record in records:
        assert set(record) <= set(names), set(record) - set(names)
    return [titles(layout), *([record.get(name, "") for name in names] for record in records)]


def person(number, name="张建国", household=None, **more):
    return {"number": number, "name": name, "household": household or number, "kind": 1001, **more}


def room(room, household=1, building=1, entrance=1, **more):
    return {
        "room": room,
        "building": building,
        "entrance": entrance,
        "floor": 1,
        "area": 89.5,
        "household": household,
        **more,
    }


def five(path, buildings=None, owners=(), fees=(), rooms=(), parking=(), **options):
    """The five-sheet layout from records; sheets without records are left out."""
    given = {
        BUILDINGS: [{"building": 1, "entrance": 1, "floors": 18, "lift": "有"}] if buildings is None else buildings,
        OWNERS: owners, FEES: fees, ROOMS: rooms, PARKING: parking,
    }  # fmt: skip
    return save(path, {layout.title: rows_of(layout, *given[layout]) for layout in FIVE if given[layout]}, **options)


def flat(path, *records, sheet="台账"):
    return save(path, {sheet: rows_of(FLAT, *records)})


def estate(path, units=1200, seed=1):
    """A believable estate of so many units: 40 a staircase, two staircases a building, 1.8 people a household."""
    chance = random.Random(seed)

    def rooms():
        yield titles(ROOMS)
        for at in range(units):
            stair, flat_ = divmod(at, 40)
            floor = flat_ // 4 + 1
            fees = "1#2" if at % 3 else "1"
            since = ["2025-1-1#2025-1-1" if at % 3 else "2025-1-1", "2025/1/1", 45658][at % 3]
            yield [
                floor * 100 + flat_ % 4 + 1,
                stair // 2 + 1,
                stair % 2 + 1,
                floor,
                "三室",
                round(60 + at % 90 + 0.37, 2),
                at + 1,
                fees,
                since,
                110,
                "",
                0,
                "",
            ]

    def owners():
        yield titles(OWNERS)
        number = 0
        for household in range(1, units + 1):
            for rank in range(1 + (chance.random() < 0.8)):
                number += 1
                name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))
                unknown = chance.random() < 0.2
                yield [number, name, "男女"[number % 2], 30, 18999999999 if unknown else 19900000000 + number,
                       "1" * 18 if unknown else identity(number), 1002 if rank else 1001, household]  # fmt: skip

    buildings = ([stair // 2 + 1, stair % 2 + 1, 10, "有"] for stair in range(-(-units // 40)))
    lots = (
        [
            1,
            f"B{at:06d}",
            "地下停车位",
            12.5,
            at * 2 + 1,
            f"川A{at:05d}",
            "比亚迪",
            9901,
            "白",
            "HS"[at % 2],
            "2025-01-01",
            "2037-1-1",
        ]
        for at in range(units // 2)
    )
    fees = rows_of(FEES, {"number": 1, "name": "物业服务费", "category": "物业费", "formula": 1001, "price": 2.65, "period": 1, "bill": "每月1日", "starts": "2025-1-1"},
                   {"number": 2, "name": "垃圾处理费", "formula": 2002, "fixed": 8, "period": 1, "bill": "每月1日"})  # fmt: skip
    return save(path, {
        "楼栋单元": [titles(BUILDINGS), *buildings], "业主信息": owners(), "费用设置": fees, "房屋信息": rooms(),
        "车位信息": [titles(PARKING), *lots],
    })  # fmt: skip
