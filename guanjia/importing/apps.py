from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "guanjia.importing"
    label = "importing"

    def ready(self) -> None:
        from . import readings, registers, work  # noqa: F401  register the job kinds
