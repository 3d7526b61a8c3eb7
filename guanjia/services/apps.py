from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "guanjia.services"

    def ready(self) -> None:
        from guanjia.keys import hub
        from guanjia.notices.saying import register
        from guanjia.tickets import agenda

        from . import tiles
        from .agenda import Services
        from .models import ServiceOrder, Supplier

        register(ServiceOrder, staff="services:order", resident="services:mine_order")
        register(Supplier, staff="services:supplier")
        hub.offer(tiles.orders_tile)
        agenda.sources[:] = [known for known in agenda.sources if not isinstance(known, Services)] + [Services()]
