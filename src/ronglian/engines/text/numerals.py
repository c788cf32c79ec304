"""Chinese numerals (中文数字)."""

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}


def chinese_number(text: str) -> int | None:
    """ "一百二十" → 120; None for what is no single number ("三五" is "three or five")."""
    if not text:
        return None
    total, digit = 0, None
    for char in text:
        if char in _PLACES:
            total += (1 if digit is None else digit) * _PLACES[char]
            digit = None
        elif char not in _DIGITS or digit:
            return None
        else:
            digit = _DIGITS[char]
    return total + (digit or 0)
