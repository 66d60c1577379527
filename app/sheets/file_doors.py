"""The photos and signatures that tablets send, and the photos that they ask for."""

from datetime import datetime

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from app.errors import NotAllowed, NotFound
from app.rules.mark_ledger import RecordKind
from app.sheets import files, queries, vaults
from app.sheets.doors import JSON, NO_STORE, tablet_that_asks
from app.sheets.rows import row_by_key
from app.web.http import AnyRequest


class TabletFiles(Controller):
    """What a tablet calls for the pictures beside its records."""

    path = "/j/api"

    @post("/files/{digest:str}", name="tablet.file", status_code=200)
    async def file(
        self,
        request: AnyRequest,
        digest: FromPath[str],
        sheet: FromQuery[str],
        now: NamedDependency[datetime],
        vault: FromQuery[int] = 0,
    ) -> Response[bytes]:
        """Take a photo or a signature, once; sealed by the judge of a vault, or open for 0.

        The answer names what is kept: the tablet lets go of its copy then, and not before.
        """
        tablet, _token = await tablet_that_asks(request)
        row = await row_by_key(sheet)
        content = await request.body()
        if vault:
            content = files.unsealed(content, vaults.key_of(tablet.key, vault))
        await files.keep(content, digest=digest, sheet_id=row.id, device=tablet.key, at=now)
        return Response(msgspec.json.encode({"digest": digest}), media_type=JSON, headers=NO_STORE)

    @get("/files/{digest:str}", name="tablet.file.show")
    async def show_file(
        self, request: AnyRequest, digest: FromPath[str], sheet: FromQuery[str]
    ) -> Response[bytes]:
        """Give a photo beside a note back to a tablet of the sheet's judge."""
        tablet, _token = await tablet_that_asks(request)
        row = await row_by_key(sheet)
        if row.account is None or row.account != tablet.account_id:
            raise NotAllowed
        if digest not in await queries.files_named_on(row.id, RecordKind.NOTE):
            raise NotFound
        found = await files.file_of(digest)
        return Response(found.content, media_type=found.media_type, headers=NO_STORE)
