"""What the program writes about itself: lines for people or JSON for machines, without secrets in either."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

# API tokens, private keys of the log, and whatever follows a word that announces a secret.
SECRETS = re.compile(
    r"rl_[\w-]{16,}|PRIVATE\+KEY\+\S+|(?i:(?<=bearer )|(?<=password=)|(?<=sessionid=)|(?<=csrftoken=))[^\s&;'\"]+"
)
MASK = "***"


def without_secrets(text: str) -> str:
    return SECRETS.sub(MASK, text)


class LineFormatter(logging.Formatter):
    """Time, level, place, message; the trace below."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


class JsonFormatter(logging.Formatter):
    """One object for each message."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return without_secrets(json.dumps(said, ensure_ascii=False))
