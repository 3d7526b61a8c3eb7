from django.apps import AppConfig


class LiaisonConfig(AppConfig):
    name = "guanjia.liaison"

    def ready(self) -> None:
        from guanjia.keys import hub
        from guanjia.notices.saying import register

        from . import tiles
        from .models import Contact, Incoming, Matter

        register(Contact, staff="liaison:contact")
        register(Incoming, staff="liaison:paper")
        register(Matter)
        hub.offer(tiles.liaison_tile)
