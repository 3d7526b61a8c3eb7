from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    name = "guanjia.assembly"

    def ready(self) -> None:
        """Owners are told; what waits for their vote stands on their first page."""
        from guanjia.keys import hub
        from guanjia.notices.crowd import AUDIENCES
        from guanjia.notices.saying import register
        from guanjia.tickets import front

        from . import tiles
        from .models import Assembly

        AUDIENCES["assembly_owners"] = tiles.owners
        register(Assembly, staff="assembly:show", resident="assembly:mine_show")
        front.register(tiles.Voting())
        hub.offer(tiles.tile)
