"""Fixtures of the whole suite."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import pytest
from django.dispatch import receiver
from django.utils.translation.reloader import translation_file_changed
from django_tasks import TaskResultStatus
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.signals import task_finished

from ronglian.kernel.messages import compile_messages
from tests.databases import emptied_quickly, memory_filled, migrated_file

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_configure(config: pytest.Config) -> None:
    """The Chinese texts are compiled from the catalogue as it is now."""
    for path in compile_messages():
        translation_file_changed(None, path)  # Django is set up before this, and has read what there was


@receiver(task_finished)
def no_job_fails_unseen(sender: type[Any], task_result: Any, **_more: Any) -> None:
    """In the suite jobs run at once, in the test that enqueued them; the backend would swallow what they raise."""
    if task_result.status == TaskResultStatus.FAILED and sender is ImmediateBackend:
        raise AssertionError(task_result.errors[-1].traceback)


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "leave out tests that do the same whatever DATABASE_URL says: without a database, or marked any_database"
    parser.addoption("--only-database", action="store_true", help=text)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("only_database"):
        config.hook.pytest_deselected(items=[item for item in items if not differs_by_database(item)])
        items[:] = [item for item in items if differs_by_database(item)]


def uses_database(item: pytest.Item) -> bool:
    marked = item.get_closest_marker("django_db") is not None
    return marked or bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))


def differs_by_database(item: pytest.Item) -> bool:
    return uses_database(item) and item.get_closest_marker("any_database") is None


@pytest.fixture(scope="session")
def migrated() -> Path:
    """An SQLite file with empty tables, to be copied."""
    return migrated_file()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """On SQLite the tables are copied, which takes a tenth of the time of migrating."""
    from django.db import connection  # noqa: PLC0415 - engine tests run without Django

    with memory_filled(connection) if connection.vendor == "sqlite" else emptied_quickly(connection):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database can be dropped: a server or thread that a test has ended may hold its session a moment longer."""
    yield
    from django.db import connection  # noqa: PLC0415 - engine tests run without Django

    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def own_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Each test starts without a match index, and what it saves stays in its own folder."""
    if not uses_database(request.node):
        yield
        return
    from ronglian.apps.matching.keeper import keeper  # noqa: PLC0415 - needs Django to be set up

    kept = keeper._folder
    keeper._folder = tmp_path / "index"
    keeper.forget()
    yield
    keeper.forget()
    keeper._folder = kept


@pytest.fixture
def chinese() -> Iterator[None]:
    """Texts come in Chinese, as they do without asking."""
    from django.utils import translation  # noqa: PLC0415 - engine tests run without Django

    with translation.override("zh-hans"):
        yield


@pytest.fixture
def english() -> Iterator[None]:
    from django.utils import translation  # noqa: PLC0415 - engine tests run without Django

    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium. Skipped where there is none; where CI is set, that is a failure."""
    if CHROMIUM is None:
        reason = "chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 - slow to import, few tests need it

    expect.set_options(timeout=30_000)  # a machine that does other work, too, is no failure

    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    # Playwright runs an event loop in this thread, which makes Django refuse the database to the test itself.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def live_server(live_server: Any) -> Iterator[Any]:
    """No request outlives its test: it would write, and send mails, in the next one."""
    yield live_server
    deadline = monotonic() + 60
    while answering := [each for each in threading.enumerate() if "process_request" in each.name]:
        assert monotonic() < deadline, answering
        sleep(0.01)


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Page]:
    """A Chinese visitor's empty browser at the running site; `page.goto("/needs/")` is enough.

    A script error or a breach of the content security policy fails the test. Sign-ins are counted by the minute in the
    cache: each test begins with none.
    """
    from django.core.cache import cache  # noqa: PLC0415 - engine tests run without Django

    cache.clear()
    context = browser.new_context(
        base_url=live_server.url, locale="zh-CN", viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert [problem for problem in problems if "Failed to load resource" not in problem] == []
