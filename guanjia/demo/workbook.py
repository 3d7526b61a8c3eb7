"""The demo estate's own workbook: 32 buildings, 1,200 units, in the five-sheet layout that companies send.

Names, identity and phone numbers are invented: area code 990000 and prefix 199 0000 belong to nobody.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from pathlib import Path

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
RARE = ["欧阳", "上官", "司徒", "尉迟", "诸葛", "单", "仇", "解", "区", "查"]
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀兰霞平刚桂英华玉萍红鹏飞鑫波斌宇浩凯健俊帆雪琳晨阳倩婷宁欣怡佳慧颖梓涵子轩一诺思远嘉懿若兮墨"
RARE_GIVEN = ["䶮", "𬭎", "𠅤", "喆", "堃", "翀"]  # beyond the common tables, two beyond the BMP
TOWERS, LOW = 18, 6  # floors


@dataclass(frozen=True)
class Size:
    buildings: int = 32
    units: int = 1200
    parkings: int = 600
    shops: int = 8  # one in each of the first buildings
    phones: int = 19900000000  # from where telephone numbers count
    towers: bool = True  # three of four buildings; else all are low


def person_name(dice: random.Random) -> str:
    surname = dice.choice(RARE) if dice.random() < 0.03 else dice.choice(SURNAMES)
    given = "".join(dice.choices(GIVEN, k=1 if dice.random() < 0.25 else 2))
    return surname + (dice.choice(RARE_GIVEN) if dice.random() < 0.01 else given)


def identity(dice: random.Random, year: int) -> str:
    """An identity number with a right check digit and an area code that nobody has."""
    body = f"990000{year}{dice.randint(1, 12):02d}{dice.randint(1, 28):02d}{dice.randint(0, 999):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def rows(size: Size, seed: int = 7) -> dict[str, list[list[Any]]]:
    """The five sheets as lists of rows, headings first; the same seed gives the same estate."""
    dice = random.Random(seed)
    tall = {number: size.towers and number % 4 != 0 for number in range(1, size.buildings + 1)}
    sheets: dict[str, list[list[Any]]] = {
        "楼栋单元": [["楼栋号", "单元编号", "总层数", "是否有电梯"]],
        "业主信息": [["编号", "业主名称", "性别", "年龄", "手机号", "身份证号", "业主类型", "业主编号"]],
        "费用设置": [
            ["费用编号", "费用类型", "收费项目", "费用标识", "付费类型", "缴费周期", "出账类型", "计费起始时间", "计费结束时间", "计算公式", "计费单价", "固定费用"],
            [1, "物业费", "高层物业服务费", "周期性费用", "后付费", 1, "每月1日", "2025-1-1", "2037-1-1", 1001, 2.65, 0],
            [2, "物业费", "多层物业服务费", "周期性费用", "后付费", 1, "每月1日", "2025-1-1", "2037-1-1", 1001, 1.85, 0],
            [3, "物业费", "生活垃圾处理费", "周期性费用", "后付费", 1, "每月1日", "2025-1-1", "2037-1-1", 2002, 0, 8],
            [4, "物业费", "电梯使用费", "周期性费用", "后付费", 1, "每月1日", "2025-1-1", "2037-1-1", 1001, 0.35, 0],
        ],
        "房屋信息": [["房屋编号", "楼栋编号", "单元编号", "房屋楼层", "房屋户型", "建筑面积", "业主编号", "房屋费用", "费用开始时间", "房屋类型", "室内面积", "租金"]],
        "车位信息": [["停车场编号", "车位编码", "停车场类型", "面积", "业主编号", "车牌号", "车品牌", "车类型（9901 家用小汽车 9902 客车 9903 货车）", "颜色", "出租还是出售（H出租S出售）", "开始时间", "结束时间"]],
    }  # fmt: skip
    for number, is_tall in tall.items():
        for entrance in (1, 2):
            sheets["楼栋单元"].append([number, entrance, TOWERS if is_tall else LOW, "有" if is_tall else "无"])
    households = _homes(sheets, dice, size, tall)
    _parkings(sheets, dice, size, households)
    return sheets


def _homes(sheets: dict[str, list[list[Any]]], dice: random.Random, size: Size, tall: dict[int, bool]) -> int:
    rooms = [
        (number, entrance, floor, door)
        for number, is_tall in tall.items()
        for entrance in (1, 2)
        for floor in range(1, (TOWERS if is_tall else LOW) + 1)
        for door in (1, 2)
    ]
    chosen = sorted(dice.sample(rooms, size.units - size.shops)) + [(number, 0, 1, 1) for number in range(1, size.shops + 1)]
    member = household = 0
    for number, entrance, floor, door in chosen:
        owner = 0
        if dice.random() < 0.95:
            household += 1
            owner = household
            year = dice.randint(1938, 2000)
            for rank in range(dice.choices([1, 2, 3, 4], [30, 40, 20, 10])[0]):
                member += 1
                born = year + (dice.randint(-3, 3) if rank == 1 else dice.randint(22, 30) if rank else 0)
                born = min(born, 2024)
                phone = 18999999999 if dice.random() < 0.1 else size.phones + member
                paper = identity(dice, born) if dice.random() < 0.6 else "111111111111111111"
                kind = 1001 if rank == 0 else 1003 if dice.random() < 0.08 else 1002
                sheets["业主信息"].append([member, person_name(dice), dice.choice("男女"), 2026 - born, phone, paper, kind, owner])
        area = dice.choice([62.5, 78.7, 89.9, 95.1, 108.9, 127.4, 144.3]) + dice.randint(0, 60) / 100
        fees = "1#3" + ("#4" if floor > 2 else "") if tall[number] else "2#3"
        since = "#".join(["2025-1-1"] * len(fees.split("#")))
        kind = 110 if entrance else 111
        sheets["房屋信息"].append(
            [floor * 100 + door, number, entrance, floor, "10102", round(area, 2), owner, fees, since, kind, round(area * 0.8, 2), 0]
        )
    return household


def _parkings(sheets: dict[str, list[list[Any]]], dice: random.Random, size: Size, households: int) -> None:
    brands = ["大众", "丰田", "比亚迪", "特斯拉", "五菱", "吉利", "本田", "红旗"]
    plates = iter(dice.sample(range(10000, 99999), size.parkings))
    for number in range(1, size.parkings + 1):
        row: list[Any] = [1, f"B{number:04d}", "地下停车位", 12.5]
        if dice.random() < 0.7:
            letter = "川AD" if dice.random() < 0.3 else "川A"
            row += [dice.randint(1, households), f"{letter}{next(plates)}", dice.choice(brands), 9901, dice.choice("黑白银灰蓝红"),
                    dice.choice("HS"), "2025-01-01", "2037-1-1"]  # fmt: skip
        sheets["车位信息"].append(row)


def write(path: Path, size: Size | None = None, seed: int = 7) -> Path:
    """Write the workbook to `path`."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        for title, lines in rows(size or Size(), seed).items():
            sheet = book.add_worksheet(title)
            for index, line in enumerate(lines):
                sheet.write_row(index, 0, line)
    return path
