"""The wallet form: a credential that others verify, its status, and the issuer's document."""

import base64
import copy
import gzip
import hashlib
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pyld import jsonld  # type: ignore[import-untyped]

from app.certificates import register, vocabulary, wallet, wallet_files
from app.certificates.vocabulary import UndefinedTerm, UnknownContext
from app.storage import engine
from tests.builders.certificates import AT, HOST, ISSUING
from tests.builders.visits import a_visit
from tests.pages.test_certificate_pages import NAME, a_certificate, revoke

pytestmark = pytest.mark.anyio


@pytest.fixture
def house(database: str, tmp_path: Path) -> Path:
    """A database with keys and a log."""
    from tests.builders.certificates import open_house

    open_house(tmp_path)
    return tmp_path


def unbase58(text: str) -> bytes:
    digits, value = text[1:], 0
    for character in digits:
        value = value * 58 + wallet.BASE58.index(character)
    zeros = len(digits) - len(digits.lstrip(wallet.BASE58[0]))
    return bytes(zeros) + value.to_bytes((value.bit_length() + 7) // 8)


def verify(document: dict[str, Any], did: dict[str, Any]) -> None:
    """Verify a credential by the text of eddsa-rdfc-2022, apart from the product's own code."""
    unsigned = copy.deepcopy(document)
    [proof] = unsigned.pop("proof")
    options = {"@context": unsigned["@context"]} | {
        k: v for k, v in proof.items() if k != "proofValue"
    }
    assert proof["verificationMethod"] in did["assertionMethod"]
    method = next(m for m in did["verificationMethod"] if m["id"] == proof["verificationMethod"])
    key = unbase58(method["publicKeyMultibase"])[2:]
    message = b"".join(
        hashlib.sha256(
            jsonld.normalize(
                part,
                {
                    "algorithm": "URDNA2015",
                    "format": "application/n-quads",
                    "documentLoader": vocabulary.loader,
                },
            ).encode()
        ).digest()
        for part in (options, unsigned)
    )
    Ed25519PublicKey.from_public_bytes(key).verify(unbase58(proof["proofValue"]), message)


def scalars(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in scalars(inner, (*path, key))]
    if isinstance(value, list):
        return [
            found for place, inner in enumerate(value) for found in scalars(inner, (*path, place))
        ]
    return [path]


def changed(document: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    copied = copy.deepcopy(document)
    place: Any = copied
    for step in path[:-1]:
        place = place[step]
    old = place[path[-1]]
    place[path[-1]] = (not old) if isinstance(old, bool) else f"{old}x"
    return copied


class TestTheCredential:
    async def test_is_given_to_who_knows_the_full_name(self, house):
        line = await a_certificate()
        address = f"/v/{line.verification_id}.credential.json"
        async with a_visit(house) as visitor:
            posted = await visitor.client.post(address, data={"name": NAME})
            as_json = await visitor.client.post(address, json={"name": "阿依古丽买买提"})
            asked = await visitor.client.get(address, params={"name": NAME})
            did = (await visitor.get("/.well-known/did.json")).json()

        assert posted.json() == as_json.json() == asked.json()
        assert posted.headers["cache-control"] == "no-store"
        verify(posted.json(), did)
        subject = posted.json()["credentialSubject"]
        assert subject["identifier"][0]["identityHash"] == NAME
        assert did["id"] == f"did:web:{HOST}"

    async def test_answers_a_wrong_name_like_an_unknown_id(self, house):
        line = await a_certificate()
        async with a_visit(house) as visitor:
            wrong = await visitor.client.post(
                f"/v/{line.verification_id}.credential.json", data={"name": "李四"}
            )
            unknown = await visitor.client.post(
                "/v/0000000000000000.credential.json", data={"name": "李四"}
            )

        assert wrong.status_code == unknown.status_code == 404
        assert wrong.text.replace(line.verification_id, "") == unknown.text.replace("0" * 16, "")

    @pytest.mark.parametrize("kind", ["application/json", "text/plain"])
    @pytest.mark.parametrize("body", [b"{", b"\xff", b'["name"]', b'{"name": 1}', b""])
    async def test_answers_a_body_that_cannot_be_read_like_a_wrong_name(self, house, kind, body):
        line = await a_certificate()
        address = f"/v/{line.verification_id}.credential.json"
        async with a_visit(house) as visitor:
            wrong = await visitor.client.post(address, data={"name": "李四"})
            unread = await visitor.client.post(
                address, content=body, headers={"Content-Type": kind}
            )

        assert (unread.status_code, unread.text) == (404, wrong.text)

    @pytest.mark.parametrize(
        "edit",
        [
            "result = '优秀'",
            "issuer_name = '黔山大学'",
            "name = '李四'",
            "kind = 9",
            "status = 'revoked'",
            "leaf_index = 99",
        ],
    )
    async def test_is_nobodys_where_the_row_was_edited(self, house, edit):
        line = await a_certificate()
        await engine.run_each(f"UPDATE certificate SET {edit} WHERE id = ?", [[line.id]])
        async with a_visit(house) as visitor:
            edited, unknown = [
                await visitor.client.post(f"/v/{id_}.credential.json", data={"name": NAME})
                for id_ in (line.verification_id, "0" * 16)
            ]

        assert edited.status_code == 404
        assert edited.text.replace(line.verification_id, "") == unknown.text.replace("0" * 16, "")

    async def test_names_the_signed_title_where_the_full_one_was_edited(self, house):
        line = await a_certificate()
        await engine.run_each("UPDATE certificate SET title = ?", [["一级刺梨大师"]])
        async with a_visit(house) as visitor:
            given = await visitor.client.post(
                f"/v/{line.verification_id}.credential.json", data={"name": NAME}
            )

        assert given.json()["credentialSubject"]["achievement"]["name"] == line.title

    async def test_reads_no_long_form_and_none_after_the_limit(self, house):
        line = await a_certificate()
        address = f"/v/{line.verification_id}.credential.json"
        async with a_visit(house) as visitor:
            long = await visitor.client.post(address, data={"name": "x" * 10_000})
            for _ in range(wallet_files.CREDENTIAL_LIMIT.most - 1):
                await visitor.client.post("/v/x.credential.json", data={"name": NAME})
            late = await visitor.client.post(address, data={"name": "x" * 10_000})
            others = [
                await visitor.client.post(path, data={"name": "x" * 10_000})
                for path in (f"/v/{line.verification_id}/holder", "/verify")
            ]

        assert (long.status_code, late.status_code) == (413, 429)
        assert [other.status_code for other in others] == [413, 413]

    @pytest.mark.parametrize("is_known", [True, False])
    async def test_limits_wrong_names_of_an_id_that_is_known_or_not(self, house, is_known):
        line = await a_certificate()
        address = f"/v/{line.verification_id if is_known else '0' * 16}.credential.json"
        async with a_visit(house) as visitor:
            for _ in range(5):
                await visitor.client.post(address, data={"name": "李四"})
            late = await visitor.client.post(address, data={"name": NAME})

        assert late.status_code == 429
        assert int(late.headers["retry-after"]) > 0
        assert late.headers["cache-control"] == "no-store"

    async def test_reads_a_name_as_a_command_line_sends_it(self, house):
        line = await a_certificate()
        address = f"/v/{line.verification_id}.credential.json"
        form = {"content-type": "application/x-www-form-urlencoded"}
        async with a_visit(house) as visitor:
            posted = await visitor.client.post(address, content=f"name={NAME}", headers=form)

        assert posted.status_code == 200

    async def test_counts_no_right_name_against_an_id(self, house):
        line = await a_certificate()
        address = f"/v/{line.verification_id}.credential.json"
        async with a_visit(house) as visitor:
            answers = [await visitor.client.post(address, data={"name": NAME}) for _ in range(7)]

        assert {answer.status_code for answer in answers} == {200}

    async def test_is_refused_with_any_scalar_changed(self, house):
        line = await a_certificate()
        detail = await register.certificate(line.id)
        document = wallet.credential(detail, HOST, (0, 7), AT)
        did = await wallet.did_document(HOST)
        verify(document, did)

        for path in scalars(document):
            with pytest.raises(
                (InvalidSignature, AssertionError, UnknownContext, jsonld.JsonLdError, ValueError)
            ):
                verify(changed(document, path), did)

    async def test_says_by_its_status_list_that_it_was_revoked(self, house):
        line = await a_certificate()
        address = f"/v/{line.verification_id}.credential.json"
        async with a_visit(house) as visitor:
            before = (await visitor.client.post(address, data={"name": NAME})).json()
            status = before["credentialStatus"]
            path = status["statusListCredential"].removeprefix(f"https://{HOST}")
            assert not bit_of((await visitor.get(path)).json(), int(status["statusListIndex"]))
            await revoke(line)
            after = (await visitor.get(path)).json()
            still = await visitor.client.post(address, data={"name": NAME})
            did = (await visitor.get("/.well-known/did.json")).json()
            missing = await visitor.get("/status/9")

        assert bit_of(after, int(status["statusListIndex"]))
        verify(after, did)
        assert still.status_code == 200
        assert missing.status_code == 404


def bit_of(document: dict[str, Any], index: int) -> bool:
    encoded = document["credentialSubject"]["encodedList"]
    assert encoded[0] == "u"
    bits = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
    assert len(bits) * 8 >= 131_072
    return bool(bits[index // 8] & 0x80 >> index % 8)


class TestTheVocabulary:
    def test_refuses_terms_that_signing_would_drop(self):
        with pytest.raises(UndefinedTerm):
            wallet.signed({"@context": [vocabulary.CREDENTIALS_V2], "colour": "red"}, HOST, AT)
        with pytest.raises(UndefinedTerm):
            vocabulary.refuse_undefined({"type": ["Nonsense"]})

    def test_fetches_nothing(self):
        with pytest.raises(UnknownContext):
            vocabulary.loader("https://example.com/context", {})

    def test_writes_keys_as_the_example_of_did_key(self):
        # The example key of the did:key method specification.
        known = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"

        assert wallet.base58(unbase58(known)) == known
        assert unbase58(wallet.base58(bytes(2) + b"x")) == bytes(2) + b"x"
        assert wallet.base58(wallet.ED25519_PUBLIC + ISSUING.public_key).startswith("z6Mk")
