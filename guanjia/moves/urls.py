"""入伙、迁出与搬家: the desk's pages, the resident's, the gate. Every verb is a POST to a noun."""

from django.urls import path

from .views import acts, desk, goods, mine

app_name = "moves"
urlpatterns = [
    path("", desk.handovers, name="handovers"),
    path("new/", desk.booking, name="booking"),
    path("statistics/", desk.statistics, name="statistics"),
    path("statistics/passing-on/", desk.passing_on, name="passing_on"),
    path("goods/", goods.moves, name="moves"),
    path("goods/new/", goods.booking, name="move_booking"),
    path("goods/<int:pk>/", goods.move, name="move"),
    path("goods/<int:pk>/release.pdf", goods.paper, name="slip_paper"),
    path("goods/<int:pk>/<slug:noun>/", goods.word, name="move_word"),
    path("gate/q/<str:mark>/", goods.gate, name="release_slip"),
    path("gate/q/<str:mark>/passage/", goods.passage, name="passage"),
    path("mine/", mine.mine, name="mine"),
    path("mine/new/", mine.book, name="book"),
    path("mine/goods/new/", mine.book_move, name="book_move"),
    path("mine/goods/<int:pk>/", mine.mine_move, name="mine_move"),
    path("mine/<int:pk>/", mine.mine_handover, name="mine_handover"),
    path("mine/<int:pk>/agreements/<slug:name>/", mine.agreement, name="agreement"),
    path("<int:pk>/", desk.handover, name="handover"),
    path("<int:pk>/file.pdf", desk.paper, name="paper"),
    path("<int:pk>/papers/", acts.papers, name="papers"),
    path("<int:pk>/agreements/<slug:name>/", acts.signing, name="signing"),
    path("<int:pk>/rooms/<slug:name>/", acts.room, name="room"),
    path("<int:pk>/meters/<int:work>/", acts.reading, name="reading"),
    path("<int:pk>/keys/", acts.keys, name="handed_keys"),
    path("<int:pk>/cards/", acts.cards, name="handed_cards"),
    path("<int:pk>/waivers/", acts.waiver, name="waiver"),
    path("<int:pk>/<slug:noun>/", acts.word, name="word"),
    path("papers/<int:pk>/file/", acts.paper_file, name="paper_file"),
]
