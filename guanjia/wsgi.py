import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

from guanjia.web.warming import warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanjia.settings")
application = get_wsgi_application()
Thread(target=warm, name="warming", daemon=True).start()
