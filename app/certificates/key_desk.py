"""Keys and the log, for people: what is used, who proposes a change and who approves it."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.certificates import (
    key_proposals,
    keyring,
    known_keys,
    log,
    log_vkeys,
    notes,
    queries,
    signer,
    tiles,
    witnesses,
)
from app.certificates.key_proposals import KeyWish
from app.certificates.kinds import KeyAct, ProposalState
from app.certificates.office import MAY_READ
from app.certificates.rail import rail
from app.errors import N_, Refusal
from app.rules.actors import Actor
from app.settings import Settings
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page

AnyRequest = Request[Any, Any, Any]
PLACE = "/desk/certificates/keys"


class WishForm(Struct, frozen=True):
    """A change of keys that is proposed."""

    act: Annotated[KeyAct, Meta(title=N_("要做什么"))]
    kid: Annotated[str, Meta(title=N_("密钥"), max_length=8)]
    reason: Annotated[str, Meta(title=N_("原因"), max_length=500)]
    from_index: Annotated[
        Annotated[int, Meta(ge=0)] | None, Meta(title=N_("从哪个日志序号起不可信"))
    ] = None


class KeyPages(Controller):
    """The keys, the log, and the changes that wait for a second person."""

    path = PLACE
    guards = [requires(*MAY_READ)]  # noqa: RUF012 - Litestar's way to declare

    @get("", name="certificate-keys")
    async def show(
        self, actor: NamedDependency[Actor], settings: NamedDependency[Settings]
    ) -> Response[Any]:
        return await _show(Form(WishForm), actor, settings)

    @post("", name="certificate-key-propose")
    async def propose(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        settings: NamedDependency[Settings],
    ) -> Response[Any]:
        form = await read_form(request, WishForm)
        if form.ok:
            data = form.data
            index = data.from_index if data.act is KeyAct.COMPROMISED else None
            wish = KeyWish(act=data.act, kid=data.kid, reason=data.reason, from_index=index)
            try:
                await keyring.propose(wish, by=actor, at=now)
                return go(PLACE, toast=_("已提出，等待另一人批准"))
            except Refusal as refusal:
                form.refuse(refusal)
        return await _show(form, actor, settings, status_code=422)

    @post("/proposals/{proposal_id:int}/approval", name="certificate-key-approve")
    async def approve(
        self,
        proposal_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        await keyring.approve(proposal_id, by=actor, at=now)
        return go(PLACE, toast=_("这项密钥变更已经办理"))

    @post("/proposals/{proposal_id:int}/decline", name="certificate-key-decline")
    async def decline(
        self,
        proposal_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        await keyring.decline(proposal_id, by=actor, at=now)
        return go(PLACE, toast=_("这项密钥变更不再办理"))


async def _show(
    form: Form[WishForm], actor: Actor, settings: Settings, status_code: int = 200
) -> Response[Any]:
    try:
        checkpoint, note = await tiles.latest_checkpoint()
    except tiles.NotInLog:
        checkpoint, note = None, ""
    proposals = await key_proposals.proposals()
    await signer.known()
    vkey = await log.vkey()
    return page(
        "app/certificates/desk/keys.html",
        rail=rail("/keys"),
        form=form,
        keys=await queries.keys(),
        signing=known_keys.signing(),
        present=await known_keys.present(),
        is_remote=settings.signer is not None,
        host=await log.host(),
        vkey=vkey,
        key_digest=notes.key_digest(vkey),
        is_own_log_key=await log_vkeys.is_own(),
        checkpoint=checkpoint,
        note=note,
        witnesses=await witnesses.standing(settings.witnesses),
        acts=[act for act in KeyAct if act is not KeyAct.NEW_LOG_KEY],
        waiting=[line for line in proposals if line.state is ProposalState.OPEN],
        decided=[line for line in proposals if line.state is not ProposalState.OPEN],
        may_keep=actor.holds(keyring.MAY_KEEP_KEYS),
        account_id=actor.account_id,
        status_code=status_code,
    )
