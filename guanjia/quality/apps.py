from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "guanjia.quality"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What has to be put right stands on 今日; messages lead to its pages."""
        from guanjia.notices.saying import register
        from guanjia.tickets import agenda

        from .agenda import Quality
        from .models import Assessment, Campaign, Inspection, Rectification, Step

        for model, page in ((Rectification, "fix"), (Inspection, "inspection"), (Assessment, "assessment"), (Campaign, "campaign"), (Step, "step")):
            register(model, staff=f"quality:{page}")

        agenda.sources[:] = [source for source in agenda.sources if not isinstance(source, Quality)] + [Quality()]
