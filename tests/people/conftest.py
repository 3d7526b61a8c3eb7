import pytest


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hashing slowly is for real passwords."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
