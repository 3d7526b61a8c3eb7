from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "guanjia.surveys"

    def ready(self) -> None:
        """Messages about polls, opinions, officers and open days lead to their pages; what is asked stands on the resident's first page."""
        from guanjia.notices.saying import register
        from guanjia.tickets import front

        from .linking import Asked
        from .models import Officer, OpenDay, Opinion, Poll

        register(Poll, staff="surveys:questionnaire", resident="surveys:questionnaire")
        register(Opinion, staff="surveys:opinion_lead", resident="surveys:opinion_lead")
        register(Officer, staff="surveys:officer_lead", resident="surveys:officer_lead")
        register(OpenDay, staff="surveys:open_day_lead", resident="surveys:open_day_lead")
        front.register(Asked())
