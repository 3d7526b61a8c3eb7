from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "guanjia.care"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers its jobs; planned visits and promises stand on 今日."""
        from guanjia.tickets import agenda

        from . import work  # noqa: F401
        from .agenda import Care

        agenda.sources[:] = [source for source in agenda.sources if not isinstance(source, Care)] + [Care()]
