from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "guanjia.duties"

    def ready(self) -> None:
        """Tasks stand on 今日 beside the tickets (guanjia/tickets/agenda.py); a rule says beforehand what it moves, a post takes its tasks."""
        from guanjia.people.posting import follows
        from guanjia.rulebooks.moving import moves
        from guanjia.tickets import agenda

        from .agenda import Tasks
        from .moving import duties_moved
        from .reassigning import post_changed

        agenda.sources[:] = [source for source in agenda.sources if not isinstance(source, Tasks)] + [Tasks()]
        moves(duties_moved)
        follows(post_changed)
