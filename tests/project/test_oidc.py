"""Signing in with a provider of one's own organisation, against a stub of one."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.paths import REPOSITORY


@pytest.mark.slow
def test_signing_in_with_a_provider() -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "ronglian.project.settings.test",
        "RONGLIAN_OIDC_CLIENT_ID": "ronglian",
        "RONGLIAN_OIDC_CLIENT_SECRET": "only-for-tests",
        "RONGLIAN_OIDC_NAME": "单位统一认证",
    }
    command = [sys.executable, "-m", "tests.project.oidc_stub"]
    done = subprocess.run(
        command, check=False, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["button"]
    assert found["pkce"] == ["S256"]
    assert {"openid", "email"} <= set(found["scope"])
    assert found["back"] == 302
    assert found["signed_in"] == 200
    assert found["person"]
    assert "/token" in found["asked"]
