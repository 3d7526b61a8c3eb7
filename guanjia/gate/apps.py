from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "guanjia.gate"

    def ready(self) -> None:
        from guanjia.care.privacy import forgets
        from guanjia.keys import hub
        from guanjia.keys.models.autograph import signs
        from guanjia.notices.saying import register

        from . import forgetting, tiles
        from .models import Article, Card, Guest

        register(Card, staff="gate:card", resident="gate:mine_card")
        register(Guest, staff="gate:visit", resident="gate:mine_visit")
        register(Article, staff="gate:article", resident="gate:mine_article")
        signs(Article)
        forgets(forgetting.residents, forgetting.visitors)
        for tile in (tiles.visits, tiles.cards, tiles.articles):
            hub.offer(tile)
