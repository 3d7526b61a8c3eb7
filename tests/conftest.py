"""The test house: one database a worker, made by the owner, used as the role that owns nothing."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# A loaded machine is no failure. CI walks the same examples every time; at a desk they are drawn anew.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")


def pytest_sessionstart(session):
    """A fresh clone has no compiled catalogues; the controller makes them before its workers start."""
    if not hasattr(session.config, "workerinput"):
        from guanjia.operations.words import compile_catalogues

        compile_catalogues()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Workers get a database each (pytest-django's suffix); nothing else to change."""


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, worker_id="master"):
    """Create and migrate as the owner, then let go of that connection so that tests connect as the application."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    from guanjia.tenancy.backend.base import as_owner

    suffix = getattr(request.config, "workerinput", {}).get("workerid", "")
    with django_db_blocker.unblock(), as_owner():
        from django.conf import settings

        settings.DATABASES["default"].setdefault("TEST", {})
        if suffix:
            connection.settings_dict["TEST"]["NAME"] = f"test_{connection.settings_dict['NAME']}_{suffix}"  # two checkouts may test at once
        config = setup_databases(verbosity=0, interactive=False, serialized_aliases=set(), keepdb=request.config.getoption("reuse_db", False))
        connection.close()
    yield
    with django_db_blocker.unblock(), as_owner():
        connection.close()
        teardown_databases(config, verbosity=0)


pytest_plugins = ["tests.cast"]
