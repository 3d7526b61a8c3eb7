from django.apps import AppConfig


class EmergenciesConfig(AppConfig):
    name = "guanjia.emergencies"

    def ready(self) -> None:
        from guanjia.keys import hub
        from guanjia.notices import saying
        from guanjia.notices.crowd import AUDIENCES
        from guanjia.tickets import front

        from . import tiles
        from .audience import told
        from .models import Emergency, Fire, Hazard, Plan
        from .panel import Emergencies

        AUDIENCES["emergency_homes"] = told
        saying.register(Emergency, staff="emergencies:scene", resident="emergencies:mine")
        saying.register(Plan, staff="emergencies:plan_row")
        saying.register(Hazard, staff="emergencies:hazard")
        saying.register(Fire, staff="emergencies:fire")
        front.register(Emergencies())
        hub.offer(tiles.tile)
