from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "guanjia.demo"

    def ready(self) -> None:
        from . import work  # noqa: F401  registers the job kind
