"""What provisioning needs from a Jira site: what it holds, as records, and a port for the few changes it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cmmc_manifests.schema import FieldSpec, IssueTypeSpec, LinkTypeSpec


@dataclass(frozen=True, slots=True)
class Project:
    """A project; a team-managed one keeps issue types and fields to itself and cannot use the site's."""

    id: str
    key: str
    name: str
    team_managed: bool


@dataclass(frozen=True, slots=True)
class IssueType:
    """An issue type of the site; those that one team-managed project keeps to itself are not among them."""

    id: str
    name: str
    subtask: bool


@dataclass(frozen=True, slots=True)
class TypeScheme:
    """The issue types that a project offers; `projects` names every project that uses the scheme."""

    id: str
    name: str
    types: frozenset[str]
    projects: frozenset[str]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the site: `type` and `items` are of its JSON schema."""

    id: str
    name: str
    type: str
    items: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """Where a custom field applies: `everywhere`, or to `projects`; `options` in order, where it has any."""

    id: str
    everywhere: bool
    projects: frozenset[str]
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen: `tab` is the id of its first tab, `fields` those of all its tabs."""

    id: str
    name: str
    tab: str | None
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class ScreenScheme:
    """A set of screens by operation (`default`, `create`, `edit`, `view`)."""

    id: str
    name: str
    screens: frozenset[str]


@dataclass(frozen=True, slots=True)
class ScreenMapping:
    """The screen scheme of each issue type id of a project, and of `default`."""

    id: str
    name: str
    schemes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Webhook:
    """An administrator's webhook; its secret is never told, at most (`signed`) whether it has one."""

    id: str
    name: str
    url: str
    events: frozenset[str]
    filter: str
    enabled: bool
    signed: bool | None = None


@dataclass(frozen=True, slots=True)
class Listener:
    """Where a webhook is to deliver, and the secret that signs its deliveries.

    `renew` signs a webhook anew that is there already: Jira never tells which secret it has.
    """

    url: str
    secret: str = field(repr=False)
    renew: bool = False


class Admin(Protocol):
    """A Jira site as its administrator sees it. Every method may raise `JiraUnavailable` or `JiraRefused`."""

    def is_administrator(self) -> bool:
        """Whether our account holds the global permission Administer Jira."""

    def project(self, key: str) -> Project:
        """The project with this key."""

    def issue_types(self) -> Sequence[IssueType]:
        """All issue types of the site."""

    def type_scheme(self, project: Project) -> TypeScheme:
        """The issue type scheme of a project."""

    def fields(self) -> Sequence[Field]:
        """All fields of the site, native ones included."""

    def contexts(self, field_id: str, *, options: bool) -> Sequence[Context]:
        """The contexts of a custom field, with their options where these are asked for."""

    def screen_mapping(self, project: Project) -> ScreenMapping:
        """Which screen scheme each issue type of a project uses."""

    def screen_schemes(self) -> Sequence[ScreenScheme]:
        """All screen schemes of the site."""

    def screens(self, named: str) -> Mapping[str, str]:
        """The id of each screen whose name holds this text, by name."""

    def screen(self, screen_id: str) -> Screen:
        """A screen with its fields."""

    def link_types(self) -> frozenset[str]:
        """The names of all link types."""

    def webhooks(self) -> Sequence[Webhook]:
        """All administrators' webhooks."""

    def create_issue_type(self, spec: IssueTypeSpec) -> str:
        """Create an issue type; its id."""

    def offer_issue_types(self, scheme_id: str, type_ids: Sequence[str]) -> None:
        """Add issue types to an issue type scheme."""

    def create_field(self, spec: FieldSpec) -> str:
        """Create a custom field, which then applies everywhere; its id."""

    def create_context(self, field_id: str, name: str, project_id: str) -> str:
        """Make a field apply to one more project; the context's id."""

    def add_options(self, field_id: str, context_id: str, options: Sequence[str]) -> None:
        """Add options to a field in one of its contexts."""

    def create_screen(self, name: str, says: str) -> Screen:
        """Create a screen without fields."""

    def show(self, screen: Screen, field_id: str) -> None:
        """Put a field on a screen, at its end."""

    def create_screen_scheme(self, name: str, screen_id: str) -> str:
        """Create a screen scheme with one screen for everything; its id."""

    def use_screen_schemes(self, mapping_id: str, schemes: Mapping[str, str]) -> None:
        """Give issue types, by id, their screen schemes."""

    def create_link_type(self, spec: LinkTypeSpec) -> None:
        """Create a link type."""

    def create_webhook(self, name: str, listener: Listener, *, events: Sequence[str], jql: str) -> None:
        """Create a webhook, signed and enabled."""

    def mend_webhook(self, webhook: Webhook, listener: Listener, *, events: Sequence[str], jql: str) -> None:
        """Make a webhook of ours deliver these events, signed and enabled."""
