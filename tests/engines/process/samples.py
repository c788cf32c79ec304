"""A small definition in words, and what the tests of the engine share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ronglian.engines.process import Calendar, Circumstances, Definition, read_calendar, read_definition
from tests.paths import REPOSITORY

RULEBOOK = REPOSITORY / "src" / "ronglian" / "rulebook"
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HEAD = """
process: sample
version: 1
kind: test
name: {zh: 样例, en: Sample}
summary: {zh: 样例, en: Sample}
jurisdiction: platform
confidence: own
calendar: cn_working_days
sources:
  law: {zh: 某法, en: Some law}
roles:
  issuer: {zh: 发榜方, en: issuer}
  bidder: {zh: 揭榜方, en: bidder}
documents:
  paper: {zh: 文书, en: paper}
facts:
  money: {kind: money, zh: 金额, en: amount}
  ready: {kind: yes_no, zh: 就绪, en: ready}
  closes_at: {kind: time, zh: 截止, en: closing}
parameters:
  least: {zh: 下限, en: lower limit, value: 100 yuan}
  wait: {zh: 公示期, en: notice, value: {working_days: 5}}
guards:
  enough: {zh: 金额不足, en: Not enough., source: law, when: {fact: money, at_least: least}}
  ready: {zh: 没有就绪, en: Not ready., when: {fact: ready, is: yes}}
start: a
"""
BODY = """
states:
  a: {zh: 甲, en: A}
  b: {zh: 乙, en: B}
  c: {zh: 丙, en: C}
  done: {zh: 完成, en: done, end: success}
  off: {zh: 取消, en: off, end: cancelled}
transitions:
  fork: {zh: 分, en: Fork, from: a, to: [b, c], roles: [issuer], guards: [enough, ready], produces: [paper]}
  join: {zh: 合, en: Join, from: [b, c], to: done, roles: [bidder, clock], not_before: wait}
  stop: {zh: 停, en: Stop, from_any: [a, b, c], to: off, roles: [issuer, clock], cancels: yes}
timers:
  over: {zh: 到期, en: due, in: b, after: {working_days: 30}, fires: [join, stop]}
  remind: {zh: 提醒, en: reminder, in: a, at: closes_at, reminds: [issuer]}
"""


def sample(text: str = HEAD + BODY) -> Definition:
    return read_definition(text, "sample.yaml")


def packaged(pattern: str = "*/processes/*.yaml") -> list[Path]:
    return sorted(RULEBOOK.glob(pattern))


def chinese_days() -> Calendar:
    path = RULEBOOK / "cn" / "calendars" / "cn_working_days.yaml"
    return read_calendar(path.read_text(encoding="utf-8"), path.name)


CALENDAR = chinese_days()


def asked(
    *roles: str, now: datetime = NOW, documents: dict[str, str] | None = None, **facts: Any
) -> Circumstances:
    return Circumstances.of(roles, facts, now, CALENDAR, documents)
