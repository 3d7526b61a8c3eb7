from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "guanjia.care"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import work  # noqa: F401 — registers its jobs
