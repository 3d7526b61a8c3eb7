"""The door: signing in and out, one's own page, and where each person's day begins."""

from django.urls import path

from .views import demo, door, me, second_factor, start, welcome

app_name = "people"
urlpatterns = [
    path("", start.start, name="start"),
    path("sign-in/", door.sign_in, name="sign_in"),
    path("sign-in/code/", door.code, name="code"),
    path("sign-in/second/", door.second, name="second"),
    path("sign-in/first/<str:token>/", welcome.welcome, name="welcome"),
    path("sign-out/", door.sign_out, name="sign_out"),
    path("me/", me.me, name="me"),
    path("me/looks/", me.looks, name="looks"),
    path("me/face/", me.face, name="face"),
    path("faces/<int:pk>/", me.face_of, name="face_of"),
    path("me/password/", me.password, name="password"),
    path("me/sessions/<str:key>/revocation/", me.revocation, name="revocation"),
    path("me/sessions/revocation/", me.revocations, name="revocations"),
    path("me/second-factor/", second_factor.enrolment, name="enrolment"),
    path("me/second-factor/removal/", second_factor.removal, name="removal"),
    path("me/second-factor/recovery-codes/", second_factor.recovery_codes, name="recovery_codes"),
    path("demo/outbox/", demo.outbox, name="demo_outbox"),
]
