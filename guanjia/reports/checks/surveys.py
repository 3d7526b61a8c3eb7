"""Surveys, opinions, experience officers, open days (COM-27 … COM-31, QLT-37, QLT-55 … QLT-58, QLT-67)."""

from __future__ import annotations

from ..proofs import Source, proof

POLLS = Source("poll", "FROM surveys_poll p WHERE p.estate_id = %(estate)s AND p.closed_at IS NOT NULL", "p.id", "p.title", at="p.closed_at", who="p.published_by_id")
OPINIONS = Source("opinion", "FROM surveys_opinion o WHERE o.estate_id = %(estate)s", "o.id", "left(o.words, 40)", at="o.at", who="o.taken_by_id")
ACTS = Source("officer", "FROM surveys_officeract a WHERE a.estate_id = %(estate)s", "a.officer_id", "left(a.words, 40)", at="a.at", who="a.by_id")
DAYS = Source("open_day", "FROM surveys_openday d WHERE d.estate_id = %(estate)s", "d.id", "d.title", at="d.begins_at", who="d.made_by_id")
FUND = Source("fund_use", "FROM billing_funduse f WHERE f.estate_id = %(estate)s", "f.id", "left(f.why, 40)", at="f.asked_at", who="f.asker_id")
HERE = "FROM estates_estate e WHERE e.id = %(estate)s AND EXISTS (SELECT 1 FROM surveys_poll p WHERE p.estate_id = e.id AND p.published_at IS NOT NULL)"
LAST_QUARTER = "(date_trunc('quarter', %(day)s::date) - interval '3 months')::date"
QUARTERS = Source("estate", f"FROM (SELECT count(*) FILTER (WHERE o.accepted) AS serving FROM surveys_officer o WHERE o.estate_id = %(estate)s AND o.quarter IN (date_trunc('quarter', %(day)s::date)::date, {LAST_QUARTER}) GROUP BY o.quarter ORDER BY o.quarter LIMIT 1) q WHERE true", "0", "q.serving::text")

proof(
    "survey_reported", POLLS, "调查结束两周内有分析报告", "A closed survey has its analysis report within two weeks",
    due="p.task_id IS NOT NULL AND p.closed_at < %(now)s::timestamptz - interval '14 days'",
    kept="EXISTS (SELECT 1 FROM reports_report r WHERE r.estate_id = p.estate_id AND r.task_id = p.task_id AND r.submitted_at <= p.closed_at + interval '14 days')",
)  # fmt: skip
proof(
    "survey_answered_half", POLLS, "住户调查回收率过半", "At least half of those asked answered", due="p.audience = 'household'",
    kept="(SELECT count(*) FILTER (WHERE i.answered) * 2 >= count(*) FROM surveys_invitation i WHERE i.estate_id = p.estate_id AND i.poll_id = p.id AND i.drawn)",
)  # fmt: skip
proof(
    "opinion_answered", OPINIONS, "意见按期答复", "Opinions are answered in time",
    due="o.source <> 'ticket' AND o.at < %(now)s::timestamptz - make_interval(days => %(opinion.reply_days)s::int)",
    kept="o.settled_at <= o.at + make_interval(days => %(opinion.reply_days)s::int)",
)  # fmt: skip
proof("opinion_has_reason", OPINIONS, "不采纳的意见写明原因", "What is not taken up says why", due="o.outcome = 'no'", kept="o.reply <> ''")
proof("officers_enough", QUARTERS, "服务体验官满额", "As many experience officers as there should be", kept="q.serving >= %(exp.officers)s::int")
proof("officer_feedback_answered", ACTS, "体验官的反馈有答复", "What officers said is answered", due="a.at < %(now)s::timestamptz - interval '14 days'",
      kept="EXISTS (SELECT 1 FROM surveys_opinion o WHERE o.estate_id = a.estate_id AND o.source = 'officer' AND o.origin = 'officer_act ' || a.id AND o.settled_at IS NOT NULL)")  # fmt: skip
proof("open_day_held", DAYS, "开放日办过并有小结", "Open days were held and summed up", due="d.ends_at < %(now)s::timestamptz - interval '3 days'", kept="d.held_at IS NOT NULL AND d.summary <> ''")
proof("fund_decided", FUND, "改进基金申请两周内审批", "Askings of the fund are decided within two weeks", due="f.asked_at < %(now)s::timestamptz - interval '14 days'", kept="f.judged_at <= f.asked_at + interval '14 days'")
proof(
    "staff_survey_yearly", Source("estate", HERE, "e.id", "e.name"), "每年做员工满意度调查", "Staff satisfaction is asked every year",
    kept="EXISTS (SELECT 1 FROM surveys_poll p WHERE p.estate_id = %(estate)s AND p.audience = 'staff' AND p.closed_at > %(now)s::timestamptz - interval '1 year')",
)  # fmt: skip
RATED = "FROM (SELECT avg((LEAST(r.speed, r.result, r.attitude) >= 4)::int) * 100 AS overall, avg((r.speed >= 4)::int) * 100 AS speed, avg((r.result >= 4)::int) * 100 AS solved FROM tickets_rating r WHERE r.estate_id = %(estate)s AND r.at > %(now)s::timestamptz - interval '90 days') s WHERE s.overall IS NOT NULL"
CORE = Source("estate", RATED, "0", "round(s.speed, 1) || ' %% / ' || round(s.solved, 1) || ' %%'")
proof("core_indicators_reached", CORE, "响应速度和解决效果达标", "Response speed and problem solving reach their target", kept="s.speed >= %(kpi.core_indicator_target)s::numeric AND s.solved >= %(kpi.core_indicator_target)s::numeric")
