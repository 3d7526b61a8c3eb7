from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "guanjia.billing"

    def ready(self) -> None:
        from guanjia.notices.saying import register

        from . import work  # noqa: F401  registers the job kinds
        from .models import Draft

        register(Draft, staff="billing:draft_paper")
