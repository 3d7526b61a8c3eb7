"""Trainings, exams, certificates and readiness (TRN-01, TRN-04, TRN-05, TRN-14, TRN-15, QLT-10, QLT-11, QLT-16, QLT-31)."""

from __future__ import annotations

from guanjia.people.roles import roles
from guanjia.training.book import certificates_for, group_of, training_book

from ..proofs import Source, proof


def _asked(pairs: list[tuple[str, str]]) -> str:
    """Pairs of role and key as a table: names of our own files, never anybody's words."""
    return ", ".join(f"('{role}', '{key}')" for role, key in pairs)


BOOK = training_book()
CERTIFIED = _asked([(role, key) for role in roles() for key in certificates_for(role)])
TAUGHT = _asked([(role, key) for role in roles() for key in BOOK.groups[group_of(role)].courses])
EXAMINED = _asked([(role, key) for role in roles() for key in BOOK.groups[group_of(role)].papers])
CLEARED = _asked([(role, group_of(role)) for role in roles() if BOOK.groups[group_of(role)].cleared])
RECENT = f"%(now)s::timestamptz - interval '{BOOK.within} months'"


def _posts(pairs: str) -> Source:
    """Posts held today with each thing they ask for."""
    return Source(
        "post", f"FROM people_post p JOIN (VALUES {pairs}) need (role, key) ON need.role = p.role JOIN people_person who ON who.id = p.person_id "
        "WHERE p.estate_id = %(estate)s AND p.during @> %(day)s::date AND who.is_active", "p.id", "who.name", who="p.person_id",
    )  # fmt: skip


SESSIONS = Source(
    "training", "FROM training_session s WHERE s.estate_id = %(estate)s AND s.called_off_at IS NULL", "s.id", "s.title", at="s.starts_at", who="s.trainer_id"
)
SEATS = Source(
    "training", "FROM training_attendee a JOIN training_session s ON s.estate_id = a.estate_id AND s.id = a.session_id JOIN people_person who ON who.id = a.person_id "
    "WHERE a.estate_id = %(estate)s AND a.signed_at IS NOT NULL AND s.held_at IS NOT NULL",
    "s.id", "who.name || ' ' || s.title", at="s.starts_at", who="a.person_id",
)  # fmt: skip
EXAMS = Source("exam", "FROM training_exam x WHERE x.estate_id = %(estate)s", "x.id", "x.title", at="x.closes_at", who="x.by_id")

proof(
    "staff_certified", _posts(CERTIFIED), "持证上岗", "Everybody holds the certificates of their post",
    kept="EXISTS (SELECT 1 FROM training_certificate c WHERE c.estate_id = p.estate_id AND c.person_id = p.person_id AND c.kind = need.key "
    "AND c.ended_at IS NULL AND (c.valid_until IS NULL OR c.valid_until >= %(day)s::date))",
)  # fmt: skip
proof(
    "staff_trained", _posts(TAUGHT), "岗位培训一年内都参加过", "Everybody came to the trainings of their post within a year",
    kept="EXISTS (SELECT 1 FROM training_attendee a JOIN training_session s ON s.estate_id = a.estate_id AND s.id = a.session_id WHERE a.estate_id = p.estate_id "
    f"AND a.person_id = p.person_id AND a.signed_at >= {RECENT} AND s.held_at IS NOT NULL AND s.course = need.key)",
)  # fmt: skip
proof(
    "staff_examined", _posts(EXAMINED), "岗位考试一年内通过", "Everybody passed the exam of their post within a year",
    kept="EXISTS (SELECT 1 FROM training_attempt t JOIN training_exam x ON x.estate_id = t.estate_id AND x.id = t.exam_id WHERE t.estate_id = p.estate_id "
    f"AND t.person_id = p.person_id AND t.passed AND t.ended_at >= {RECENT} AND x.paper = need.key)",
)  # fmt: skip
proof(
    "guards_reviewed", _posts(CLEARED), "秩序员审核后上岗", "Guards are trained and reviewed before they work",
    kept="EXISTS (SELECT 1 FROM training_clearance c WHERE c.estate_id = p.estate_id AND c.person_id = p.person_id AND c.\"group\" = need.key)",
)  # fmt: skip
proof(
    "training_complete", SESSIONS, "培训有记录、签到和效果评估", "Trainings have a record, sign-ins and a rating of their effect",
    due="s.ends_at < %(now)s::timestamptz - interval '14 days'", kept="s.held_at IS NOT NULL AND s.summary <> '' AND s.evaluated_at IS NOT NULL",
)  # fmt: skip
proof(
    "rules_studied", SESSIONS, "制度学习按时举行", "Studies of the rulebooks were held",
    due="s.course = 'rules' AND s.ends_at < %(now)s::timestamptz - interval '1 day'", kept="s.held_at IS NOT NULL",
)  # fmt: skip
proof(
    "notes_kept", SEATS, "参加培训的人都有笔记", "Everybody who was trained has notes",
    due="s.held_at < %(now)s::timestamptz - interval '3 days'", kept="a.noted_at IS NOT NULL",
)  # fmt: skip
proof(
    "exams_reported", EXAMS, "考试结束后有报告", "Exams are reported",
    due="x.closes_at < %(now)s::timestamptz - interval '3 days'", kept="x.reported_at IS NOT NULL",
)  # fmt: skip
