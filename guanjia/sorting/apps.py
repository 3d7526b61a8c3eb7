from django.apps import AppConfig


class SortingConfig(AppConfig):
    name = "guanjia.sorting"

    def ready(self) -> None:
        """Points stand among what residents can do in 办事."""
        from guanjia.keys import hub
        from guanjia.notices.saying import register

        from . import tiles
        from .models import Turn

        register(Turn, staff="sorting:turn_lead", resident="sorting:turn_lead")
        hub.offer(tiles.tile)
