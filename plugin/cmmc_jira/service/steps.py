"""The steps that make a Jira project ready: each says what it does and why, before anything is done.

One kind of step is done by a person: on Data Center there is no operation of REST for some of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cmmc_jira.service.admin import (
    Context,
    Field,
    Filter,
    Host,
    IssueType,
    Listener,
    Project,
    Screen,
    ScreenMapping,
    ScreenScheme,
    TypeScheme,
    Webhook,
)
from cmmc_jira.service.blueprint import TypeWanted
from cmmc_manifests.schema import FieldSpec, FilterSpec, LinkTypeSpec, RoleSpec, WebhookSpec


@dataclass(frozen=True, slots=True)
class Present:
    """What a site holds that matters to one project.

    `type_scheme` is None where the project offers all our types; `forms` is by issue type id: field ids with the
    options that can be chosen; `withheld` are the native fields that forms do not show to our account; `contexts` is
    by field id, for fields of ours that no form shows whole; `mapping` is None on Data Center; `screens` are those
    whose fields matter; `categories` is by issue type id; `webhooks` is None where nobody asked for one.
    """

    host: Host
    project: Project
    issue_types: Sequence[IssueType]
    type_scheme: TypeScheme | None
    fields: Sequence[Field]
    forms: Mapping[str, Mapping[str, frozenset[str]]]
    withheld: frozenset[str]
    contexts: Mapping[str, Sequence[Context]]
    mapping: ScreenMapping | None
    screen_schemes: Sequence[ScreenScheme]
    screens: Sequence[Screen]
    categories: Mapping[str, frozenset[str]]
    link_types: frozenset[str]
    roles: frozenset[str]
    filters: Sequence[Filter]
    webhooks: Sequence[Webhook] | None


@dataclass(frozen=True, slots=True)
class CreateIssueType:
    """A new issue type for the site."""

    wanted: TypeWanted
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class OfferIssueTypes:
    """Issue types, by name, that the project's scheme is to offer."""

    scheme: TypeScheme
    names: tuple[str, ...]
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class CreateField:
    """A new custom field, with its options where the flavour lets us add them."""

    spec: FieldSpec
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class AddOptions:
    """Options that a field of ours lacks in the context that applies to the project."""

    field_id: str
    context_id: str
    options: tuple[str, ...]
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class CreateContext:
    """A context of the project's own for a field that does not apply to it, or whose options are shared."""

    field_id: str
    name: str
    options: tuple[str, ...]
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class CreateScreen:
    """A screen of our own, still without fields."""

    name: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class ShowFields:
    """Fields that a screen is to show: native ones by id, ours by name."""

    screen: str
    native: tuple[str, ...]
    ours: tuple[str, ...]
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class CreateScreenScheme:
    """A screen scheme that uses one screen for everything."""

    name: str
    screen: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class UseScreens:
    """The screen scheme, by name, of each of these issue types, by name."""

    mapping_id: str
    schemes: Mapping[str, str]
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class CreateLinkType:
    """A new link type for the site."""

    spec: LinkTypeSpec
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class CreateRole:
    """A new project role, held by nobody."""

    name: str
    spec: RoleSpec
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class CreateFilter:
    """A new saved filter, shared with the project."""

    spec: FilterSpec
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class ShareFilter:
    """A saved filter of ours that is not shared yet."""

    filter_id: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class CreateWebhook:
    """A webhook that tells the service where to look again."""

    spec: WebhookSpec
    listener: Listener
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class MendWebhook:
    """A webhook that delivers to us already, but not what is needed."""

    webhook: Webhook
    spec: WebhookSpec
    listener: Listener
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class ByHand:
    """What an administrator has to do on a page of Jira: `page` is where, `lines` say what to press and enter."""

    what: str
    why: str
    page: str
    lines: tuple[str, ...]


OursToDo: TypeAlias = (
    CreateIssueType
    | OfferIssueTypes
    | CreateField
    | AddOptions
    | CreateContext
    | CreateScreen
    | ShowFields
    | CreateScreenScheme
    | UseScreens
    | CreateLinkType
    | CreateRole
    | CreateFilter
    | ShareFilter
    | CreateWebhook
    | MendWebhook
)

Step: TypeAlias = OursToDo | ByHand


def by_hand(steps: Sequence[Step]) -> tuple[ByHand, ...]:
    """Return the steps that a person has to do."""
    return tuple(step for step in steps if isinstance(step, ByHand))


def by_us(steps: Sequence[Step]) -> tuple[OursToDo, ...]:
    """Return the steps that the program does."""
    return tuple(step for step in steps if not isinstance(step, ByHand))
