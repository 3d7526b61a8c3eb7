"""外联: documents that came, the bodies they came from, what was coordinated. Every verb is a POST to a noun."""

from django.urls import path

from .views import contacts, papers

app_name = "liaison"
urlpatterns = [
    path("", papers.papers, name="papers"),
    path("papers/new/", papers.new, name="paper_new"),
    path("papers/<int:pk>/", papers.paper, name="paper"),
    path("papers/<int:pk>/file/", papers.file, name="file"),
    path("papers/<int:pk>/result/", papers.result, name="result"),
    path("papers/<int:pk>/handler/", papers.handler, name="handler"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/new/", contacts.new, name="contact_new"),
    path("contacts/<int:pk>/", contacts.contact, name="contact"),
    path("contacts/<int:pk>/closing/", contacts.closing, name="closing"),
    path("contacts/<int:pk>/matters/", contacts.matter, name="matter"),
    path("matters/<int:pk>/result/", contacts.matter_result, name="matter_result"),
]
