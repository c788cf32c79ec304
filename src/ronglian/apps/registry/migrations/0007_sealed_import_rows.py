"""Rows of imports are kept sealed; fingerprints of texts are made anew, numbers in them no longer run together."""

from typing import Any

from django.db import migrations

import ronglian.kernel.sealed_field

CHUNK = 1000


def seal_rows(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("registry", "ImportRow")
    for row in rows.objects.only("plain_values", "plain_errors").iterator(chunk_size=CHUNK):
        errors = row.plain_errors or None
        rows.objects.filter(pk=row.pk).update(values=row.plain_values, errors=errors)
    apps.get_model("registry", "Fingerprint").objects.all().delete()


def open_rows(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("registry", "ImportRow")
    for row in rows.objects.only("values", "errors").iterator(chunk_size=CHUNK):
        rows.objects.filter(pk=row.pk).update(plain_values=row.values, plain_errors=row.errors or [])


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_saved_searches")]

    operations = [
        migrations.RenameField("importrow", "values", "plain_values"),
        migrations.RenameField("importrow", "errors", "plain_errors"),
        migrations.AddField("importrow", "values", ronglian.kernel.sealed_field.SealedField(default=dict)),
        migrations.AddField("importrow", "errors", ronglian.kernel.sealed_field.SealedField(null=True)),
        migrations.RunPython(seal_rows, open_rows),
        migrations.RemoveField("importrow", "plain_values"),
        migrations.RemoveField("importrow", "plain_errors"),
    ]
