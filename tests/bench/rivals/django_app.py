"""A mark in Django, as its documentation would have it: sessions, the ORM, `atomic`, a view.

WAL, FULL and IMMEDIATE are set as Django 5.1 and later offer them; sessions are cached; a few
threads serve, since more only wait for SQLite's one writer.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, models, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path

THREADS = 4


def configure(folder: Path) -> None:
    """Set up the framework over a file in this folder."""
    settings.configure(
        ALLOWED_HOSTS=["*"],
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": folder / "django.sqlite",
                "CONN_MAX_AGE": None,
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
                    "timeout": 30,
                },
            }
        },
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
        ],
        MIDDLEWARE=[
            "django.middleware.common.CommonMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        ROOT_URLCONF=__name__,
        SECRET_KEY="a benchmark's",
        SESSION_ENGINE="django.contrib.sessions.backends.cached_db",
        USE_TZ=True,
    )
    django.setup()


configure(Path.cwd())  # Before any table, and before what brings tables along.


class Sheet(models.Model):
    """What one judge marks of one entry; it knows its total."""

    judge = models.ForeignKey("auth.User", on_delete=models.PROTECT)
    total = models.BigIntegerField(default=0)

    class Meta:
        app_label = "marks"


class Mark(models.Model):
    """One mark, by the id that the tablet gave it."""

    id = models.UUIDField(primary_key=True)
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT)
    aspect = models.CharField(max_length=40)
    value = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "marks"


class AuditRecord(models.Model):
    """Who did what, when."""

    act = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    account = models.ForeignKey("auth.User", on_delete=models.PROTECT)
    after = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "marks"


def mark(request: HttpRequest) -> JsonResponse:
    """Take one mark."""
    if request.method != "POST" or not request.user.is_authenticated:
        return JsonResponse({"error": "not signed in"}, status=403)
    wanted = json.loads(request.body)
    with transaction.atomic():
        sheet = Sheet.objects.filter(id=wanted["sheet"], judge=request.user).first()
        if sheet is None:
            return JsonResponse({"error": "not assigned"}, status=403)
        given = Mark.objects.create(
            id=wanted["id"], sheet=sheet, aspect=wanted["aspect"], value=wanted["value"]
        )
        marks = Mark.objects.filter(sheet=sheet)
        sheet.total = marks.aggregate(sum=models.Sum("value"))["sum"]
        sheet.save(update_fields=["total"])
        AuditRecord.objects.create(
            act="marks.given",
            subject=f"marks.sheet:{sheet.id}",
            account=request.user,
            after={"aspect": given.aspect, "value": given.value},
        )
    return JsonResponse({"id": str(given.id), "total": sheet.total})


urlpatterns = [path("marks", mark)]


class Rival:
    """The application with its judges, driven without a network."""

    def __init__(self) -> None:
        self.handler = WSGIHandler()
        self.threads = ThreadPoolExecutor(THREADS)

    def open(self, judges: int) -> list[tuple[str, int]]:
        """Make the tables, and a session and a sheet for each judge."""
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        with connection.schema_editor() as editor:
            for table in (Sheet, Mark, AuditRecord):
                editor.create_model(table)
        return [self._judge(number) for number in range(judges)]

    def _judge(self, number: int) -> tuple[str, int]:
        from django.contrib.auth import get_user_model, login
        from django.contrib.sessions.backends.cached_db import SessionStore

        judge = get_user_model().objects.create(username=f"judge{number}")
        request = HttpRequest()
        request.session = SessionStore()
        login(request, judge, backend="django.contrib.auth.backends.ModelBackend")
        request.session.save()
        return request.session.session_key, Sheet.objects.create(judge=judge).id

    def post(self, session: str, body: bytes) -> int:
        """Send one request through the whole application; return the status."""
        found: list[int] = []
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/marks",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_COOKIE": f"sessionid={session}",
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": "http",
        }
        answer = self.handler(environ, lambda status, _: found.append(int(status[:3])))
        b"".join(answer)
        answer.close()
        return found[0]
