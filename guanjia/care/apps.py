from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "guanjia.care"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers its jobs; planned visits and promises stand on 今日."""
        from guanjia.notices import saying
        from guanjia.tickets import agenda

        from . import work  # noqa: F401
        from .agenda import Care
        from .models import FamilyAsk

        saying.register(FamilyAsk, staff="care:family_ask", resident="care:family_my_ask")

        agenda.sources[:] = [source for source in agenda.sources if not isinstance(source, Care)] + [Care()]
