from django.apps import AppConfig


class MovesConfig(AppConfig):
    name = "guanjia.moves"

    def ready(self) -> None:
        from guanjia.gate.scanning import reads
        from guanjia.keys import hub
        from guanjia.keys.models.autograph import signs
        from guanjia.notices.saying import register

        from . import tiles
        from .models import Handover, Move

        register(Move, staff="moves:move", resident="moves:mine_move")
        register(Handover, staff="moves:handover", resident="moves:mine_handover")
        signs(Handover)
        reads(tiles.slip_of)
        hub.offer(tiles.handovers)
        hub.offer(tiles.moves)
