from django.urls import path

from . import views

app_name = "jobs"
urlpatterns = [
    path("<int:pk>/", views.job, name="job"),
    path("<int:pk>/cancellation/", views.cancel, name="cancel"),
    path("<int:pk>/result/", views.result, name="result"),
]
