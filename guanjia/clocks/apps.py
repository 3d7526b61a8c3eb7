from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "guanjia.clocks"

    def ready(self) -> None:
        from guanjia.rulebooks.moving import moves

        from .moving import clocks_moved

        moves(clocks_moved)
