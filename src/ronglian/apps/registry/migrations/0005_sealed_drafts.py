"""What somebody typed and has not sent is kept sealed."""

from typing import Any

from django.db import migrations, models

from ronglian.kernel.sealing import seal, unseal


def seal_fields(apps: Any, schema_editor: Any) -> None:
    for draft in apps.get_model("registry", "Draft").objects.all():
        draft.sealed = seal(draft.fields)
        draft.save(update_fields=["sealed"])


def open_fields(apps: Any, schema_editor: Any) -> None:
    for draft in apps.get_model("registry", "Draft").objects.all():
        draft.fields = unseal(draft.sealed)
        draft.save(update_fields=["fields"])


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_signing_suffices")]

    operations = [
        migrations.AddField("draft", "sealed", models.TextField(default=""), preserve_default=False),
        migrations.RunPython(seal_fields, open_fields),
        migrations.RemoveField("draft", "fields"),
    ]
