"""Bids and teams in a backup: what is sealed stands there in no readable form, while what is public does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import REPOSITORY
from tests.reliability.databases import new_place
from tests.reliability.test_bid_canaries import Search

BIDDING = """
import django
django.setup()
from django.conf import settings
settings.HOLDER_KEY_COST = 16  # what a passphrase costs to try is not asked here
from ronglian.apps.challenges.bid_content import Attachment, BidContent
from ronglian.apps.challenges.operations.bids import hand_in_bid
from ronglian.apps.challenges.operations.teams import Part, answer_partner, ask_partner, form_team
from tests.factories import make_organisation, make_person_of
from tests.factories.challenges import make_open

setting = make_open(title="publiccanary 电镀废水")
for number in range(20):
    word = f"sealedcanary{number:05d}"
    lead, partner = make_organisation(), make_organisation()
    actor, other = make_person_of(lead), make_person_of(partner)
    team = form_team(actor=actor, challenge=setting.challenge, lead=lead, part=Part(f"工艺 {word}", 60), lacks=word)
    member = ask_partner(actor=actor, team=team, organisation=partner, part=Part(f"检测 {word}", 40))
    answer_partner(actor=other, member=member, confirms=True)
    content = BidContent(
        proposal=f"方案 {word}", answers=(f"业绩 {word}",), price_fen=45_000_000,
        attachments=(Attachment(f"{word}.pdf", b"%PDF-1.7 " + word.encode()),),
    )
    hand_in_bid(actor=actor, challenge=setting.challenge, bidder=lead, content=content)
"""


@pytest.mark.django_db  # it asks the database of DATABASE_URL in processes of its own
def test_no_word_of_a_sealed_bid_stands_in_a_backup(tmp_path: Path, migrated: Path) -> None:
    folder, backup = tmp_path / "place", tmp_path / "backup"
    folder.mkdir()
    on_server = bool(os.environ.get("DATABASE_URL"))
    if not on_server:
        shutil.copy(migrated, folder / "ronglian.sqlite3")
    with new_place(folder, is_set_up=on_server) as place:
        done = subprocess.run(
            [sys.executable, "-c", BIDDING],
            cwd=REPOSITORY, env={**place.environment, "DJANGO_SETTINGS_MODULE": "ronglian.project.settings.dev"},
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        place.ronglian("backup", str(backup))
    search, public = Search(), Search()
    public.words = [b"publiccanary"]
    for path in sorted(backup.rglob("*")):
        if path.is_file():
            for looker in (search, public):
                looker.look(str(path), readable(path))
    assert public.hits, "what is public is found, so that the search can be believed"
    assert search.hits == []


def readable(path: Path) -> bytes:
    """The bytes of a file; a dump of PostgreSQL is packed, and read unpacked."""
    content = path.read_bytes()
    if not content.startswith(b"PGDMP"):
        return content
    return subprocess.run(["pg_restore", "--file=-", str(path)], check=True, capture_output=True).stdout
