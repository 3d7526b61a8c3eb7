from django.urls import path

from .views import books, change, rules, upload

app_name = "rulebooks"
urlpatterns = [
    path("", rules.rules, name="rules"),
    path("books/", books.books, name="books"),
    path("books/upload/", upload.upload, name="upload"),
    path("books/<slug:code>/", books.book, name="book"),
    path("books/<slug:code>/file/", upload.download, name="download"),
    path("conflicts/", books.conflicts, name="conflicts"),
    path("duties/<slug:name>/", upload.duty, name="duty"),
    path("<str:key>/", change.change, name="change"),
]
