"""The one place where words become Jira's wiki markup: templates in, escaped text out.

Whatever is put into a template is escaped, unless it is `Markup`: something the product wrote itself.
Markup: https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final

from jinja2 import PackageLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

SUMMARY_LIMIT: Final = 255
TEXT_LIMIT: Final = 32_767
LINE_FIELD_LIMIT: Final = 255
NOTES_LINE: Final = "Notes below this line are yours and stay; what stands above it is kept up to date."
"""The line that parts our text of a description from what people write below it."""

_NAMES_IN_A_LINE: Final = 8

_BACKSLASH: Final = re.compile(r"\\(?![A-Za-z0-9 ])")
_ALWAYS: Final = re.compile(r"[{}\[\]|*_^~+!]|^#")
_FACE: Final = re.compile(r"\((?=(?:[xiyn/?]|\\[!+*-]|-|on|off|\\\*[rgby]|flag|flagoff)(?:\)|$))")
_FACE_ALONE: Final = re.compile(r"(?:[xiyn/?!+*-]|on|off|\*[rgby]|flag|flagoff)")
_SMILE: Final = re.compile(r"([:;])(?=[()PD]|-[()PpD]|-?$)")
_DASH: Final = re.compile(r"^-|(?<!\S)-(?=\S)|(?<=\S)-(?!\S)|(?<=[^A-Za-z0-9\s])-|-(?=[^A-Za-z0-9\s])")
_CITATION: Final = re.compile(r"\?(?=\?)")
_SCHEME: Final = re.compile(r"(?i)\b([a-z][a-z0-9+.\-]*|mailto):(?=//|\S+@)")
_BLOCK: Final = re.compile(r"^(\s*)(h[1-6]|bq)\.", re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ue000-\uf8ff]")
_REFERENCE: Final = re.compile("\ue000([^\ue000]+)\ue000")
_MARK: Final = "\ue000"
_WORD_JOINER: Final = "\u2060"
_LISTED: Final = "templates/README.md lists what it may use"
_IN_MENTION: Final = re.compile(r"[\w.@:+-]+")
_PARTING: Final = re.compile("(Notes) (?=below this line)")


class Markup(str):
    """Wiki markup that the product wrote itself; not escaped again."""

    __slots__ = ()


def escape(text: str) -> Markup:
    r"""Return text as markup that shows it and does nothing else: no macro, mention, link, image, list, table or face.

    Line breaks become forced ones (`\\`), so that nothing typed ever stands at the start of a line. Control
    and direction characters, which could hide what is said, are dropped; a link's scheme is kept from being a link, and
    our `NOTES_LINE` from parting a text where somebody typed it.
    """
    alone = _WORD_JOINER if _FACE_ALONE.fullmatch(text.strip()) else ""  # in brackets of a template it would be a face
    return Markup(alone + " \\\\ ".join(_escape_line(line) for line in text.strip().splitlines() if line.strip()))


def _escape_line(line: str) -> str:
    line = _CONTROL.sub("", line).strip()
    line = _SMILE.sub(lambda match: f"&#{ord(match[1])};", line)
    line = _BACKSLASH.sub("&#92;", line)
    line = _ALWAYS.sub(r"\\\g<0>", line)
    line = _DASH.sub(r"\\-", line)
    line = _CITATION.sub(r"\\?", line)
    line = _FACE.sub(r"\\(", line)
    line = _SCHEME.sub(rf"\g<1>:{_WORD_JOINER}", line)
    line = _PARTING.sub(rf"\1{_WORD_JOINER} ", line)
    return _BLOCK.sub(rf"\g<1>\g<2>{_WORD_JOINER}.", line)


def reference(subject: str) -> Markup:
    """Return a stand-in for the key of our issue on a subject; `resolve` puts the key in its place.

    Text is decided before issues exist and stays equal when a key changes. Escaping drops the character it is made
    of, so nobody can type one; and of a subject, which a property of an issue may say, that character is dropped too.
    """
    return Markup(f"\ue000{subject.replace(_MARK, '')}\ue000")


def resolve(text: str, keys: Mapping[str, str]) -> str:
    """Return text with each reference replaced by its issue's key, or by the subject where there is no issue yet."""
    return _REFERENCE.sub(lambda match: keys.get(match[1]) or escape(match[1]), text)


def cut(text: str, limit: int, *, pointer: str = "…") -> str:
    """Return text of at most `limit` characters; where something is cut off it ends with the pointer."""
    if len(text) <= limit:
        return text
    return text[: limit - len(pointer) - 1].rstrip("\\ ") + " " + pointer


def _shown(value: object) -> str:
    if isinstance(value, Markup):
        return value
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return escape(value.value)
    return escape(str(value))


def listed(names: Sequence[str]) -> str:
    """Return as many names as fit a line, and how many more there are."""
    more = f" and {len(names) - _NAMES_IN_A_LINE} more" if len(names) > _NAMES_IN_A_LINE else ""
    return ", ".join(names[:_NAMES_IN_A_LINE]) + more


def points(number: int | None) -> str:
    """Return points in words; None is a requirement without a value."""
    if number is None:
        return "no point value"
    return "1 point" if number == 1 else f"{number} points"


def away(days: int) -> str:
    """Return how far away a day is, in words; negative days have passed."""
    match days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
    return f"in {_days(days)}" if days > 0 else f"{_days(-days)} ago"


def _days(number: int) -> str:
    return f"{number} day" if abs(number) == 1 else f"{number} days"


def mention(user: str, flavour: str) -> Markup:
    """Return a mention of a user: of an account id on Cloud, of a user name on Data Center.

    A name with characters that could end a mention is shown and not mentioned: without them it may be another person's.
    """
    if not _IN_MENTION.fullmatch(user):
        return escape(user)
    return Markup(f"[~accountid:{user}]" if flavour == "cloud" else f"[~{user}]")


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("cmmc_jira", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,  # templates do not change while we run, and asking the disk each time is not free
        autoescape=False,  # this is wiki markup, not HTML: `finalize` escapes every value for it
        finalize=_shown,
    )
    environment.filters["away"] = away
    environment.filters["days"] = _days
    environment.filters["points"] = points
    return environment


def render(
    template: str, values: Mapping[str, object], *, own: Mapping[str, str] = MappingProxyType({}), name: str = ""
) -> Markup:
    """Return a template of `templates/` filled with values, each escaped; an unknown name is an error.

    Where `own` has a text under `name` it stands in for ours. Runs of blank lines become one: conditional parts leave
    gaps that nobody should see.
    """
    environment = _environment()
    found = environment.from_string(own[name]) if name in own else environment.get_template(f"{template}.wiki")
    text = found.render(**values)
    return Markup(re.sub(r"\n{3,}", "\n\n", text).strip() + "\n")


def complaint(
    template: str, samples: Iterable[Mapping[str, object]], *, own: Mapping[str, str], name: str
) -> str | None:
    """Return what keeps a template from being filled with values such as these, in words; None when nothing does.

    A name that no sample has is found in whatever branch it stands.
    """
    environment = _environment()
    try:
        names = _names(environment, template, own.get(name)) - environment.globals.keys()
        for values in samples:
            unknown = names - values.keys()
            if unknown:
                return f"the text {name!r} uses {', '.join(sorted(unknown))}, which it does not have; {_LISTED}"
            render(template, values, own=own, name=name)
    except TemplateNotFound:
        return f"there is no text {name!r}: neither ours nor {name}.wiki among your templates; name one that is there"
    except TemplateSyntaxError as error:
        return f"the text {name!r} is no template, line {error.lineno}: {error.message}; mend it there"
    except TemplateError as error:
        return f"the text {name!r} cannot be filled in: {error.message}; {_LISTED}"
    except (TypeError, ValueError, ArithmeticError) as error:
        return f"the text {name!r} cannot be filled in: {error}; mend it"
    return None


def _names(environment: ImmutableSandboxedEnvironment, template: str, own: str | None) -> set[str]:
    """Return the names that a template expects to be given."""
    loader = environment.loader
    if own is None and loader is not None:
        own, _, _ = loader.get_source(environment, f"{template}.wiki")
    return find_undeclared_variables(environment.parse(own or ""))
