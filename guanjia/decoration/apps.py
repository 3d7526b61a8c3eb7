from django.apps import AppConfig


class DecorationConfig(AppConfig):
    name = "guanjia.decoration"

    def ready(self) -> None:
        from guanjia.gate.scanning import reads
        from guanjia.keys import hub
        from guanjia.notices.saying import register

        from . import tiles
        from .models import Permit

        register(Permit, staff="decoration:permit", resident="decoration:mine_permit")
        hub.offer(tiles.tile)
        reads(tiles.pass_of)
