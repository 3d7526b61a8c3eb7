from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "guanjia.training"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What waits for a person stands on 今日; posts ask whether somebody may begin; messages lead to its pages."""
        from guanjia.notices import saying
        from guanjia.people import posting
        from guanjia.tickets import agenda

        from . import gate
        from .agenda import Training
        from .models import Exam, Session

        agenda.sources[:] = [source for source in agenda.sources if not isinstance(source, Training)] + [Training()]
        posting.asks(gate.check)
        saying.register(Session, staff="training:session")
        saying.register(Exam, staff="training:exam_mine")
