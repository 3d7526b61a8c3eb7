"""Django's command line with the house's own verbs."""

import os
import sys

# Commands that make or change tables act as their owner; everything else as the application's weaker role.
OWNER = {"migrate", "demo_prepare", "restore", "backup", "bench", "sqlmigrate", "makemigrations"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanjia.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER:
        os.environ["GUANJIA_AS_OWNER"] = "1"
    from django.core.management import execute_from_command_line

    execute_from_command_line(["guanjia", *sys.argv[1:]])


if __name__ == "__main__":
    main()
