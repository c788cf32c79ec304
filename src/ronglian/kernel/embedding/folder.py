"""A local folder of sentence-transformers (本地模型文件夹)."""

from collections.abc import Sequence
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronglian.kernel.embedding.protocol import Role


class FolderEmbedder:
    """A model in a folder, on this machine; nothing is fetched.

    Prompts that the model's own configuration names ``query`` and ``passage`` (or ``document``) are put before the
    texts. Raises ImportError without sentence-transformers, FileNotFoundError without the folder, and what the
    library raises for a folder that is no model.
    """

    remote = False

    def __init__(self, folder: Path) -> None:
        if not (folder / "modules.json").is_file():
            raise FileNotFoundError(
                f"{folder} holds no modules.json, so it is no folder of sentence-transformers"
            )
        library = import_module("sentence_transformers")  # optional, brings torch
        self._model: Any = library.SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        self.name = f"{folder.name} {_digest(folder)}"

    def embed(self, texts: Sequence[str], role: Role) -> NDArray[np.float32]:
        """Vectors as the model gives them."""
        names = ("query",) if role == "query" else ("passage", "document")
        prompt = next((name for name in names if name in self._model.prompts), None)
        vectors = self._model.encode(
            list(texts), prompt_name=prompt, convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def _digest(folder: Path) -> str:
    """Twelve signs that stand for the content of all files of the folder: another model has other ones."""
    digest = blake2b(digest_size=6)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
