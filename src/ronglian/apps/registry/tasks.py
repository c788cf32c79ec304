"""Jobs of the registry."""

from __future__ import annotations

from uuid import UUID

from django_tasks import task


@task()
def run_import(batch_public_id: str, only_good_rows: bool = False) -> None:
    """Go on with an import where it stands: check it, or take it over. Safe to run twice."""
    from ronglian.apps.registry.imports.running import resume_import  # noqa: PLC0415 - the operations enqueue this job

    resume_import(UUID(batch_public_id), only_good_rows=only_good_rows)
