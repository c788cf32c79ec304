"""Ids of records as bytes: a UUID takes 16 (编号)."""

from hashlib import blake2b
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.packing import Rows

_UUID_BYTES, _UUID_TEXT = 16, 36
_PLAIN = b"\xff"  # begins no UTF-8: marks an id of 16 bytes that is no UUID


def write_id(record: str) -> bytes:
    """An id as bytes."""
    if len(record) == _UUID_TEXT and record[8] == "-":
        try:
            found = UUID(record)
        except ValueError:
            pass
        else:
            if str(found) == record:
                return found.bytes
    plain = record.encode("utf-8", "surrogatepass")
    return _PLAIN + plain if len(plain) == _UUID_BYTES else plain


def read_id(written: bytes) -> str:
    """The id that was written."""
    if len(written) == _UUID_BYTES:
        return str(UUID(bytes=written))
    return written.removeprefix(_PLAIN).decode("utf-8", "surrogatepass")


def hash_id(written: bytes) -> int:
    """32 bits of a written id; different ids may share them."""
    return int.from_bytes(blake2b(written, digest_size=4).digest(), "little")


def hash_ids(ids: Rows) -> NDArray[np.uint32]:
    """:func:`hash_id` of all; shape (rows,)."""
    joined, starts = ids.items.tobytes(), ids.starts.tolist()
    return np.array([hash_id(joined[starts[at] : starts[at + 1]]) for at in range(len(ids))], dtype=np.uint32)
