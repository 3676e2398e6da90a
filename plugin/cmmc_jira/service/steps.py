"""The steps that make a Jira project ready: each says what it does and why, before anything is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cmmc_jira.service.admin import (
    Context,
    Field,
    IssueType,
    Listener,
    Project,
    Screen,
    ScreenMapping,
    ScreenScheme,
    TypeScheme,
    Webhook,
)
from cmmc_manifests.schema import FieldSpec, IssueTypeSpec, LinkTypeSpec, WebhookSpec


@dataclass(frozen=True, slots=True)
class Present:
    """What a site holds that matters to one project. `contexts` is by field id and holds our own fields only.

    `webhooks` is None where nobody asked for one.
    """

    project: Project
    issue_types: Sequence[IssueType]
    type_scheme: TypeScheme
    fields: Sequence[Field]
    contexts: Mapping[str, Sequence[Context]]
    mapping: ScreenMapping
    screen_schemes: Sequence[ScreenScheme]
    screens: Sequence[Screen]
    link_types: frozenset[str]
    webhooks: Sequence[Webhook] | None


@dataclass(frozen=True, slots=True)
class CreateIssueType:
    """A new issue type for the site."""

    spec: IssueTypeSpec
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class OfferIssueTypes:
    """Issue types, by name, that the project's scheme is to offer."""

    scheme_id: str
    names: tuple[str, ...]
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class CreateField:
    """A new custom field, with its options."""

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


Step: TypeAlias = (
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
    | CreateWebhook
    | MendWebhook
)
