from django.apps import AppConfig


class CollectionConfig(AppConfig):
    name = "guanjia.collection"

    def ready(self) -> None:
        """Who hands a letter over is told that it is there."""
        from guanjia.notices import saying
        from guanjia.notices.crowd import AUDIENCES

        from .models import Mailing
        from .models.mailing import stewards_of

        AUDIENCES["mailing_stewards"] = stewards_of
        saying.register(Mailing, staff="collection:mailing")
