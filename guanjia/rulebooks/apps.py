from django.apps import AppConfig


class RulebooksConfig(AppConfig):
    name = "guanjia.rulebooks"
