from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "guanjia.duties"

    def ready(self) -> None:
        """Tasks stand on 今日 beside the tickets (guanjia/tickets/agenda.py)."""
        from guanjia.tickets import agenda

        from .agenda import Tasks

        agenda.sources[:] = [source for source in agenda.sources if not isinstance(source, Tasks)] + [Tasks()]
