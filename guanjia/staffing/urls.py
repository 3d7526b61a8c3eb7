"""Who answers for what: zones, posts, leave. Every verb is a POST to a noun."""

from django.urls import path

from .views import books, cards, colleagues, leave, organisation, plan, posts, shift, team, whose, zones

app_name = "staffing"
urlpatterns = [
    path("", whose.whose, name="whose"),
    path("map/", plan.plan, name="plan"),
    path("map/positions/", plan.positions, name="positions"),
    path("buildings/<int:pk>/", plan.building, name="building"),
    path("zones/", zones.zones, name="zones"),
    path("zones/new/", zones.draw, name="draw"),
    path("zones/<int:pk>/", zones.zone, name="zone"),
    path("zones/<int:pk>/redrawing/", zones.draw, name="redraw"),
    path("posts/", posts.posts, name="posts"),
    path("posts/<int:pk>/end/", posts.end, name="post_end"),
    path("posts/<int:pk>/succession/", posts.succession, name="succession"),
    path("colleagues/new/", colleagues.new, name="colleague"),
    path("colleagues/<int:pk>/invitation/", colleagues.invitation, name="invitation"),
    path("organisation/", organisation.chart, name="organisation"),
    path("leave/", leave.leave, name="leave"),
    path("leave/<int:pk>/verdict/", leave.verdict, name="leave_verdict"),
    path("leave/<int:pk>/withdrawal/", leave.withdrawal, name="leave_withdrawal"),
    path("absences/<int:pk>/end/", leave.back, name="absence_end"),
    path("team/", team.mates, name="team"),
    path("team/marks/", team.marks, name="marks"),
    path("team/notes/", team.notes, name="notes"),
    path("team/awards/", team.awards, name="awards"),
    path("team/awards/<int:pk>/verdict/", team.award_verdict, name="award_verdict"),
    path("team/facts/", team.facts, name="facts"),
    path("team/facts/<int:pk>/verdict/", team.fact_verdict, name="fact_verdict"),
    path("shift/", shift.shift, name="shift"),
    path("shift/attendance/", shift.attendance, name="attendance"),
    path("shift/book/", shift.writing, name="writing"),
    path("shift/items/", shift.items, name="items"),
    path("shift/items/<int:pk>/", shift.item, name="item"),
    path("shift/books/", books.archive, name="archive"),
    path("shift/books/filing/", books.filing, name="filing"),
    path("shift/books/<int:pk>/", books.book, name="book"),
    path("shift/books/<int:pk>/taking/", books.taking, name="taking"),
    path("shift/books/<int:pk>/signatures/<slug:part>/", books.drawing, name="drawing"),
    path("shift/books/<int:pk>/review/", books.review, name="book_review"),
    path("cards/", cards.cards, name="cards"),
]
