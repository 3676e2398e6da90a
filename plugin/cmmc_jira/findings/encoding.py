"""The text that bytes hold, in the encodings that spreadsheets and tools write."""

import codecs
from typing import Final

from cmmc_jira.errors import BadFindings

_MARKS: Final = (  # UTF-32's mark begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PLAIN: Final = frozenset("\t\n\r\f\v\x1a")
_MOST_CONTROLS: Final = 0.01


def decoded(name: str, content: bytes) -> str:
    """The text, by its byte order mark, else as UTF-8, else as Windows-1252; `BadFindings` when it is no text."""
    text = _by_mark(name, content)
    if text is None:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = _western(name, content)
    controls = sum(letter < " " and letter not in _PLAIN for letter in text)
    if "\0" in text or controls > len(text) * _MOST_CONTROLS:
        raise BadFindings(_binary(name))
    return text.replace("\x1a", "")


def _by_mark(name: str, content: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError as error:
                raise BadFindings(
                    f"{name}: byte {error.start} is not what the file's own mark promises ({encoding.upper()}); "
                    'save it anew as "CSV UTF-8"'
                ) from None
    return None


def _western(name: str, content: bytes) -> str:
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise BadFindings(_binary(name)) from None


def _binary(name: str) -> str:
    return f'{name}: this is no text that can be read; save the findings as "CSV UTF-8" or as an Excel workbook (.xlsx)'
