from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "guanjia.importing"
    label = "importing"

    def ready(self) -> None:
        from . import work  # noqa: F401  registers the job kind
