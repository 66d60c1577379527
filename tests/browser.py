"""A real server and a real Chromium for tests: fixtures `server`, `demo`, `page` and their parts.

The browser watches itself: a page that loads from elsewhere, throws, or logs an error fails its
test. Playwright is started for each test, because its loop would hide pytest's from async tests.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
)
READY_SECONDS = 60
WIDTHS = {"phone": (360, 760), "tablet": (800, 1100), "desk": (1440, 900)}
# A tablet that was refused once waits before it sends again, and a busy machine makes all wait.
expect.set_options(timeout=30_000)
USES_A_BROWSER = {"browser", "playwright"}


# ------------------------------------------------------------------------------------ the server


@dataclass
class Server:
    """A running `python -m app serve` with a data folder of its own."""

    origin: str
    data_dir: Path
    settings: dict[str, str]
    process: "subprocess.Popen[bytes]"

    def die_and_rise(self) -> None:
        """Kill the server as a power cut would, and start it again on the same folder and port."""
        self.process.kill()
        self.process.wait()
        self.process = started(self.settings, self.data_dir)
        wait_until_ready(self)

    def restore(self, backup: Path) -> None:
        """Put the folder back to a backup, as an operator does, and start the server again."""
        stop(self.process)
        self.run("restore", str(backup), "--replace")
        self.process = started(self.settings, self.data_dir)
        wait_until_ready(self)

    @property
    def log(self) -> str:
        """What the server printed so far."""
        return (self.data_dir / "server.log").read_text(encoding="utf-8", errors="replace")

    def run(self, *arguments: str) -> str:
        """Run a verb of the command line beside the server; a refusal fails the test."""
        return run_verb(arguments, self.settings)

    def get(self, path: str) -> str:
        """Fetch a public page."""
        with urllib.request.urlopen(self.origin + path, timeout=30) as answer:
            return str(answer.read().decode())


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def settings_for(data_dir: Path, **own: str) -> dict[str, str]:
    """Return the settings of a house of its own."""
    port = own.pop("PORT", "") or str(free_port())
    named = {"DATA_DIR": str(data_dir), "PORT": port, "HOST": "127.0.0.1", **own}
    return {f"XIANGJIANG_{name}": value for name, value in named.items()}


@cache
def migrated_house() -> "tempfile.TemporaryDirectory[str]":
    """Migrate an empty house once for this process, without keys; houses start as its copies."""
    folder = tempfile.TemporaryDirectory(prefix="house-")
    run_verb(["migrate"], settings_for(Path(folder.name)))
    for key in Path(folder.name).glob("*.key"):
        key.unlink()
    return folder


def run_verb(arguments: Sequence[str], settings: dict[str, str]) -> str:
    """Run `python -m app …` to its end and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


@contextmanager
def serving(data_dir: Path, **own: str) -> Iterator[Server]:
    """Serve a data folder until the block ends; `own` are settings without their prefix."""
    if not data_dir.exists():
        shutil.copytree(migrated_house().name, data_dir)
    settings = settings_for(data_dir, **own)
    origin = f"http://127.0.0.1:{settings['XIANGJIANG_PORT']}"
    server = Server(origin, data_dir, settings, started(settings, data_dir))
    try:
        wait_until_ready(server)
        yield server
    finally:
        stop(server.process)


def started(settings: dict[str, str], data_dir: Path) -> "subprocess.Popen[bytes]":
    """Start `serve`; what it prints goes to a file in the data folder."""
    with (data_dir / "server.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "app", "serve"],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def wait_until_ready(server: Server) -> None:
    """Wait for /healthz, or say what the server said."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if server.process.poll() is not None:
            raise AssertionError(f"the server ended at once:\n{server.log}")
        try:
            if server.get("/healthz") == "ok":
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"no /healthz within {READY_SECONDS} s:\n{server.log}")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a server as an operator would, and by force only when it does not listen."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Serve an empty house."""
    with serving(tmp_path / "data") as running:
        yield running


@pytest.fixture(scope="session")
def seeded_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Seed the demonstration once for all workers; tests serve copies of it."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    folder, seeded = shared / "seed", shared / "seeded"
    with (shared / "seed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not seeded.exists():
            shutil.copytree(migrated_house().name, folder)
            run_verb(["seed"], settings_for(folder, DEMO="1"))
            seeded.touch()
    return folder


@pytest.fixture
def demo(seeded_folder: Path, tmp_path: Path) -> Iterator[Server]:
    """Serve a fresh copy of the demonstration."""
    folder = tmp_path / "demo"
    shutil.copytree(seeded_folder, folder)
    with serving(folder, DEMO="1") as running:
        yield running


# ----------------------------------------------------------------------------------- the browser


@dataclass
class Watch:
    """What went wrong in a browser, by itself, while a test looked elsewhere."""

    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, part: str) -> None:
        """Let problems that hold this text pass: the test makes them on purpose."""
        self.expected.append(part)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context."""
        context.on("request", self._saw_request)
        context.on("console", self._saw_console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))

    def _saw_request(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1", "http://localhost", "data:", "blob:")):
            self.problems.append(f"outside: {request.url}")

    def _saw_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text} {message.location.get('url', '')}")

    def unexpected(self) -> list[str]:
        """List what no test asked for."""
        return [p for p in self.problems if not any(part in p for part in self.expected)]


def chromium_path() -> str:
    """Return the browser of the system; set-up says how to get one."""
    for name in PROGRAMS:
        found = shutil.which(name)
        if found:
            return found
    raise AssertionError("no Chromium on this machine: run `make test`, which says what to install")


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """Start Chromium, with further flags; as root it cannot have its sandbox."""
    flags = [*FLAGS, *more, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
        try:
            yield browser
        finally:
            browser.close()


def context_of(browser: Browser, width: str = "desk", **options: Any) -> BrowserContext:
    """Open a Chinese browser window of one of the three widths."""
    across, down = WIDTHS[width]
    chosen = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
    return browser.new_context(viewport={"width": across, "height": down}, **chosen)


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Start Chromium for one test."""
    with chromium() as running:
        yield running


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Watch the browser; what nobody expected fails the test at its end."""
    seen = Watch()
    yield seen
    assert seen.unexpected() == []


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Iterator[Page]:
    """Open a page on a desk's screen."""
    context = context_of(browser)
    watch.over(context)
    yield context.new_page()
    context.close()


@pytest.fixture
def tablet_page(browser: Browser, watch: Watch) -> Iterator[Page]:
    """Open a page on a tablet that is touched."""
    context = context_of(browser, "tablet", has_touch=True)
    watch.over(context)
    yield context.new_page()
    context.close()


def sign_in(page: Page, origin: str, name: str, password: str) -> None:
    """Sign in through the page, as a person does."""
    page.goto(f"{origin}/sign-in")
    page.fill("[name=sign_in_name]", name)
    page.fill("[name=password]", password)
    page.click("main form button")
    page.wait_for_url(lambda address: "/sign-in" not in address)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark browser tests, and keep them on two workers: a third browser would slow the others.

    Those of one file share what is costly.
    """
    for item in items:
        if USES_A_BROWSER & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group(f"browser {item.path.parent.name}"))
