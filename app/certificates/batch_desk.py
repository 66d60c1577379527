"""Batches on their way, and their files: one merged PDF, or a ZIP."""

import secrets
from collections.abc import AsyncIterable
from datetime import datetime
from pathlib import Path
from typing import Any

from anyio import Path as WaitingPath
from litestar import Controller, Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import File, Redirect

from app.certificates import actions, batches, printing, progress, register
from app.certificates.rail import rail
from app.certificates.reach import MAY_READ, require_over, scopes_of
from app.certificates.register import CertificateDetail
from app.rules.actors import Actor
from app.settings import Settings
from app.web.guards import requires
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page

REFRESH_SECONDS = 2
PDF, ZIP = "application/pdf", "application/zip"


class BatchDesk(Controller):
    """Batches on their way and their files."""

    path = "/desk/certificates/batches/{batch_id:int}"
    guards = [requires(*MAY_READ)]  # noqa: RUF012 - Litestar's way to declare

    @get("", name="certificate-batch")
    async def show(self, batch_id: FromPath[int], actor: NamedDependency[Actor]) -> Response[Any]:
        batch = await progress.batch(batch_id)
        await require_over(actor, MAY_READ, batch.basis)
        headers = {"Refresh": str(REFRESH_SECONDS)} if batch.finished_at is None else {}
        return page(
            "app/certificates/desk/batch.html",
            rail=rail(),
            batch=batch,
            may_issue=actor.holds(actions.MAY_ISSUE, *await scopes_of(batch.basis)),
            damaged=await register.damaged_in(batch_id) if batch.finished_at else [],
            headers=headers,
        )

    @post("/continuation", name="certificate-batch-continue")
    async def go_on(
        self, batch_id: FromPath[int], actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> Redirect:
        batch = await progress.batch(batch_id)
        await require_over(actor, actions.MAY_ISSUE, batch.basis)
        await batches.continue_batch(batch_id, actor, now)
        return go(f"/desk/certificates/batches/{batch_id}", toast=_("已继续签发"))

    @get("/pdf", name="certificate-batch-pdf")
    async def merged(
        self,
        batch_id: FromPath[int],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
    ) -> File:
        details = await _printable(batch_id, actor)
        path = await _place(settings, f"certificates-{batch_id}", ".pdf")
        await printing.write_pdf(details, path, is_demo=settings.is_demo)
        return _once(path, f"certificates-{batch_id}.pdf", PDF)

    @get("/zip", name="certificate-batch-zip")
    async def archive(
        self,
        batch_id: FromPath[int],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
    ) -> File:
        details = await _printable(batch_id, actor)
        path = await _place(settings, f"certificates-{batch_id}", ".zip")
        await printing.write_zip(details, path, is_demo=settings.is_demo)
        return _once(path, f"certificates-{batch_id}.zip", ZIP)


async def _place(settings: Settings, name: str, ending: str) -> Path:
    """Return where a file may be written that nobody else writes."""
    path = settings.data_dir / "files" / f"{name}-{secrets.token_hex(6)}{ending}"
    await WaitingPath(path.parent).mkdir(parents=True, exist_ok=True)
    return path


def _once(path: Path, name: str, media_type: str) -> File:
    """Hand a file out and forget it; nobody on the way keeps it."""
    return File(
        path,
        filename=name,
        media_type=media_type,
        headers={"Cache-Control": "no-store"},
        background=BackgroundTask(_remove, path),
    )


async def _remove(path: Path) -> None:
    await WaitingPath(path).unlink(missing_ok=True)


async def _printable(batch_id: int, actor: Actor) -> AsyncIterable[CertificateDetail]:
    batch = await progress.batch(batch_id)
    await require_over(actor, MAY_READ, batch.basis)
    return register.batch_certificates(batch_id)
