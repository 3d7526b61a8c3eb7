from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "guanjia.billing"

    def ready(self) -> None:
        from . import work  # noqa: F401  registers the job kinds
