from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "guanjia.reports"

    def ready(self) -> None:
        from guanjia.rulebooks.moving import moves

        from . import home_figures, morning_figures, survey_figures  # noqa: F401 — register their sets
        from .moving import tasks_moved

        moves(tasks_moved)
