from django.urls import path

from .views import files, lines, registers, rubrics

app_name = "importing"
urlpatterns = [
    path("", files.imports, name="imports"),
    path("template/<slug:kind>/", files.template, name="template"),
    path("readings/", files.meter_readings, name="readings"),
    path("readings/list.xlsx", files.meter_list, name="meter_list"),
    path("homes/", registers.homes, name="homes"),
    path("homes/list.xlsx", registers.homes_list, name="homes_list"),
    path("homes/<int:pk>/confirmation/", registers.homes_confirm, name="homes_confirm"),
    path("posts/", registers.posts, name="posts"),
    path("posts/list.xlsx", registers.posts_list, name="posts_list"),
    path("posts/<int:pk>/confirmation/", registers.posts_confirm, name="posts_confirm"),
    path("bank/", registers.bank, name="bank"),
    path("bank/list.xlsx", registers.bank_list, name="bank_list"),
    path("bank/<int:pk>/confirmation/", registers.bank_confirm, name="bank_confirm"),
    path("roster/", files.shifts, name="roster"),
    path("roster/list.xlsx", files.shifts_list, name="roster_list"),
    path("cards/", files.cards, name="cards"),
    path("keys/", files.keys, name="keys"),
    path("nearby/", lines.nearby, name="nearby"),
    path("contacts/", lines.outside, name="contacts"),
    path("leases/", lines.contracts, name="leases"),
    path("spaces/", lines.spaces, name="spaces"),
    path("suppliers/", lines.suppliers, name="suppliers"),
    path("rubrics/", rubrics.rubrics, name="rubrics"),
    path("rubrics/<str:key>.xlsx", rubrics.rubric_sheet, name="rubric_sheet"),
    path("<int:pk>/", files.show, name="show"),
    path("<int:pk>/confirmation/", files.confirm, name="confirm"),
]
