from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "guanjia.activities"

    def ready(self) -> None:
        """Who may come is told; what is coming stands on the resident's first page and among what they can do there."""
        from guanjia.keys import hub
        from guanjia.notices.crowd import AUDIENCES
        from guanjia.notices.saying import register
        from guanjia.tickets import front

        from . import tiles
        from .audience import guests, told
        from .models import Activity

        AUDIENCES["activity_homes"], AUDIENCES["activity_guests"] = told, guests
        register(Activity, staff="activities:show", resident="activities:mine_show")
        front.register(tiles.Coming())
        hub.offer(tiles.tile)
