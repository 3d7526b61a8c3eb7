"""Shifts, attendance and support: signed by two, carried until done, assessed by the level above (HND-08..16, STF-05..07, STF-36)."""

from __future__ import annotations

from ..proofs import Source, proof

BOOKS = Source(
    "book", "FROM staffing_shiftbook b JOIN people_person who ON who.id = b.person_id WHERE b.estate_id = %(estate)s AND b.given_at IS NOT NULL",
    "b.id", "who.name || ' ' || b.day", at="b.given_at", who="b.person_id",
)  # fmt: skip
ITEMS = Source(
    "ledger_item",
    "FROM staffing_ledgeritem i WHERE i.estate_id = %(estate)s",
    "i.id",
    "left(i.words, 40)",
    at="i.at",
    who="i.by_id",
)
CLOCKED = Source(
    "attendance", "FROM staffing_attendance a JOIN people_person who ON who.id = a.person_id WHERE a.estate_id = %(estate)s",
    "a.id", "who.name || ' ' || a.day", at="a.in_at", who="a.person_id",
)  # fmt: skip
FACTS = Source(
    "fact",
    "FROM staffing_factrecord f WHERE f.estate_id = %(estate)s",
    "f.id",
    "left(f.words, 40)",
    at="f.at",
    who="f.by_id",
)
AWARDS = Source(
    "award",
    "FROM staffing_award w WHERE w.estate_id = %(estate)s",
    "w.id",
    "left(w.why, 40)",
    at="w.asked_at",
    who="w.asked_by_id",
)
THEIRS = "p.estate_id = a.estate_id AND p.person_id = a.person_id AND p.role = 'steward' AND p.during && a.during"
ABSENCES = Source(
    "absence", f"FROM duties_absence a WHERE a.estate_id = %(estate)s AND EXISTS (SELECT 1 FROM people_post p WHERE {THEIRS})",
    "a.id", "a.during::text", at="a.begun_at", who="a.person_id",
)  # fmt: skip
DAY_OLD = "b.given_at < %(now)s::timestamptz - interval '1 day'"

proof(
    "open_items_closed", ITEMS, "未完事项有结果或转入下一班", "Open items have a result or stand in the next handover",
    due="i.at < %(now)s::timestamptz - interval '1 day'", kept="(i.done_at IS NOT NULL AND i.result <> '') OR (i.carried_at IS NOT NULL AND i.follow_up <> '')",
)  # fmt: skip
proof(
    "book_taken",
    BOOKS,
    "交接班本两人签字",
    "Handover books are signed by two",
    due=DAY_OLD,
    kept="b.taken_at IS NOT NULL",
)
proof(
    "book_reviewed",
    BOOKS,
    "交接班本一日内审核",
    "Handover books are reviewed within a day",
    due=DAY_OLD,
    kept="b.reviewed_at <= b.given_at + interval '1 day'",
)
proof(
    "books_filed", BOOKS, "审核过的台账月底归档", "Reviewed books are filed at the month's end",
    due="b.reviewed_at IS NOT NULL AND b.day < date_trunc('month', %(day)s::date)::date", kept="b.filed_at IS NOT NULL",
)  # fmt: skip
proof(
    "clocked_in_time",
    CLOCKED,
    "班前一刻钟打卡",
    "Clocked in a quarter of an hour before the shift",
    kept="a.in_at <= a.starts_at - interval '15 minutes'",
)
for level, title, title_en in (
    ("manager", "主管不力的事实有考核", "Facts about department heads are assessed"),
    ("company", "经理不力的事实有考核", "Facts about managers are assessed"),
):
    proof(
        f"facts_assessed_by_{level}", FACTS, title, title_en,
        due=f"f.level = '{level}' AND f.at < %(now)s::timestamptz - interval '7 days'", kept="f.judged_at IS NOT NULL",
    )  # fmt: skip
proof(
    "awards_decided",
    AWARDS,
    "及时奖惩三日内审批",
    "Instant rewards and penalties are decided within three days",
    due="w.asked_at < %(now)s::timestamptz - interval '3 days'",
    kept="w.decided_at <= w.asked_at + interval '3 days'",
)
proof(
    "cover_named", ABSENCES, "管家离岗有人代行", "Absent stewards are covered",
    kept=f"a.cover_id IS NOT NULL OR EXISTS (SELECT 1 FROM people_post p JOIN people_post q ON q.estate_id = p.estate_id AND q.zone_id = p.zone_id AND q.during && a.during WHERE {THEIRS} AND (q.deputy OR q.role = 'assistant_steward'))",
)  # fmt: skip
