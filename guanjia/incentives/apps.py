from django.apps import AppConfig


class IncentivesConfig(AppConfig):
    name = "guanjia.incentives"

    def ready(self) -> None:
        """Registers its jobs; messages about a month's incentives open their page."""
        from guanjia.notices import saying

        from . import work  # noqa: F401
        from .models import Proposal

        saying.register(Proposal, staff="incentives:proposal")
