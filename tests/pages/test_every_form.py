"""Every form of the demonstration, sent with nonsense: each is refused in words, none breaks.

The page that comes back leads on: no link of its own to another language, page or filter is dead,
and no id on it is given twice; on a page as it is first read, none is missing.
"""

import re
import shutil
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from app.demo.accounts import PASSWORD
from app.main import create_app, open_house
from app.settings import load
from tests.builders.addresses import kind_of
from tests.builders.html import HtmlPage
from tests.builders.visits import ORIGIN, TOKEN

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
ACCOUNTS = ("organizer", "chief", "certificates", "admin")
FILES = re.compile(r"\.(jpg|xlsx|pdf|json|yaml|zip)$|/(zip|pdf|checkpoint|vkey|record|sheet)$|^/j")
OWN = re.compile("sign-out|password|/sign-in|/invitations")
NONSENSE = ("", "字" * 6000, "a\0b", "-1", "99999999999999999999", "NaN", "<b>'\"{{", "2026-02-30")


@dataclass
class SeenForm:
    """A form of a page: where it goes and what it holds."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Reader(HTMLParser):
    """Collects the links of a page, and its forms that change something."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[SeenForm] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(known.get("href", ""))
        elif tag == "form":
            self._is_inside = known.get("method", "get").lower() == "post"
            if self._is_inside:
                self.forms.append(SeenForm(known.get("action", "")))
        elif self._is_inside and "name" in known:
            self.forms[-1].fields.setdefault(known["name"], known.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._is_inside = self._is_inside and tag != "form"


@asynccontextmanager
async def signed_in(folder: Path, account: str) -> AsyncIterator[httpx.AsyncClient]:
    """Open a copy of the demonstration as one of its accounts."""
    settings = load({"XIANGJIANG_DATA_DIR": str(folder), "XIANGJIANG_LIMIT_FACTOR": "0"})
    house = create_app(settings)
    async with open_house(settings):
        transport = httpx.ASGITransport(app=house, raise_app_exceptions=False)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            form = {"sign_in_name": account, "password": PASSWORD}
            await client.post("/sign-in", data=form | {"_csrf_token": await token(client)})
            yield client


async def token(client: httpx.AsyncClient, path: str = "/sign-in") -> str:
    """Return the token that this browser's forms carry."""
    found = TOKEN.search((await client.get(path)).text)
    return found[1] if found else ""


async def forms_of(
    client: httpx.AsyncClient,
) -> tuple[dict[str, SeenForm], dict[str, list[str]]]:
    """Walk over one page of each kind; return one form of each kind, and what is wrong with ids."""
    waiting, seen = deque(["/desk", "/verify", "/verify/list"]), set[str]()
    found: dict[str, SeenForm] = {}
    wrong: dict[str, list[str]] = {}
    while waiting:
        path = waiting.popleft()
        kind = kind_of(path)
        if kind in seen or FILES.search(path) or OWN.search(path):
            continue
        answer = await client.get(path)
        if answer.status_code != 200:
            continue
        seen.add(kind)
        reader = Reader()
        reader.feed(answer.text)
        page = HtmlPage(answer.text)
        if ids := twice_in(page) + missing_in(page):
            wrong[path] = ids
        waiting.extend(urlsplit(urljoin(path, link)).path for link in reader.links)
        for form in reader.forms:
            action = urlsplit(urljoin(path, form.action or path)).path
            if not OWN.search(action):
                found.setdefault(kind_of(action), SeenForm(action, form.fields))
    return found, wrong


def twice_in(page: HtmlPage) -> list[str]:
    """List the ids that a page gives more than once."""
    return [name for name, count in Counter(page.ids).items() if count > 1]


def missing_in(page: HtmlPage) -> list[str]:
    """List the ids that a page refers to and does not have."""
    return sorted(set(page.referred) - set(page.ids))


def ways_on(address: str, page: HtmlPage) -> set[str]:
    """Return where the language link, the filters and the pager of a page lead."""
    links = [link["href"] for link in page.links if {"hreflang", "rel"} & set(link)]
    filters = [form.action for form in page.forms if form.method == "get"]
    found = {urljoin(address, way) for way in (*links, *filters)}
    return {way for way in found if not FILES.search(urlsplit(way).path)}


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_is_refused_in_words(account: str, seeded_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(seeded_folder, folder)
    broken: dict[str, list[str]] = defaultdict(list)
    followed: set[str] = set()

    async with signed_in(folder, account) as client:
        carried = {"_csrf_token": await token(client, "/desk")}
        forms, wrong = await forms_of(client)
        for kind, form in forms.items():
            spoilt = [form.fields | dict.fromkeys(form.fields, text) for text in NONSENSE]
            # Of the rows of a grid, one field of each kind.
            alone = {re.sub(r"\d+", "", name): name for name in form.fields}
            spoilt += [form.fields | {name: NONSENSE[4]} for name in alone.values()]
            for fields in spoilt:
                answer = await client.post(form.action, data=fields | carried)
                if answer.status_code >= 500:
                    broken[kind].append(str(answer.status_code))
                if answer.status_code == 422:
                    page = HtmlPage(answer.text)
                    broken[kind] += twice_in(page) + page.unexplained()
                    for way in ways_on(form.action, page) - followed:
                        followed.add(way)
                        status = (await client.get(way)).status_code
                        broken[kind] += [f"{way} leads to {status}"] if status >= 400 else []

    assert len(forms) >= 5
    assert wrong == {}
    assert {kind: found for kind, found in broken.items() if found} == {}
