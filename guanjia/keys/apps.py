from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "guanjia.keys"

    def ready(self) -> None:
        from guanjia.notices.saying import register
        from guanjia.people.posting import follows
        from guanjia.staffing.leaving import ask_before_leaving

        from . import hub, leaving
        from .models import Custody, Key, Loan
        from .models.autograph import signs

        ask_before_leaving(leaving.keys_out)
        follows(leaving.keep_until_returned)
        register(Key, staff="keys:key")
        register(Custody, staff="keys:custody", resident="keys:entrusted")
        for paper in (Loan, Custody):
            signs(paper)
        hub.offer(hub.keys_tile)
