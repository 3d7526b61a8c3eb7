from django.apps import AppConfig


class NearbyConfig(AppConfig):
    name = "guanjia.nearby"

    def ready(self) -> None:
        from guanjia.keys import hub
        from guanjia.notices.saying import register

        from . import tiles
        from .models import Facility

        register(Facility, staff="nearby:facility")
        hub.offer(tiles.nearby_tile)
