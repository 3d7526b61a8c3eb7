"""How the people of the demo estate behave: one method for each thing they do, each sets the next in motion."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guanjia.estates.marks import mark_of
from guanjia.estates.models import Place
from guanjia.households.models import Member, Occupancy
from guanjia.people.models import Person, Post
from guanjia.people.roles import Role
from guanjia.tickets.categories import categories
from guanjia.tickets.kinds import Channel, Stage
from guanjia.tickets.models import Ticket

from . import words
from .aftercare import Aftercare

if TYPE_CHECKING:
    from .history import History

WEIGHTS = {
    "leak": 9, "power": 4, "lift": 5, "drain": 12, "door_lock": 9, "lighting": 10, "facility": 5, "cleaning": 8, "greening": 4,
    "order": 4, "parking": 7, "noise": 6, "service": 3, "fees": 6, "procedure": 5, "improvement": 4, "praise": 2, "other": 2,
}  # fmt: skip
PUBLIC = {"lift", "lighting", "facility", "cleaning", "greening", "door_lock"}

OUTSIDE = {"lighting", "facility", "cleaning", "greening", "parking"}


class Life(Aftercare):
    def __init__(self, history: History) -> None:
        self.history, self.dice, self.estate = history, history.dice, history.estate
        held = list(Post.objects.at_estate(self.estate).select_related("person"))
        self.by_role: dict[str, list[Person]] = {}
        for post in held:
            self.by_role.setdefault(post.role, []).append(post.person)
        self.stewards = {post.zone_id: post.person for post in held if post.role == Role.STEWARD}
        signed_in = Member.objects.at_estate(self.estate).filter(login__isnull=False).select_related("login").values_list("household_id", "login_id")
        logins = dict(signed_in)
        people = Person.objects.in_bulk(logins.values())
        homes = Occupancy.objects.at_estate(self.estate).select_related("unit", "household").order_by("pk")[:600]
        self.homes = [(home.unit, home.household, people.get(logins.get(home.household_id, 0))) for home in homes]
        self.apps = sorted((home for home in self.homes if home[2]), key=lambda home: home[2].pk if home[2] else 0)
        self.places = list(Place.objects.at_estate(self.estate).order_by("pk")[:80])
        self.phones = dict(
            Member.objects.at_estate(self.estate).filter(kind=Member.Kind.OWNER).exclude(phone="").values_list("household_id", "phone")
        )

    # -- chance ---------------------------------------------------------------------------------------------------

    def soon(self, mean: float, late: float = 0.08) -> timedelta:
        """A delay in minutes around `mean`; now and then somebody forgets for a while."""
        minutes = self.dice.expovariate(1 / mean) + 0.5
        return timedelta(minutes=minutes * (6 if self.dice.random() < late else 1))

    def later(self, at: datetime, mean: float, act: Any, ticket: Ticket, *more: Any, late: float = 0.08) -> None:
        pk = ticket.pk
        self.history.later(at + self.soon(mean, late), lambda now: act(self.fetch(pk), now, *more))

    def fetch(self, pk: int) -> Ticket:
        return Ticket.objects.at_estate(self.estate).get(pk=pk)

    def any_of(self, role: str) -> Person:
        return self.dice.choice(self.by_role[role])

    def steward_of(self, ticket: Ticket) -> Any:
        return self.history.reach(self.stewards.get(ticket.zone_id) or ticket.steward or self.any_of(Role.DISPATCHER))

    # -- what people do -------------------------------------------------------------------------------------------

    def report(self, at: datetime) -> None:
        dice = self.dice
        category = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        said = words.RARE_REPORT if dice.random() < 0.02 else dice.choice(words.REPORTS[category])
        by_app = dice.random() < 0.55 and self.apps
        unit, household, person = dice.choice(self.apps if by_app else self.homes)
        if by_app and dice.random() < 0.05:
            unit, household, person = self.apps[0]  # whose login `bin/demo` prints
        where: dict[str, Any] = {"unit": unit}
        if category in PUBLIC and dice.random() < 0.5 and self.places:
            where = {"place": dice.choice(self.places)}
        if category in OUTSIDE and dice.random() < 0.03:
            where = {"where": "北门外市政人行道"}
        kind = categories()[category].kind
        more: dict[str, Any] = {"kind": kind, "words": said, "household_id": household.pk, **where}
        if by_app and person:
            by = self.history.reach(person)
            more |= {"channel": Channel.ONLINE, "wishes": dice.choice(words.WISHES[1:5]) if dice.random() < 0.2 else ""}
            if kind == "complaint" and dice.random() < 0.15:
                more["anonymous"] = True
        else:
            by = self.history.reach(self.any_of(Role.FRONT_DESK) if dice.random() < 0.6 else self.any_of(Role.DISPATCHER))
            channel = dice.choices([Channel.PHONE, Channel.ON_SITE, Channel.GROUP, Channel.PATROL, Channel.LETTER], [60, 15, 15, 8, 2])[0]
            more |= {"channel": channel, "reporter_name": household.name, "reporter_phone": self.phones.get(household.pk, "")}
            if channel == Channel.PHONE:
                more["checklist"] = {"heard": True, "asked": True, "written": True}
        ticket = Ticket.objects.report(by=by, estate=self.estate, **more)
        self.history.made += 1
        if ticket.channel == Channel.GROUP:
            self.later(at, 2, self.group_reply, ticket)
        if not ticket.steward_id:
            self.later(at, 3, self.find_steward, ticket)
        self.later(at, 4.5, self.classify, ticket, category)

    def find_steward(self, ticket: Ticket, at: datetime) -> None:
        """What lies outside every zone is taken all the same: somebody follows it, the town mends it (REQ-37)."""
        by = self.history.reach(self.any_of(Role.DISPATCHER))
        ticket.hand_to(self.any_of(Role.STEWARD), "小区外，由就近管家跟进", by=by)
        ticket.pass_on("市政养护", by=by, words="已报 12345，跟进到修好")

    def group_reply(self, ticket: Ticket, at: datetime) -> None:
        ticket.reply_in_group("收到，马上安排", by=self.steward_of(ticket))
        self.later(at, 15, self.group_feedback, ticket)

    def group_feedback(self, ticket: Ticket, at: datetime) -> None:
        ticket.feed_back_in_group("已安排师傅，处理好后在群里告知", by=self.steward_of(ticket))

    def classify(self, ticket: Ticket, at: datetime, category: str) -> None:
        ticket.classify(by=self.steward_of(ticket), klass=categories()[category].klass, category=category)
        urgent = ticket.klass == "urgent"
        if self.dice.random() < 0.02:
            self.later(at, 30, self.cancel, ticket)
        elif categories()[category].trade == Role.STEWARD:
            self.later(at, 60, self.answer, ticket)
        else:
            self.later(at, 4 if urgent else 14, self.dispatch, ticket)

    def go_on(self, ticket: Ticket, at: datetime) -> None:
        """What a round found and reported goes its way like any other."""
        if ticket.stage == Stage.RECEIVED:
            self.later(at, 4.5, self.classify, ticket, ticket.category)
        elif categories()[ticket.category].trade == Role.STEWARD:
            self.later(at, 60, self.answer, ticket)
        else:
            self.later(at, 4 if ticket.klass == "urgent" else 14, self.dispatch, ticket)

    def cancel(self, ticket: Ticket, at: datetime) -> None:
        ticket.cancel("自己解决了", by=self.steward_of(ticket))

    def answer(self, ticket: Ticket, at: datetime) -> None:
        """What needs no work order: enquiries, suggestions, praise, complaints about service."""
        by = self.steward_of(ticket)
        if ticket.klass == "suggestion":
            ticket.reply_plan("已报项目部研究，本周内给出方案", by=by)
        else:
            ticket.progress(self.dice.choice(["已核对清楚，回电说明", "已电话联系，约定当面沟通"]), by=by)
        self.later(at, 60, self.complete, ticket)

    def complete(self, ticket: Ticket, at: datetime) -> None:
        ticket.complete("已答复业主", by=self.steward_of(ticket))
        self.after(ticket, at)

    def dispatch(self, ticket: Ticket, at: datetime) -> None:
        trade = categories()[ticket.category].trade
        worker = self.any_of(Role.ORDER_LEADER if trade == Role.ORDER_KEEPER else trade)
        wishes = ticket.wishes or self.dice.choice(words.WISHES)
        order = ticket.dispatch(by=self.steward_of(ticket), worker=worker, wishes=wishes, priority=ticket.priority)
        self.later(at, 4, self.take, ticket, order.pk)

    def take(self, ticket: Ticket, at: datetime, order_pk: int) -> None:
        order = ticket.works.select_related("worker", "ticket").get(pk=order_pk)
        by = self.history.reach(order.worker)
        if self.dice.random() < 0.01:
            order.refuse("dangerous", "作业面有积水带电，需先断电", by=by)
            self.later(at, 60, self.rule, ticket, order_pk)
            return
        order.take(by=by)
        self.later(at, 11 if ticket.klass == "urgent" else 45, self.arrive, ticket, order_pk)

    def rule(self, ticket: Ticket, at: datetime, order_pk: int) -> None:
        """A supervisor has had the power cut: the ground is gone, the work goes on."""
        order = ticket.works.select_related("worker", "ticket").get(pk=order_pk)
        order.judge_refusal(False, "已断电排水，现场安全员确认可以作业", by=self.history.reach(self.any_of(Role.SUPERVISOR)))
        self.later(at, 5, self.take, ticket, order_pk)

    def help(self, ticket: Ticket, at: datetime, order_pk: int) -> None:
        """A neighbouring post comes along and leaves when it is carried."""
        order = ticket.works.select_related("worker", "ticket").get(pk=order_pk)
        others = [person for person in self.by_role[Role.REPAIRER] if person.pk != order.worker_id]
        helper = order.send_help(self.dice.choice(others), by=self.steward_of(ticket))
        by = self.history.reach(helper.worker)
        helper.take(by=by)
        helper.finish("协助搬运固定", by=by)

    def arrive(self, ticket: Ticket, at: datetime, order_pk: int) -> None:
        order = ticket.works.select_related("worker", "ticket").get(pk=order_pk)
        by = self.history.reach(order.worker)
        spot = ticket.unit or ticket.place
        scanned = spot is not None and self.dice.random() < 0.6
        order.arrive(by=by, proof="qr" if scanned else "word", mark=mark_of(spot) if scanned else "")
        if self.dice.random() < 0.08:
            self.later(at, 10, self.hold, ticket)
        elif self.dice.random() < 0.15:
            order.ask_help("neighbour", "需要两人配合", by=by)
            self.later(at, 12, self.help, ticket, order_pk)
        if self.dice.random() < 0.4:
            self.later(at, 40, self.tell, ticket, late=0.3)
        self.later(at, 35, self.finish, ticket, order_pk, late=0.12)

    def hold(self, ticket: Ticket, at: datetime) -> None:
        ticket.hold(self.dice.choice(words.HOLD), by=self.steward_of(ticket))
        self.later(at, 300, self.resume, ticket)

    def resume(self, ticket: Ticket, at: datetime) -> None:
        ticket.resume(by=self.steward_of(ticket))

    def tell(self, ticket: Ticket, at: datetime) -> None:
        ticket.progress(self.dice.choice(words.PROGRESS), by=self.steward_of(ticket))

    def finish(self, ticket: Ticket, at: datetime, order_pk: int) -> None:
        if ticket.held:
            self.later(at, 120, self.finish, ticket, order_pk)
            return
        order = ticket.works.select_related("worker", "ticket").get(pk=order_pk)
        by = self.history.reach(order.worker)
        if ticket.category in words.MATERIAL and self.dice.random() < 0.45:
            item, unit, price = words.MATERIAL[ticket.category]
            order.use(item, Decimal(self.dice.randint(1, 3)), by=by, unit=unit, price=Decimal(price))
        order.finish(self.dice.choice(words.FINISH.get(ticket.category, ["现场处理完毕"])), by=by)
        self.after(ticket, at)
