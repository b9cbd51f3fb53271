"""What was sealed comes back whole, or is refused."""

import hashlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.files.sealing import CHUNK, MARK, Opened, SealBroken, Sealer, new_key, unwrap, wrap

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
SEALED_CHUNK = CHUNK + 16
HEADER = len(MARK) + 8


def sealed(plain: bytes, key: bytes = KEY, blob: str = "a" * 32) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(lambda piece: out.write(piece) and None, key, blob)
    sealer.write(plain)
    sealer.finish()
    return out.getvalue()


def opened(data: bytes, key: bytes = KEY, blob: str = "a" * 32) -> bytes:
    return Opened(io.BytesIO(data), key, blob).read()


THREE = b"one" * CHUNK  # three full chunks
WHOLE = sealed(THREE)
CHUNKS = [WHOLE[HEADER + i * SEALED_CHUNK : HEADER + (i + 1) * SEALED_CHUNK] for i in range(3)]
HEAD = WHOLE[:HEADER]
ANOTHER = sealed(b"two" * CHUNK)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 17])
def test_what_was_sealed_comes_back(size: int) -> None:
    plain = bytes(i % 251 for i in range(size))
    assert opened(sealed(plain)) == plain


def test_no_plain_byte_is_in_the_sealed_ones() -> None:
    assert b"oneone" not in WHOLE


def test_the_same_bytes_never_look_the_same_twice() -> None:
    assert sealed(b"chat") != sealed(b"chat")


TAMPERED = {
    "a flipped bit in the first chunk": HEAD + bytes([CHUNKS[0][0] ^ 1]) + CHUNKS[0][1:] + CHUNKS[1] + CHUNKS[2],
    "a flipped bit in the last tag": WHOLE[:-1] + bytes([WHOLE[-1] ^ 128]),
    "a flipped bit in the header": HEAD[:-1] + bytes([HEAD[-1] ^ 1]) + WHOLE[HEADER:],
    "another mark": b"X" + WHOLE[1:],
    "cut by one byte": WHOLE[:-1],
    "cut at the end of a chunk": HEAD + CHUNKS[0] + CHUNKS[1],
    "cut within a tag": HEAD + CHUNKS[0] + CHUNKS[1][:7],
    "cut to its header": HEAD,
    "cut within its header": HEAD[:5],
    "nothing left": b"",
    "two chunks changed places": HEAD + CHUNKS[1] + CHUNKS[0] + CHUNKS[2],
    "a chunk missing in the middle": HEAD + CHUNKS[0] + CHUNKS[2],
    "a chunk said twice": HEAD + CHUNKS[0] + CHUNKS[0] + CHUNKS[1] + CHUNKS[2],
    "a byte added": WHOLE + b"\x00",
    "its own last chunk added again": WHOLE + CHUNKS[2],
    "a chunk of another file under the same key": HEAD
    + ANOTHER[HEADER : HEADER + SEALED_CHUNK]
    + CHUNKS[1]
    + CHUNKS[2],
    "the header of another file": ANOTHER[:HEADER] + WHOLE[HEADER:],
}


@pytest.mark.parametrize("data", TAMPERED.values(), ids=TAMPERED.keys())
def test_a_change_is_refused(data: bytes) -> None:
    with pytest.raises(SealBroken):
        opened(data)


@pytest.mark.parametrize("data", TAMPERED.values(), ids=TAMPERED.keys())
def test_a_check_finds_the_change_before_a_byte_is_given(data: bytes) -> None:
    with pytest.raises(SealBroken):
        Opened(io.BytesIO(data), KEY, "a" * 32).check()


def test_a_file_put_in_the_place_of_another_is_refused() -> None:
    with pytest.raises(SealBroken):
        opened(WHOLE, blob="b" * 32)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        opened(WHOLE, key=OTHER_KEY)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_changed_byte_is_found(data: st.DataObject) -> None:
    whole = bytearray(sealed(b"what was said" * 20))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        opened(bytes(whole))


def test_size_and_hash_are_of_the_plain_bytes() -> None:
    sealer = Sealer(lambda _: None, KEY, "a" * 32)
    for piece in (b"he", b"", b"llo"):
        sealer.write(piece)
    assert (sealer.size, sealer.sha256) == (5, hashlib.sha256(b"hello").hexdigest())


def test_a_check_gives_the_hash_of_the_plain_bytes() -> None:
    assert Opened(io.BytesIO(WHOLE), KEY, "a" * 32).check() == hashlib.sha256(THREE).hexdigest()


@pytest.mark.parametrize("place", [0, 1, CHUNK - 1, CHUNK, 2 * CHUNK + 5, 3 * CHUNK - 1, 3 * CHUNK, 4 * CHUNK])
def test_reading_can_start_anywhere(place: int) -> None:
    file = Opened(io.BytesIO(WHOLE), KEY, "a" * 32)
    file.seek(place)
    assert file.read() == THREE[place:]


def test_a_wrapped_key_opens_again() -> None:
    key = new_key()
    assert unwrap(wrap(key, KEY, "file-1"), KEY, "file-1") == key


@pytest.mark.parametrize(("school", "file"), [(OTHER_KEY, "file-1"), (KEY, "file-2")])
def test_a_wrapped_key_opens_for_its_school_and_file_only(school: bytes, file: str) -> None:
    wrapped = wrap(new_key(), KEY, "file-1")
    with pytest.raises(SealBroken):
        unwrap(wrapped, school, file)


@pytest.mark.parametrize("damage", [b"", b"x" * 60, b"x" * 59])
def test_a_damaged_wrapped_key_is_refused(damage: bytes) -> None:
    with pytest.raises(SealBroken):
        unwrap(damage, KEY, "file-1")
