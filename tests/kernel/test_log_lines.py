"""What the program writes about itself holds no secret."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from ronglian.kernel.log_lines import JsonFormatter, LineFormatter

SECRETS = (
    "rl_Zm9vYmFyYmF6cXV4cXV1eA", "PRIVATE+KEY+ronglian.log/1+abc+AQ==", "Bearer abc.def", "password=hunter2",
    "sessionid=abc123; path=/",
)  # fmt: skip


def record(message: str, *, trace: bool = False) -> logging.LogRecord:
    return logging.LogRecord(
        "ronglian", logging.ERROR, "file", 1, message, (), sys.exc_info() if trace else None
    )


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("formatter", [LineFormatter(), JsonFormatter()])
def test_secrets_are_masked(secret: str, formatter: logging.Formatter) -> None:
    try:
        raise ValueError(secret)
    except ValueError:
        text = formatter.format(record(f"failed with {secret} here", trace=True))
    hidden = secret.removeprefix("Bearer ").removeprefix("password=").removeprefix("sessionid=").split(";")[0]
    assert hidden not in text
    assert "***" in text


def test_a_json_line_is_one_object() -> None:
    said = json.loads(JsonFormatter().format(record("一\n二")))
    assert (said["level"], said["logger"], said["message"]) == ("ERROR", "ronglian", "一\n二")
