"""What programs get is what the document says: every status, every media, every field."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from app.certificates import list_pages, lists
from app.storage import engine
from app.web import background
from app.web.limits import BODY_BYTES
from tests.builders.certificates import issued, open_house, some_facts
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio
JOBS, JOB = "/api/v1/verify-jobs", "/api/v1/verify-jobs/{name}"
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "null": type(None),
}


@pytest.fixture
def house(database: str, tmp_path: Path) -> Path:
    """A database with keys and a log, and no list."""
    open_house(tmp_path)
    lists.forget()
    return tmp_path


class Document:
    """The document, and whether an answer is one that it tells of."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.paths = document["paths"]
        self.parts = document["components"]["schemas"]

    def holds(self, path: str, answer: httpx.Response) -> bool:
        operation = self.paths[path][answer.request.method.lower()]
        said = operation["responses"][str(answer.status_code)]
        assert said["description"]
        assert ("retry-after" in answer.headers) == ("Retry-After" in said.get("headers", {}))
        media = answer.headers["content-type"].partition(";")[0]
        schema = said["content"][media]["schema"]
        return self.fits(answer.json() if "json" in media else answer.text, schema)

    def fits(self, value: Any, schema: dict[str, Any]) -> bool:
        if "$ref" in schema:
            return self.fits(value, self.parts[schema["$ref"].rpartition("/")[2]])
        if choices := schema.get("oneOf") or schema.get("anyOf"):
            return any(self.fits(value, choice) for choice in choices)
        if value not in schema.get("enum", [value]):
            return False
        kinds = schema.get("type", list(TYPES))
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if not any(isinstance(value, TYPES[kind]) for kind in kinds):
            return False
        if isinstance(value, list):
            return all(self.fits(item, schema.get("items", {})) for item in value)
        return not isinstance(value, dict) or self._fits_object(value, schema)

    def _fits_object(self, value: dict[str, Any], schema: dict[str, Any]) -> bool:
        known = schema.get("properties")
        if known is None:
            return True
        is_whole = set(schema.get("required", ())) <= set(value) <= set(known)
        return is_whole and all(self.fits(value[name], known[name]) for name in value)


class TestTheDocument:
    async def test_holds_what_is_answered_about_many(self, house):
        line = (await issued(some_facts(1)))[0]
        right = {"number": line.number, "name": line.name}
        async with a_visit(house) as visitor:
            document = Document((await visitor.get("/schema/openapi.json")).json())
            ask = visitor.client.post
            answers = [
                await ask("/api/v1/verify", json={"rows": [right, {"id": "x"}, {}]}),
                await ask("/api/v1/verify", content=b"{"),
                await ask("/api/v1/verify", content=bytes(BODY_BYTES + 1)),
                await ask("/api/v1/verify", json={"rows": [{}] * 1001}),
            ]
            for _ in range(10):
                last = await ask("/api/v1/verify", json={"rows": []})

        statuses = [answer.status_code for answer in [*answers, last]]
        assert statuses == [200, 400, 413, 422, 429]
        assert answers[0].json()["rows"][0]["verdict"] == "valid"
        assert all(document.holds("/api/v1/verify", answer) for answer in [*answers, last])

    async def test_holds_what_is_answered_about_a_long_list(self, house, monkeypatch):
        line = (await issued(some_facts(1)))[0]
        async with a_visit(house) as visitor:
            document = Document((await visitor.get("/schema/openapi.json")).json())
            ask = visitor.client.post
            begun = await ask(JOBS, json={"rows": [{"number": line.number, "name": line.name}]})
            early = await visitor.get(begun.headers["location"])
            await background.settle()
            over = await visitor.get(begun.headers["location"])
            gone = await visitor.get(f"{JOBS}/x")
            monkeypatch.setattr(lists, "MOST_BYTES", 0)
            full = await ask(JOBS, json={"rows": []})
            for _ in range(list_pages.READ_LIMIT.most):
                late = await ask(JOBS, json={"rows": []})

        assert [begun.status_code, full.status_code, late.status_code] == [202, 503, 429]
        assert all(document.holds(JOBS, answer) for answer in (begun, full, late))
        assert [early.json()["is_over"], over.json()["is_over"]] == [False, True]
        assert all(document.holds(JOB, answer) for answer in (early, over, gone))

    async def test_holds_what_is_answered_about_one(self, house):
        place = f"/v/{(await issued(some_facts(1)))[0].verification_id}"
        missing = "/v/7K3M9QX2T4BVN8RG"
        async with a_visit(house) as visitor:
            document = Document((await visitor.get("/schema/openapi.json")).json())
            kinds = ("", ".json", ".tlog-proof", ".leaf", ".credential.json?name=x")
            answers = [await visitor.get(place + kind) for kind in kinds]
            answers += [await visitor.get(missing + kind) for kind in ("", ".json", ".leaf")]
            whole = f"{place}.credential.json"
            answers.append(await visitor.client.post(whole, data={"name": "x"}))
            answers.append(await visitor.client.post(whole, json={"name": "张三"}))
            await engine.run_each("UPDATE certificate SET kind = ?", [[9]])
            answers += [await visitor.get(place + kind) for kind in ("", ".json")]

        assert {answer.status_code for answer in answers} == {200, 404, 422}
        assert all(document.holds("/v/{name}", answer) for answer in answers)
        bodies = document.paths["/v/{name}"]["post"]["requestBody"]["content"]
        assert set(bodies) == {"application/json", "application/x-www-form-urlencoded"}
        asked = [item["name"] for item in document.paths["/v/{name}"]["get"]["parameters"]]
        assert asked == ["name", "name"]

    async def test_tells_of_no_error_in_the_shape_of_the_framework(self, house):
        async with a_visit(house) as visitor:
            document = (await visitor.get("/schema/openapi.json")).json()

        assert "status_code" not in str(document)
