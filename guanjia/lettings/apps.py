from django.apps import AppConfig


class LettingsConfig(AppConfig):
    name = "guanjia.lettings"

    def ready(self) -> None:
        from guanjia.keys import hub
        from guanjia.notices.saying import register

        from . import tiles
        from .models import Lease, Waiting

        register(Lease, staff="lettings:lease", resident="lettings:mine_lease")
        register(Waiting)
        hub.offer(tiles.leases_tile)
