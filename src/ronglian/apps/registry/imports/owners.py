"""Which organisation a cell means: by social credit code, by its id in the source, or by its exact name."""

from __future__ import annotations

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.imports.problems import CellProblem
from ronglian.kernel.codes.table import name_key
from ronglian.kernel.identifiers import IdentifierError, check_uscc


class OrganisationBook:
    """All organisations by every key that names one of them. A key that means two names neither."""

    def __init__(self, source_name: str) -> None:
        self._by_uscc: dict[str, int] = {}
        self._by_source_id: dict[str, int] = {}
        self._by_name: dict[str, int | None] = {}
        rows = Organisation.objects.values_list("pk", "uscc", "source_name", "source_id", "name", "name_en")
        for pk, uscc, source, source_id, name, name_en in rows.iterator(chunk_size=2000):
            if uscc:
                self._by_uscc[uscc] = pk
            if source_id and source == source_name:
                self._by_source_id[source_id] = pk
            for key in filter(None, {name_key(name), name_key(name_en)}):
                self._by_name[key] = pk if self._by_name.get(key, pk) == pk else None

    def find(self, text: str) -> int:
        """The organisation's row number. Raises CellProblem when the text names none, or several."""
        text = text.strip()
        try:
            uscc = check_uscc(text)
        except IdentifierError:
            uscc = ""
        pk = self._by_uscc.get(uscc) or self._by_source_id.get(text)
        if pk is not None:
            return pk
        key = name_key(text)
        if key in self._by_name and self._by_name[key] is None:
            raise CellProblem("ambiguous_organisation", unknown=text)
        pk = self._by_name.get(key)
        if pk is None:
            raise CellProblem("unknown_organisation", unknown=text)
        return pk
