"""The wallet form's addresses: the issuer's document, status lists, and a holder's credential."""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.exceptions import SerializationException
from litestar.params import FromPath
from msgspec.structs import replace

from app.certificates import (
    bundle,
    checking,
    headers,
    known_keys,
    log,
    queries,
    register,
    signer,
    status_lists,
    wallet,
)
from app.certificates.answers import Unconfirmed
from app.certificates.headers import FRESH
from app.certificates.kinds import Verdict
from app.certificates.signed_once import SignedOnce
from app.errors import N_, NotFound, Refusal
from app.rules.check_characters import parse_id
from app.settings import Settings
from app.storage.engine import read_snapshot
from app.web.limits import Limit, enforce
from app.web.openapi import VERIFY
from app.web.told import TOLD, Told

CREDENTIAL_LIMIT = Limit(10, 60)
VC = "application/vc"
UNCONFIRMED = frozenset({Verdict.UNREGISTERED, Verdict.UNCERTAIN})
"""Never signed; a revoked or corrected one is, for its bit of the status list says so."""
AnyRequest = Request[Any, Any, Any]
_lists: SignedOnce[wallet.Document] = SignedOnce()
_credentials: SignedOnce[wallet.Document] = SignedOnce()


class WalletFiles(Controller):
    """Public documents of the issuer, and the credential for who knows ID and full name."""

    @get(
        "/.well-known/did.json",
        name="did",
        include_in_schema=True,
        tags=[VERIFY],
        summary=N_("发证方的 DID 文档"),
        description=N_("电子凭证的发证方 did:web，含签名公钥。"),
    )
    async def did(self) -> Response[wallet.Document]:
        document = await wallet.did_document(await log.host())
        return Response(document, media_type=MediaType.JSON, headers=FRESH)

    @get(
        "/status/{number:int}",
        name="status-list",
        include_in_schema=True,
        tags=[VERIFY],
        summary=N_("电子凭证的状态列表"),
        description=N_("Bitstring Status List：凭证所指的那一位为 1，即已撤销。"),
        opt={TOLD: Told(answers={200: {VC: wallet.Document}}, refuses=(404, 503))},
    )
    async def status(
        self, number: FromPath[int], now: NamedDependency[datetime]
    ) -> Response[bytes]:
        moment = (await log.changes(), now.date())
        return _answer(await _lists.get(number, moment, lambda: _list(number, now)), FRESH)


async def _list(number: int, now: datetime) -> wallet.Document:
    if not await status_lists.has_status_list(number):
        raise NotFound
    await signer.known()
    await known_keys.refuse_unfit()
    return await wallet.status_list(number, await log.host(), now)


async def credential_for(
    name: str, holder: str, settings: Settings, now: datetime
) -> Response[Any]:
    """Answer with the credential; a wrong name is answered like an unknown ID.

    So is a row that cannot be confirmed. Only what is not answered counts against an ID, whether it
    is known or not. `CREDENTIAL_LIMIT` is the caller's to enforce, before the name is read.
    """
    text, _, kind = name.partition(".")
    unknown = Unconfirmed(text.upper()[:20], Verdict.UNREGISTERED)
    nobody = Response(unknown, status_code=404, media_type=MediaType.JSON, headers=headers.PRIVATE)
    try:
        verification_id = parse_id(text)
    except Refusal:
        return nobody
    key = f"id:{verification_id}"
    enforce(checking.NUMBER_LIMIT, key, settings.limit_factor, headers.PRIVATE)
    if kind != "credential.json" or not await queries.is_held_by(verification_id, holder):
        return nobody
    document = await _credential(verification_id, now)
    if document is None:
        return nobody
    checking.NUMBER_LIMIT.give_back(key)
    return _answer(document, headers.PRIVATE)


async def _credential(verification_id: str, now: datetime) -> wallet.Document | None:
    """Return the signed credential; None where the row is not what was once issued and logged."""
    try:
        return await _credentials.get(
            verification_id, await log.changes(), lambda: _signed(verification_id, now)
        )
    except (queries.Unregistered, queries.Damaged):
        return None


async def _signed(verification_id: str, now: datetime) -> wallet.Document:
    await signer.known()
    await known_keys.refuse_unfit()
    async with read_snapshot():
        entry = await queries.entry_of(verification_id, believes_seals=False)
        if entry.verdict in UNCONFIRMED:
            raise queries.Unregistered
        detail = await register.certificate(await register.id_of(verification_id))
        place = await status_lists.status_place(detail.line.id)
    shown = replace(detail, line=replace(detail.line, title=entry.title))
    return await signer.apart(wallet.credential, shown, await log.host(), place, now)


def _answer(document: wallet.Document, with_headers: dict[str, str]) -> Response[bytes]:
    return Response(msgspec.json.encode(document), media_type=VC, headers=with_headers)


def asked_name(request: AnyRequest) -> str:
    """Return the holder's name from the address."""
    return _name_in(request.scope["query_string"])


async def posted_name(request: AnyRequest) -> str:
    """Return the holder's name from a form or a JSON body; of one that cannot be read, nobody's."""
    kind, _ = request.content_type
    if kind == "application/x-www-form-urlencoded":
        return _name_in(await request.body())
    try:
        sent = await request.json() if kind == "application/json" else await request.form()
    except SerializationException:
        return ""
    name = sent.get("name", "") if hasattr(sent, "get") else ""
    return name if isinstance(name, str) else ""


def _name_in(pairs: bytes) -> str:
    """Return the name of a query or form, which command lines send as it was typed."""
    return parse_qs(pairs.decode("utf-8", "replace")).get("name", [""])[0]


def forget() -> None:
    """Forget every document: they belong to the register that was open."""
    _lists.forget()
    _credentials.forget()
    bundle.kept.forget()
