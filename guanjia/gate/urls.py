"""门岗与前台: the guard's scan page, visitors, cards, articles; the resident's own. Every verb is a POST to a noun."""

from django.urls import path

from .views import articles, cards, mine, visits

app_name = "gate"
urlpatterns = [
    path("", visits.scan, name="scan"),
    path("q/<str:mark>/", visits.scan, name="seen"),
    path("q/<str:mark>/<slug:noun>/", visits.answer, name="answer"),
    path("visits/", visits.visits, name="visits"),
    path("visits/new/", visits.guest, name="guest"),
    path("visits/pass/", visits.announcing, name="announcing"),
    path("visits/away/", visits.away, name="away"),
    path("visits/<int:pk>/", visits.visit, name="visit"),
    path("visits/<int:pk>/revocation/", visits.revocation, name="revocation"),
    path("away/<int:pk>/end/", visits.away_end, name="away_end"),
    path("cards/", cards.cards, name="cards"),
    path("cards/new/", cards.issue, name="issue"),
    path("cards/<int:pk>/", cards.card, name="card"),
    path("cards/<int:pk>/<slug:noun>/", cards.word, name="card_word"),
    path("articles/", articles.articles, name="articles"),
    path("articles/new/", articles.keep, name="keep"),
    path("articles/<int:pk>/", articles.article, name="article"),
    path("articles/<int:pk>/handing-out/", articles.handing_out, name="handing_out"),
    path("mine/", mine.visits, name="mine_visits"),
    path("mine/new/", mine.announce, name="announce"),
    path("mine/away/", mine.away, name="mine_away"),
    path("mine/cards/", mine.cards, name="mine_cards"),
    path("mine/cards/<int:pk>/", mine.card, name="mine_card"),
    path("mine/articles/", mine.articles, name="mine_articles"),
    path("mine/articles/<int:pk>/", mine.article, name="mine_article"),
    path("mine/<int:pk>/", mine.visit, name="mine_visit"),
]
