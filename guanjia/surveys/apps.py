from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "guanjia.surveys"

    def ready(self) -> None:
        """Who is told of polls, officers and open days, and where that leads; what is asked stands on the resident's first page."""
        from guanjia.notices.crowd import AUDIENCES
        from guanjia.notices.saying import register
        from guanjia.tickets import front

        from . import audience
        from .linking import Asked
        from .models import Officer, OpenDay, Opinion, Poll

        for told in (audience.poll_homes, audience.poll_staff, audience.officers_invited, audience.living_here):
            AUDIENCES[told.__name__] = told
        register(Poll, staff="surveys:questionnaire", resident="surveys:questionnaire")
        register(Opinion, staff="surveys:opinion_lead", resident="surveys:opinion_lead")
        register(Officer, staff="surveys:officer_lead", resident="surveys:officer_lead")
        register(OpenDay, staff="surveys:open_day_lead", resident="surveys:open_day_lead")
        front.register(Asked())
