from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "guanjia.bulletins"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tells whom its bulletins are for; the newest stand on the resident's first page."""
        from guanjia.notices import saying
        from guanjia.notices.crowd import AUDIENCES
        from guanjia.tickets import front

        from .audience import told
        from .models import Bulletin
        from .panel import Bulletins

        AUDIENCES["bulletin_readers"] = told
        saying.register(Bulletin, staff="bulletins:show", resident="bulletins:mine_show")
        front.register(Bulletins())
