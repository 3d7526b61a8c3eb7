"""The sheets we know, column by column: what a heading may be called, what it means, an example for the template.

Sources: issue 2 point 2; the five-sheet workbook of property companies and the one-sheet register.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Column:
    name: str
    title: str  # Chinese in every language: it is the file's own word
    also: tuple[str, ...] = ()
    help: object = ""
    example: tuple[object, ...] = ("", "")


@dataclass(frozen=True)
class Layout:
    """A kind of sheet. `needs`: every group must have one of its fields among the headings."""

    key: str
    title: str
    columns: tuple[Column, ...]
    needs: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()

    @cached_property
    def spellings(self) -> dict[str, str]:
        return {spelling.lower(): column.name for column in self.columns for spelling in (column.title, *column.also)}

    @cached_property
    def titles(self) -> dict[str, str]:
        return {column.name: column.title for column in self.columns}

    def fits(self, fields: set[str]) -> bool:
        return all(any(name in fields for name in group) for group in self.needs) and not fields & set(self.without)


_BUILDING = (
    "楼栋编号",
    "楼栋号",
    "楼栋",
    "楼号",
    "栋号",
    "幢号",
    "栋",
    "幢",
    "楼幢",
    "楼幢号",
    "楼宇",
    "楼宇编号",
    "building",
)
_ENTRANCE = ("单元编号", "单元号", "单元", "门栋", "梯号", "unit")
_ROOM = ("房屋编号", "房间", "房号", "房间号", "室号", "房屋号", "门牌号", "房屋", "房屋名称", "室", "户号", "room")
_FLOOR = ("房屋楼层", "楼层", "所在楼层", "层", "floor")
_AREA = ("建筑面积", "面积", "建面", "产权面积", "房屋面积", "收费面积", "计费面积", "area")
_OWNER = ("业主编号", "户主编号", "客户编号", "业主号")

BUILDINGS = Layout(
    "buildings", "楼栋单元",
    (
        Column("building", "楼栋号", _BUILDING, _("楼栋编号，如 1、2、A"), (1, 1)),
        Column("entrance", "单元编号", _ENTRANCE, _("一单元填 1，二单元填 2；只有商铺的楼栋填 0"), (1, 2)),
        Column("floors", "总层数", ("层数", "楼层数", "总楼层", "地上层数"), _("地上层数"), (18, 18)),
        Column("lift", "是否有电梯", ("电梯", "有无电梯", "有电梯"), _("有 或 无"), ("有", "有")),
    ),
    (("building",), ("entrance",), ("floors", "lift")), ("room", "area"),
)  # fmt: skip
OWNERS = Layout(
    "owners", "业主信息",
    (
        Column("number", "编号", ("序号", "人员编号", "成员编号", "住户编号"), _("每人一个编号，不能重复"), (1, 2)),
        Column("name", "业主名称", ("业主姓名", "姓名", "名称", "住户姓名", "客户名称"), _("姓名或单位名称"), ("张建国", "单晓梅")),
        Column("sex", "性别", (), _("男 或 女"), ("男", "女")),
        Column("age", "年龄", (), _("可不填；有身份证号时以身份证为准"), (45, 43)),
        Column("phone", "手机号", ("手机", "手机号码", "联系电话", "电话", "联系方式", "电话号码", "移动电话"), _("11 位；不知道填 18999999999"), ("19900000001", "18999999999")),
        Column("identity", "身份证号", ("身份证", "身份证号码", "证件号", "证件号码"), _("18 位，按文本填写；不知道填 111111111111111111"), ("111111111111111111", "111111111111111111")),
        Column("kind", "业主类型", ("类型", "人员类型", "住户类型", "成员类型", "与业主关系", "身份"), _("1001 业主，1002 家庭成员，1003 租户，1004 临时人员"), (1001, 1002)),
        Column("household", "业主编号", (*_OWNER, "户号", "家庭编号"), _("同一户的人填同一个编号"), (1, 1)),
    ),
    (("number",), ("name",), ("household",)), ("room",),
)  # fmt: skip
FEES = Layout(
    "fees", "费用设置",
    (
        Column("number", "费用编号", ("费用号", "收费编号", "编号"), _("每项一个编号，房屋信息用它指明收哪些费"), (1, 3)),
        Column("category", "费用类型", ("收费类型", "费用类别"), _("如 物业费、停车费"), ("物业费", "物业费")),
        Column("name", "收费项目", ("费用名称", "收费名称", "费用项目", "项目名称"), _("账单上的名称"), ("高层物业服务费", "生活垃圾处理费")),
        Column("flag", "费用标识", (), _("周期性费用 或 一次性费用"), ("周期性费用", "周期性费用")),
        Column("mode", "付费类型", ("付费方式",), _("预付费 或 后付费"), ("后付费", "后付费")),
        Column("period", "缴费周期", ("收费周期", "周期"), _("几个月一期"), (1, 1)),
        Column("bill", "出账类型", ("出账日", "出账时间"), _("如 每月1日"), ("每月1日", "每月1日")),
        Column("starts", "计费起始时间", ("开始时间", "计费开始时间", "起始时间"), _("如 2025-01-01"), ("2025-01-01", "2025-01-01")),
        Column("ends", "计费结束时间", ("结束时间",), _("如 2037-01-01，可不填"), ("2037-01-01", "2037-01-01")),
        Column("formula", "计算公式", ("公式",), _("1001 面积×单价＋附加费；2002 固定费用"), (1001, 2002)),
        Column("price", "计费单价", ("单价", "收费标准"), _("每平方米每月多少元"), (2.65, 0)),
        Column("fixed", "固定费用", ("附加费", "固定金额", "附加费用"), _("元；公式为 1001 时是附加费"), (0, 8)),
    ),
    (("number",), ("name",), ("formula", "price", "fixed")),
)  # fmt: skip
_STATES = ("房屋状态", "状态", "入住状态", "房屋使用状态", "使用状态", "入住情况")
_KINDS = ("房屋类型", "类型", "用途", "房屋用途", "物业类型", "房屋性质")
ROOMS = Layout(
    "rooms", "房屋信息",
    (
        Column("room", "房屋编号", _ROOM, _("房间号，如 501"), (501, 101)),
        Column("building", "楼栋编号", _BUILDING, _("与「楼栋单元」一致"), (1, 1)),
        Column("entrance", "单元编号", _ENTRANCE, _("与「楼栋单元」一致；商铺填 0"), (1, 0)),
        Column("floor", "房屋楼层", _FLOOR, _("第几层"), (5, 1)),
        Column("layout", "房屋户型", ("户型",), _("可不填"), ("三室两厅", "")),
        Column("area", "建筑面积", _AREA, _("平方米"), (89.5, 45)),
        Column("household", "业主编号", _OWNER, _("「业主信息」里的业主编号；没有业主填 0"), (1, 0)),
        Column("fees", "房屋费用", ("费用", "费用编号", "收费项目"), _("费用编号，多项用 # 分隔，如 1#3"), ("1#3", "3")),
        Column("starts", "费用开始时间", ("费用起始时间", "计费开始时间", "开始时间"), _("与房屋费用一一对应，只填一个表示都一样"), ("2025-01-01", "2025-01-01")),
        Column("kind", "房屋类型", _KINDS, _("110 住宅，119 办公，商铺…"), (110, "商铺")),
        Column("inner", "室内面积", ("套内面积", "使用面积", "套内建筑面积"), _("平方米，可不填"), (71.6, "")),
        Column("rent", "租金", ("月租金",), _("元/月，可不填"), (0, 0)),
        Column("state", "房屋状态", _STATES, _("可不填：有业主为已入住，没有为空置"), ("", "")),
    ),
    (("room",), ("household",)), ("owner",),
)  # fmt: skip
PARKING = Layout(
    "parking", "车位信息",
    (
        Column("lot", "停车场编号", ("停车场", "车场编号", "车库编号"), _("停车场编号"), (1, 1)),
        Column("code", "车位编码", ("车位编号", "车位号", "车位"), _("同一停车场内不能重复"), ("B0001", "B0002")),
        Column("kind", "停车场类型", ("车位类型",), _("如 地下停车位"), ("地下停车位", "地下停车位")),
        Column("area", "面积", ("车位面积", "建筑面积"), _("平方米"), (12.5, 12.5)),
        Column("household", "业主编号", _OWNER, _("「业主信息」里的业主编号，空着表示未租售"), (1, "")),
        Column("plate", "车牌号", ("车牌", "车牌号码", "车号"), _("可不填"), ("川A12345", "")),
        Column("brand", "车品牌", ("品牌", "车辆品牌"), _("可不填"), ("比亚迪", "")),
        Column("vehicle", "车类型", ("车辆类型",), _("9901 家用小汽车，9902 客车，9903 货车"), (9901, "")),
        Column("colour", "颜色", ("车辆颜色", "车颜色"), _("可不填"), ("白", "")),
        Column("tenure", "出租还是出售", ("租售", "租售状态", "租售类型"), _("H 出租，S 出售"), ("H", "")),
        Column("starts", "开始时间", ("起租时间", "起始时间"), _("如 2025-01-01"), ("2025-01-01", "")),
        Column("ends", "结束时间", ("到期时间", "截止时间"), _("如 2037-01-01"), ("2037-01-01", "")),
    ),
    (("code",), ("lot", "plate", "tenure")),
)  # fmt: skip
FLAT = Layout(
    "flat", "房屋业主",
    (
        Column("building", "楼号", _BUILDING, _("楼栋编号，如 1、2、A"), (1, 1)),
        Column("entrance", "单元", _ENTRANCE, _("一单元填 1；商铺填 0"), (1, 0)),
        Column("room", "房间", _ROOM, _("房间号，如 501；也可写全 1-1-501"), (501, 101)),
        Column("floor", "楼层", _FLOOR, _("第几层"), (5, 1)),
        Column("layout", "户型", ("房屋户型",), _("可不填"), ("三室两厅", "")),
        Column("area", "建筑面积", _AREA, _("平方米"), (89.5, 45)),
        Column("inner", "室内面积", ("套内面积", "使用面积", "套内建筑面积"), _("平方米，可不填"), (71.6, "")),
        Column("kind", "房屋类型", _KINDS, _("住宅、商铺、办公"), ("住宅", "商铺")),
        Column("state", "房屋状态", _STATES, _("已入住、空置、未售、装修中、已出租"), ("已入住", "空置")),
        Column("household", "业主编号", _OWNER, _("可不填；填了就按它归户"), ("", "")),
        Column("owner", "业主名称", ("业主姓名", "业主", "姓名", "户主", "户主姓名", "产权人", "客户名称", "名称"), _("几个人用 、 分隔，第一个为业主"), ("张建国、单晓梅", "")),
        Column("sex", "性别", (), _("男 或 女"), ("男", "")),
        Column("phone", "手机号", ("手机", "手机号码", "联系电话", "电话", "联系方式", "电话号码", "业主电话"), _("几个号码与姓名一一对应"), ("19900000001", "")),
        Column("identity", "身份证号", ("身份证", "身份证号码", "证件号", "证件号码"), _("18 位，按文本填写"), ("111111111111111111", "")),
        Column("lift", "是否有电梯", ("电梯", "有无电梯"), _("可不填"), ("有", "有")),
    ),
    (("room",), ("building", "owner"), ("owner", "area", "state", "floor")), ("plate",),
)  # fmt: skip

LAYOUTS = (BUILDINGS, OWNERS, FEES, ROOMS, PARKING, FLAT)
FIVE = (BUILDINGS, OWNERS, FEES, ROOMS, PARKING)
