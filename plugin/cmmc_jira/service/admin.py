"""What provisioning needs from a Jira site: what it holds, as records, and a port for the few changes it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from cmmc_manifests.schema import FieldSpec, FilterSpec, LinkTypeSpec, RoleSpec

CLOUD: Final = "cloud"
DATACENTER: Final = "datacenter"


@dataclass(frozen=True, slots=True)
class Host:
    """Which Jira this is: its flavour, its version (Data Center's; empty where it says none), its pages' address."""

    flavour: str
    version: tuple[int, ...]
    address: str

    @property
    def datacenter(self) -> bool:
        """Whether some of its administration has to be done by hand."""
        return self.flavour == DATACENTER

    @property
    def signs_webhooks(self) -> bool:
        """Whether its webhooks are signed; Data Center does so from version 10 on."""
        return not self.datacenter or self.version[:1] >= (10,)


@dataclass(frozen=True, slots=True)
class Project:
    """A project with the ids of the issue types it offers.

    A team-managed one keeps issue types and fields to itself and cannot use the site's.
    """

    id: str
    key: str
    name: str
    team_managed: bool
    types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class IssueType:
    """An issue type of the site; those that one team-managed project keeps to itself are not among them."""

    id: str
    name: str
    subtask: bool


@dataclass(frozen=True, slots=True)
class TypeScheme:
    """An issue type scheme with the issue types it offers, in order, and every project that uses it."""

    id: str
    name: str
    types: tuple[str, ...]
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
    """Where a custom field applies: `everywhere`, or to `projects`, and to every issue type or only to some.

    `options` are in order, where it has any; `disabled` are those that nobody can choose any more.
    """

    id: str
    everywhere: bool
    projects: frozenset[str]
    options: tuple[str, ...] = ()
    disabled: frozenset[str] = frozenset()
    every_type: bool = True


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
    """An administrator's webhook; its secret is never told, at most (`signed`) whether it has one.

    `filter` is told by Cloud alone; `kept` is what else its configuration holds, and stays (Data Center).
    """

    id: str
    name: str
    url: str
    events: frozenset[str]
    filter: str
    enabled: bool
    signed: bool | None = None
    kept: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """A saved filter that our account sees; `shared` says whether anybody else does."""

    id: str
    name: str
    shared: bool
    ours: bool


@dataclass(frozen=True, slots=True)
class Listener:
    """Where a webhook is to deliver, and the secret that signs its deliveries.

    `renew` signs a webhook anew that is there already: Jira never tells which secret it has.
    """

    url: str
    secret: str = field(repr=False)
    renew: bool = False


class Admin(Protocol):
    """A Jira site as its administrator sees it. Every method may raise `JiraUnavailable` or `JiraRefused`.

    What Data Center's REST has no operation for is never asked of it: contexts and options, screens and their schemes
    can be made on Cloud only, and which screens a project uses can be read there only.
    """

    def host(self) -> Host:
        """Which Jira this is."""

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

    def forms(self, project: Project, type_ids: Sequence[str]) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """The form on which an issue of each type is created: field ids with the options that can be chosen.

        A type that our account may not create issues of is not among them.
        """

    def withheld(self, project: Project) -> frozenset[str]:
        """The ids of the native fields that forms do not show to our account, whatever the screens hold."""

    def contexts(self, fields: Mapping[str, bool], project: Project) -> Mapping[str, Sequence[Context]]:
        """The contexts of custom fields by id, with their options where these are asked for."""

    def screen_mapping(self, project: Project) -> ScreenMapping | None:
        """Which screen scheme each issue type of a project uses; None on Data Center."""

    def screen_schemes(self) -> Sequence[ScreenScheme]:
        """All screen schemes of the site; none on Data Center."""

    def screens(self) -> Mapping[str, str]:
        """The name of each screen of the site by id."""

    def screen(self, screen_id: str, name: str) -> Screen:
        """A screen with its fields."""

    def categories(self, project: Project) -> Mapping[str, frozenset[str]]:
        """The status categories that the workflow of each issue type of a project has, by the type's id."""

    def link_types(self) -> frozenset[str]:
        """The names of all link types."""

    def roles(self) -> frozenset[str]:
        """The names of all project roles."""

    def filters(self) -> Sequence[Filter]:
        """The saved filters of ours, by their names; on Data Center only those that our account likes to see first."""

    def webhooks(self) -> Sequence[Webhook]:
        """All administrators' webhooks."""

    def create_issue_type(self, name: str, says: str) -> str:
        """Create an issue type; its id."""

    def offer_issue_types(self, scheme: TypeScheme, type_ids: Sequence[str]) -> None:
        """Add issue types to an issue type scheme."""

    def create_field(self, spec: FieldSpec) -> str:
        """Create a custom field, which then applies everywhere; its id."""

    def create_context(self, field_id: str, name: str, project_id: str) -> str:
        """Make a field apply to one more project; the context's id. Cloud only."""

    def add_options(self, field_id: str, context_id: str, options: Sequence[str]) -> None:
        """Add options to a field in one of its contexts. Cloud only."""

    def create_screen(self, name: str, says: str) -> Screen:
        """Create a screen without fields. Cloud only."""

    def show(self, screen: Screen, field_id: str) -> None:
        """Put a field on a screen, at its end."""

    def create_screen_scheme(self, name: str, screen_id: str) -> str:
        """Create a screen scheme with one screen for everything; its id. Cloud only."""

    def use_screen_schemes(self, mapping_id: str, schemes: Mapping[str, str]) -> None:
        """Give issue types, by id, their screen schemes. Cloud only."""

    def create_link_type(self, spec: LinkTypeSpec) -> None:
        """Create a link type."""

    def create_role(self, name: str, spec: RoleSpec) -> None:
        """Create a project role that nobody holds."""

    def create_filter(self, spec: FilterSpec, project: Project) -> str:
        """Create a saved filter; its id. On Cloud it is shared with the project at once."""

    def share_filter(self, filter_id: str, project: Project) -> None:
        """Share a saved filter with everybody who may see the project."""

    def create_webhook(self, name: str, listener: Listener, *, events: Sequence[str], jql: str) -> None:
        """Create a webhook, signed and enabled."""

    def mend_webhook(self, webhook: Webhook, listener: Listener, *, events: Sequence[str], jql: str) -> None:
        """Make a webhook of ours deliver these events, signed and enabled."""
