"""Check characters of USCC, ORCID and ROR. The example values are published ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.kernel.identifiers import (
    ROR_ALPHABET,
    USCC_ALPHABET,
    IdentifierError,
    check_orcid,
    check_ror,
    check_uscc,
    orcid_check_character,
    uscc_check_character,
)

USCC = "91350100M000100Y43"
ORCID = "0000-0002-1825-0097"
ROR = "03yrm5c26"


@pytest.mark.parametrize("code", [USCC, "91110000600037341L", "9144030071526726XG"])
def test_published_usccs_pass(code: str) -> None:
    assert check_uscc(code) == code
    assert uscc_check_character(code[:17]) == code[17]


@pytest.mark.parametrize("orcid", [ORCID, "0000-0001-5109-3700", "0000-0002-1694-233X"])
def test_published_orcids_pass(orcid: str) -> None:
    assert check_orcid(orcid) == orcid
    assert orcid_check_character(orcid.replace("-", "")[:15]) == orcid[-1]


@pytest.mark.parametrize("ror", [ROR, "01q8f6705", "01pp8nd67", "00kv9pj15", "019wvm592", "05cggb038"])
def test_published_rors_pass(ror: str) -> None:
    assert check_ror(ror) == ror


@pytest.mark.parametrize(
    "pasted",
    [
        "91350100m000100y43",
        " 9135 0100 M000 100Y 43\n",
        "91350100-M000100Y-43",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        "\ufeff91350100M000100Y43\u200b",
    ],
)
def test_uscc_is_normalised(pasted: str) -> None:
    assert check_uscc(pasted) == USCC


@pytest.mark.parametrize(
    "pasted",
    [
        "0000000218250097",
        "https://orcid.org/0000-0002-1825-0097",
        "http://www.orcid.org/0000-0002-1825-0097/",
        "orcid.org/0000-0002-1825-0097",
        "ORCID iD: 0000-0002-1825-0097",
        "ORCID 0000–0002–1825–0097",
    ],
)
def test_orcid_is_normalised(pasted: str) -> None:
    assert check_orcid(pasted) == ORCID


def test_orcid_check_character_x_may_be_small() -> None:
    assert check_orcid("0000-0002-1694-233x") == "0000-0002-1694-233X"


@pytest.mark.parametrize(
    "pasted", ["https://ror.org/03yrm5c26", "ror.org/03yrm5c26/", "ROR: 03YRM5C26", "  03yrm5c26 "]
)
def test_ror_is_normalised(pasted: str) -> None:
    assert check_ror(pasted) == ROR


@pytest.mark.parametrize("bad", ["", "91350100M000100Y4", "91350100M000100Y433", "350100100010043"])
def test_uscc_of_wrong_length(bad: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        check_uscc(bad)
    assert (refused.value.code, refused.value.expected) == ("length", None)


@pytest.mark.parametrize("letter", "IOSVZ")
def test_uscc_has_no_letters_that_look_like_digits(letter: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        check_uscc(USCC[:8] + letter + USCC[9:])
    assert (refused.value.code, refused.value.position) == ("alphabet", 8)


def test_a_wrong_check_character_says_which_is_right() -> None:
    with pytest.raises(IdentifierError) as uscc:
        check_uscc("91350100M000100Y44")
    with pytest.raises(IdentifierError) as orcid:
        check_orcid("https://orcid.org/0000-0002-1825-0098")
    with pytest.raises(IdentifierError) as ror:
        check_ror("03yrm5c27")
    errors = (uscc.value, orcid.value, ror.value)
    assert [(e.code, e.expected) for e in errors] == [
        ("check_digit", "3"),
        ("check_digit", "7"),
        ("check_digit", "26"),
    ]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("", "length"),
        ("0000-0002-1825-009", "length"),
        ("https://example.org/0000-0002-1825-0097", "length"),
        ("000A-0002-1825-0097", "alphabet"),
        ("0000-0002-1825-00X7", "alphabet"),
        ("٠٠٠٠-0002-1825-0097", "alphabet"),  # digits, but not of the ASCII kind
    ],
)
def test_malformed_orcids(bad: str, code: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        check_orcid(bad)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("", "length"),
        ("03yrm5c2", "length"),
        ("https://ror.org/", "length"),
        ("13yrm5c26", "alphabet"),
        ("03yrl5c26", "alphabet"),
        ("03yru5c26", "alphabet"),
        ("03yrm5c2a", "alphabet"),
    ],
)
def test_malformed_rors(bad: str, code: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        check_ror(bad)
    assert refused.value.code == code


def test_the_error_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="length"):
        check_uscc("1")


@pytest.mark.parametrize("bad", ["", "1" * 16, "1" * 18, "1" * 16 + "I", "1" * 16 + "a"])
def test_check_character_wants_seventeen_characters_of_the_alphabet(bad: str) -> None:
    with pytest.raises(IdentifierError):
        uscc_check_character(bad)


USCCS = st.text(USCC_ALPHABET, min_size=17, max_size=17).map(lambda body: body + uscc_check_character(body))
ORCIDS = st.text("0123456789", min_size=15, max_size=15).map(lambda body: body + orcid_check_character(body))


def changed(text: str, position: int, character: str) -> str:
    return text[:position] + character + text[position + 1 :]


def swapped(text: str, position: int) -> str:
    return text[:position] + text[position + 1] + text[position] + text[position + 2 :]


@given(USCCS, st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_any_changed_character_of_a_uscc_is_detected(code: str, position: int, character: str) -> None:
    assert check_uscc(code) == code
    other = changed(code, position, character)
    if other != code:
        with pytest.raises(IdentifierError) as refused:
            check_uscc(other)
        assert refused.value.code == "check_digit"
        assert check_uscc(other[:17] + str(refused.value.expected))


@given(USCCS, st.integers(0, 16))
def test_swapped_neighbours_of_a_uscc_are_detected(code: str, position: int) -> None:
    if (other := swapped(code, position)) != code:
        with pytest.raises(IdentifierError):
            check_uscc(other)


@given(ORCIDS, st.integers(0, 15), st.sampled_from("0123456789X"))
def test_any_changed_character_of_an_orcid_is_detected(orcid: str, position: int, character: str) -> None:
    assert check_orcid(orcid).replace("-", "") == orcid
    if (other := changed(orcid, position, character)) != orcid:
        with pytest.raises(IdentifierError):
            check_orcid(other)


@given(ORCIDS, st.integers(0, 14))
def test_swapped_neighbours_of_an_orcid_are_detected(orcid: str, position: int) -> None:
    if (other := swapped(orcid, position)) != orcid:
        with pytest.raises(IdentifierError):
            check_orcid(other)


@given(
    st.text(ROR_ALPHABET, min_size=6, max_size=6),
    st.integers(0, 8),
    st.sampled_from(ROR_ALPHABET),
)
def test_any_changed_character_of_a_ror_is_detected(body: str, position: int, character: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        check_ror(f"0{body}00")  # 00 is never a check: the error tells the right one
    ror = f"0{body}{refused.value.expected}"
    assert check_ror(ror) == ror
    if (other := changed(ror, position, character)) != ror:
        with pytest.raises(IdentifierError):
            check_ror(other)
