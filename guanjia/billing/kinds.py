"""How a fee is reckoned: the choices that fees, prices and runs share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """What a charge is reckoned by; decides its ready-made formula and its income account."""

    AREA = "area", _("按面积")
    FIXED = "fixed", _("固定金额")
    PEOPLE = "people", _("按人口")
    METERED = "metered", _("按表计量")
    LIFT = "lift", _("电梯")
    PARKING = "parking", _("车位")
    STORAGE = "storage", _("储藏间")
    RENT = "rent", _("租金")
    DEPOSIT = "deposit", _("押金")
    AGENCY = "agency", _("代收代缴")
    SHARED = "shared", _("公共分摊")
    OTHER = "other", _("其他")


class Payer(models.TextChoices):
    """Whom a unit's charge is put to. An unsold unit's goes to the developer, whatever the fee says."""

    OWNER = "owner", _("业主")
    TENANT = "tenant", _("租户（没有租户时业主）")


class Proration(models.TextChoices):
    DAY = "day", _("按天")
    MONTH = "month", _("不足一月按一月")
    NONE = "none", _("不折算")


class Rounding(models.TextChoices):
    HALF_UP = "half_up", _("四舍五入")
    DOWN = "down", _("舍去")
    UP = "up", _("进一")


class Step(models.TextChoices):
    CENT = "0.01", _("一分")
    DIME = "0.10", _("一角")
    YUAN = "1.00", _("一元")


class Method(models.TextChoices):
    AREA = "area", _("按面积")
    EVEN = "even", _("按户平摊")
    CUSTOM = "custom", _("按自定系数")
    USAGE = "usage", _("按用量")
