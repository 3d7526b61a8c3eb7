"""From words to a tree. Every mistake names the character where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST, DEEPEST = 300, 60  # characters; steps of descent, three a bracket
OF_METER = {"usage", "earlier", "reading", "previous"}  # what only a meter can say
COMPARISONS = ("<", "<=", ">", ">=", "=", "<>")
# canonical name → (Chinese word, what it is)
NAMES = {
    "area": ("面积", gettext_lazy("建筑面积，平方米")),
    "inner_area": ("套内面积", gettext_lazy("套内面积，平方米")),
    "price": ("单价", gettext_lazy("本价格版本的单价，元")),
    "fixed": ("固定金额", gettext_lazy("本价格版本的固定金额，元")),
    "usage": ("用量", gettext_lazy("本期用量（读数差乘倍率）")),
    "earlier": (
        "本年已用量",
        gettext_lazy("今年本期以前的用量，用于按年累计的阶梯：阶梯(本年已用量＋用量)－阶梯(本年已用量)"),
    ),
    "reading": ("读数", gettext_lazy("本期读数")),
    "previous": ("上次读数", gettext_lazy("上期读数")),
    "count": ("人数", gettext_lazy("住户登记的在住人数")),
    "parkings": ("车位数", gettext_lazy("住户租用或购买的车位数")),
    "level": ("楼层", gettext_lazy("所在楼层")),
    "rent": ("租金", gettext_lazy("房屋登记的月租金，元")),
    "weight": ("系数", gettext_lazy("本户在该费用上的系数")),
}
FUNCTIONS = {
    "min": ("最小", 2, 8), "max": ("最大", 2, 8), "round": ("四舍五入", 1, 2), "down": ("舍去", 1, 1), "up": ("进一", 1, 1),
    "tiers": ("阶梯", 1, 1), "share": ("占比", 1, 1), "if": ("如果", 3, 3),
}  # fmt: skip
WORDS = {name: name for name in (*NAMES, *FUNCTIONS)}
WORDS |= {said[0]: name for book in (NAMES, FUNCTIONS) for name, said in book.items()}
SIGNS = {
    "×": "*",
    "÷": "/",
    "（": "(",
    "）": ")",
    "，": ",",
    "＋": "+",
    "－": "-",
    "＜": "<",
    "＞": ">",
    "≤": "<=",
    "≥": ">=",
    "≠": "<>",
    "!=": "<>",
    "==": "=",
}
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z_一-鿿]+)|(?P<sign><=|>=|<>|!=|==|[-+*/()<>=,，×÷（）＋－＜＞≤≥≠]))"
)


class FormulaError(ValueError):
    """What is wrong, and at which character (the first is 1)."""

    def __init__(self, sentence: str, position: int) -> None:
        super().__init__(_("第 %(at)d 个字：%(what)s") % {"at": position + 1, "what": sentence})
        self.position = position


@dataclass(frozen=True)
class Node:
    """`kind`: number, name, call, or a sign (+ - * / neg < <= > >= = <>). `truth` nodes stand in conditions only."""

    kind: str
    value: str
    parts: tuple[Node, ...] = ()
    position: int = 0

    @property
    def number(self) -> Decimal:
        return Decimal(self.value)


def names_in(node: Node) -> set[str]:
    """The variables, and the functions that need something of a tariff or of all units."""
    own = {node.value} if node.kind in ("name", "call") else set()
    return own.union(*(names_in(part) for part in node.parts))


def parse(text: str) -> Node:
    """The tree of a formula; raises FormulaError."""
    if len(text) > LONGEST:
        raise FormulaError(_("公式太长（最多 %d 个字）") % LONGEST, LONGEST)
    reader = _Reader(text)
    node = reader.sum(0)
    if reader.kind == "sign" and reader.value in COMPARISONS:
        raise FormulaError(_("比较只能写在“如果(…)”的第一项里"), reader.position)
    if reader.kind != "end":
        raise FormulaError(_("这里多了“%s”") % reader.value, reader.position)
    return node


class _Reader:
    """Recursive descent: one token of sight."""

    def __init__(self, text: str) -> None:
        self.text, self.end = text, 0
        self.step()

    def step(self) -> None:
        rest = self.text[self.end :]
        if not rest.strip():
            self.kind, self.value, self.position = "end", _("结尾"), len(self.text.rstrip())
            return
        found = TOKEN.match(self.text, self.end)
        if found is None:
            self.position = self.end + len(rest) - len(rest.lstrip())
            raise FormulaError(_("不认识符号“%s”") % self.text[self.position], self.position)
        self.kind = str(found.lastgroup)
        self.value, self.position, self.end = found[self.kind], found.start(self.kind), found.end()
        if self.kind == "sign":
            self.value = SIGNS.get(self.value, self.value)

    def sum(self, depth: int) -> Node:
        return self._chain(("+", "-"), self.product, depth)

    def product(self, depth: int) -> Node:
        return self._chain(("*", "/"), self.single, depth)

    def _chain(self, signs: tuple[str, ...], inner: object, depth: int) -> Node:
        if depth > DEEPEST:
            raise FormulaError(_("括号套得太深"), self.position)
        node: Node = inner(depth + 1)  # type: ignore[operator]
        while self.kind == "sign" and self.value in signs:
            sign, at = self.value, self.position
            self.step()
            node = Node(sign, sign, (node, inner(depth + 1)), at)  # type: ignore[operator]
        return node

    def single(self, depth: int) -> Node:
        kind, value, at = self.kind, self.value, self.position
        if kind == "sign" and value == "-":
            self.step()
            return Node("neg", "-", (self.single(depth + 1),), at) if depth <= 3 * DEEPEST else self._deep()
        if kind == "sign" and value == "(":
            self.step()
            node = self.sum(depth + 1)
            self.expect(")")
            return node
        if kind == "number":
            self.step()
            if len(value) > 15:
                raise FormulaError(_("数字太长"), at)
            return Node("number", value, (), at)
        if kind == "word":
            return self.word(depth)
        raise FormulaError(_("这里应是数字、名称或括号，不是“%s”") % value, at)

    def _deep(self) -> Node:
        raise FormulaError(_("括号套得太深"), self.position)

    def word(self, depth: int) -> Node:
        said, at = self.value, self.position
        name = WORDS.get(said)
        if name is None:
            known = "、".join(chinese for chinese, _what in NAMES.values())
            raise FormulaError(_("不认识“%(word)s”，可用的名称：%(known)s") % {"word": said, "known": known}, at)
        self.step()
        if name in NAMES:
            return Node("name", name, (), at)
        self.expect("(")
        return self.call(name, said, at, depth)

    def call(self, name: str, said: str, at: int, depth: int) -> Node:
        parts = [self.condition(depth) if name == "if" else self.sum(depth + 1)]
        while self.kind == "sign" and self.value == ",":
            self.step()
            parts.append(self.sum(depth + 1))
        self.expect(")")
        _chinese, fewest, most = FUNCTIONS[name]
        if not fewest <= len(parts) <= most:
            raise FormulaError(
                _("“%(name)s”要 %(few)d 到 %(most)d 项，写了 %(n)d 项")
                % {"name": said, "few": fewest, "most": most, "n": len(parts)},
                at,
            )
        if name == "round" and len(parts) == 2 and not (parts[1].kind == "number" and parts[1].value in "01234"):
            raise FormulaError(_("小数位数写 0 到 4"), parts[1].position)
        if name in ("share", "tiers") and {"share", "tiers"} & names_in(parts[0]):
            raise FormulaError(_("“%s”不能套在自己里面") % said, at)
        return Node("call", name, tuple(parts), at)

    def condition(self, depth: int) -> Node:
        left, at = self.sum(depth + 1), self.position
        if not (self.kind == "sign" and self.value in COMPARISONS):
            raise FormulaError(_("“如果”的第一项要是比较，例如 楼层 > 2"), at)
        sign = self.value
        self.step()
        return Node("compare", sign, (left, self.sum(depth + 1)), at)

    def expect(self, sign: str) -> None:
        if self.kind != "sign" or self.value != sign:
            raise FormulaError(
                _("这里应是“%(sign)s”，不是“%(found)s”") % {"sign": sign, "found": self.value}, self.position
            )
        self.step()
