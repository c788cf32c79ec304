"""What the database knows of its own tables; without it, some lists are a hundred times slower."""

from django.db import connection


def refresh_statistics() -> None:
    """Count anew: after setting up, after an import, and daily. Outside any transaction."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA optimize")
