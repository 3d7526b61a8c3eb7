"""前台服务 and its keys. Every verb is a POST to a noun."""

from django.urls import path

from .views import common, custody, loans, register

app_name = "keys"
urlpatterns = [
    path("", common.hub, name="hub"),
    path("autographs/<int:pk>.png", common.autograph, name="autograph"),
    path("keys/", register.keys, name="keys"),
    path("keys/new/", register.register, name="register"),
    path("keys/mine/", loans.mine, name="mine"),
    path("keys/audit/", loans.audit, name="audit"),
    path("keys/labels/", register.labels, name="labels"),
    path("keys/<int:pk>/", register.key, name="key"),
    path("keys/<int:pk>/amendment/", register.amendment, name="amendment"),
    path("keys/<int:pk>/retirement/", register.retirement, name="retirement"),
    path("keys/<int:pk>/agreement/", register.agreement, name="agreement"),
    path("keys/<int:pk>/loans/", loans.lending, name="lending"),
    path("keys/<int:pk>/loss/", loans.loss, name="loss"),
    path("loans/<int:pk>/countersignature/", loans.countersigning, name="countersigning"),
    path("loans/<int:pk>/return/", loans.returning, name="returning"),
    path("loans/<int:pk>/excuse/", loans.excuse, name="excuse"),
    path("loans/<int:pk>/<slug:noun>/", loans.word, name="word"),
    path("losses/<int:pk>/lock/", loans.lock, name="lock"),
    path("losses/<int:pk>/end/", loans.loss_end, name="loss_end"),
    path("custody/<int:pk>/", custody.custody, name="custody"),
    path("custody/<int:pk>/signature/", custody.signing, name="signing"),
    path("custody/<int:pk>/end/", custody.ending, name="ending"),
    path("custody/<int:pk>/paper.pdf", custody.paper, name="paper"),
    path("entrusted/", custody.entrusted_list, name="entrusted_list"),
    path("entrusted/<int:pk>/", custody.entrusted, name="entrusted"),
]
