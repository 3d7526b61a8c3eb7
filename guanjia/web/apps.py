from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.template import engines

SOURCES = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
LOADERS = [("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", SOURCES)])]


class WebConfig(AppConfig):
    name = "guanjia.web"
    label = "web"

    def ready(self) -> None:
        """Parts and partials together. Cotton and template_partials each put their own loaders in place on start and
        undo the other's; this app stands after both in INSTALLED_APPS and has the last word."""
        template: Any = settings.TEMPLATES[0]
        template.pop("APP_DIRS", None)
        options = template.setdefault("OPTIONS", {})
        options["loaders"] = LOADERS
        builtins = options.setdefault("builtins", [])
        if "django_cotton.templatetags.cotton" not in builtins:
            builtins.insert(0, "django_cotton.templatetags.cotton")
        engines.__dict__.pop("templates", None)
        engines._engines = {}
