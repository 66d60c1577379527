"""The JSON surface of tablets: sign on, and score-sync/1. No cookie is trusted to send marks.

A tablet shows its token; an entry names its judge by a pass. Both come from signing on, the one
request here that needs a signed-in browser of this very site.
"""

import base64
from datetime import datetime

import msgspec
from litestar import Controller, asgi, post
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.types import ASGIApp, Receive, Scope, Send
from msgspec import Struct

from app.errors import N_, NotAllowed
from app.rules.actors import Actor
from app.sheets import devices, forms, sync, vaults
from app.sheets.devices import Pass, SignOn
from app.sheets.rows import SheetRow, rows_for
from app.sheets.standing import MARKING
from app.sheets.sync import PROTO, NotOurProtocol, SyncAnswer, TooManyEntries
from app.web import clock, locale, openapi
from app.web.bare import BARE, COMPRESSED, BodyTooLong, Disconnected, JsonBytes, body_of, header_of
from app.web.guards import SignInNeeded, requires
from app.web.http import AnyRequest
from app.web.openapi import TABLETS, Described

MOST_BYTES = 2 * 1024 * 1024
SYNC = {
    BARE: True,
    COMPRESSED: True,
    openapi.DESCRIBED: Described(
        method="post",
        tag=TABLETS,
        summary=N_("补传和轮询"),
        description=N_(
            '请求头 Authorization: Bearer <token>。请求：{proto: "score-sync/1", batch, device, '
            "seq, pending, sent_at, known, house, links, entries}；"
            "entries 为空即轮询，最多 500 条、2 MB。"
            "每一条各得一个结果：ok、held（留待裁定）或 rejected；同一编号再发，答复不变。"
            "house 和 links 照上次答复带回；"
            "答复 behind 为真（服务器恢复过备份），就把已入账的全部再发一遍。"
        ),
        answers=SyncAnswer,
        answer_description=N_("已入账后的答复"),
    ),
}


class OwnSheet(Struct, frozen=True):
    """A sheet on a judge's own list."""

    key: str
    ledger: str
    code: str
    subject_word: str
    station: str
    form_title: str
    aspect_count: int
    version: int
    status: str
    reason: str


class SignedOn(Struct, frozen=True):
    """What a tablet needs to work without a network."""

    proto: str
    account: int
    name: str
    token: str
    label: str
    sheets: list[OwnSheet]
    vault: str
    pass_: str = msgspec.field(name="pass")


class TabletSurface(Controller):
    """What tablets call."""

    path = "/j/api"

    @post(
        "/sign-on",
        name="tablet.sign_on",
        guards=[requires(*MARKING)],
        status_code=200,
        include_in_schema=True,
        tags=[TABLETS],
        summary=N_("登记平板"),
        description=N_(
            "已登录的裁判或考评员把这台浏览器登记为平板。"
            "请求：{device: uuid7, token?, browser?, build?}。"
            "回答平板令牌 token、写分人凭证 pass 和本人的评分表。"
        ),
        responses={200: ResponseSpec(SignedOn, description=N_("已登记"))},
    )
    async def sign_on(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> ASGIApp:
        """Pair this browser with the judge who is signed in, and list the judge's sheets."""
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            raise NotAllowed
        try:
            said = msgspec.json.decode(await request.body(), type=SignOn)
        except msgspec.DecodeError:
            return refused(400)
        return json_answer(await _signed_on(said, actor, now))

    @asgi("/sync", name="tablet.sync", opt=SYNC, copy_scope=False)
    async def take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a batch; 401 for an unknown tablet, 400 for a strange body, 413 for too much.

        Each judge's touch comes here, so it is served without the framework's help.
        """
        await (await _taken(scope, receive))(scope, receive, send)


async def _taken(scope: Scope, receive: Receive) -> JsonBytes:
    if scope.get("method") != "POST":
        return refused(405)
    now = clock.now()
    scheme, _, token = header_of(scope, b"authorization").partition(" ")
    tablet = await devices.tablet_of(token) if scheme == "Bearer" and token else None
    if tablet is None:
        return refused(401, "revoked" if await devices.is_revoked(token) else "")
    try:
        batch = sync.decode_batch(await body_of(receive, MOST_BYTES))
    except (Disconnected, NotOurProtocol):
        return refused(400)
    except (BodyTooLong, TooManyEntries):
        return refused(413)
    return json_answer(await sync.receive(batch, tablet=tablet, at=now))


async def _signed_on(said: SignOn, actor: Actor, at: datetime) -> SignedOn:
    if actor.account_id is None:
        raise SignInNeeded
    token, label = await devices.sign_on(said, by=actor, at=at)
    held = Pass(actor.account_id, actor.name)
    return await signed_on(held, device=said.device, token=token, label=label)


async def signed_on(held: Pass, *, device: str, token: str, label: str) -> SignedOn:
    """Return what a tablet needs to let a judge work without a network."""
    account_id = held.account_id
    return SignedOn(
        proto=PROTO,
        account=account_id,
        name=held.name,
        token=token,
        label=label,
        sheets=await _own_sheets(account_id),
        vault=base64.b64encode(vaults.key_of(device, account_id)).decode(),
        pass_=devices.make_pass(account_id, held.name, held.badge_id),
    )


async def _own_sheets(account_id: int) -> list[OwnSheet]:
    rows = await rows_for(account_id)
    definitions = await forms.by_id({row.form: row.form_digest for row in rows})
    return [_own_sheet(row, len(definitions[row.form].aspects)) for row in rows]


def _own_sheet(row: SheetRow, aspect_count: int) -> OwnSheet:
    return OwnSheet(
        key=row.key,
        ledger=row.ledger_title,
        code=row.subject_code,
        subject_word=locale.label(row.subject_word),
        station=row.station,
        form_title=row.form_title,
        aspect_count=aspect_count,
        version=row.version,
        status=row.status.value,
        reason=row.returned_reason,
    )


def json_answer(answer: Struct) -> JsonBytes:
    """Answer with a struct, never stored."""
    return JsonBytes(msgspec.json.encode(answer))


def refused(status: int, why: str = "") -> JsonBytes:
    """Answer with a refusal that a tablet understands; `why` as a word, where it must act."""
    return JsonBytes(msgspec.json.encode({"proto": PROTO, "refused": status, "why": why}), status)
