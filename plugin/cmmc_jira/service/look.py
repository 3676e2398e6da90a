"""Look: one assessment as Jira holds it, read by id wherever an id is known.

Jira's search lags behind its writes, so it is asked only for what no id leads to: on a thorough look, while a claim is
open, and before anything of ours is known. https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-search/
"""

from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Final

from cmmc_jira.core.fields import DESCRIPTION, DUE, Fields, map_fields
from cmmc_jira.core.history import known_due
from cmmc_jira.core.identities import identities
from cmmc_jira.core.identity import STATUS_SUBJECT, assessment_label, digest
from cmmc_jira.core.issues import Actual, Attachment, Kind
from cmmc_jira.core.jql import quoted
from cmmc_jira.core.mapping import AS_SHIPPED, ProjectMapping, Tie
from cmmc_jira.core.membership import belongs, label_of, remembered_ids, says_so
from cmmc_jira.core.policy import Policy
from cmmc_jira.core.reading import kind_of, read_issue
from cmmc_jira.core.world import FileRead, Move, World
from cmmc_jira.errors import BadFindings, JiraRefused, JiraUnavailable
from cmmc_jira.findings.file import MAX_BYTES, FindingsFile
from cmmc_jira.findings.reading import read_findings
from cmmc_jira.service.people import KEPT, People
from cmmc_jira.service.ports import Clock, Jira, Json
from cmmc_rules.law import Law
from cmmc_rules.words import Level

SETTLE_SECONDS: Final = 120
YOUNG: Final = timedelta(seconds=5)
_DUE_IN_CHANGES: Final = "duedate"
_TEXT_IN_CHANGES: Final = "description"
_FILES_AT_MOST: Final = 10
_REMEMBERED_FILES: Final = 2_000
"""What was read of a file of 110 findings takes 50 KB; of more files than this, each look reads its own again."""
_REMEMBERED_LOOKS: Final = 2_000
"""Of more assessments than this, the ones that were looked at first are read by one call more."""


@dataclass(slots=True)
class Looker:
    """Looks at assessments, of one project where it is named.

    It remembers what cannot change: files by attachment id, and whom the policy names.
    """

    jira: Jira
    clock: Clock
    law: Law
    policy: Policy
    notes: str | None
    mapping: ProjectMapping = AS_SHIPPED
    project: str | None = None
    files: MutableMapping[tuple[str, int], FileRead] = field(default_factory=dict)
    crowded: MutableMapping[str, datetime] = field(default_factory=dict)
    read_on: MutableMapping[str, date] = field(default_factory=dict)
    young: MutableMapping[str, frozenset[str]] = field(default_factory=dict)
    read: MutableMapping[str, frozenset[str]] = field(default_factory=dict)
    texts: MutableMapping[str, str | None] = field(default_factory=dict)
    people: People = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nobody looked up."""
        self.people = People(self.jira, self.clock, self.policy.owners)

    def fields(self) -> Fields:
        """Return the site's fields by our names."""
        return map_fields(self.jira.fields(), flavour=self.jira.site().flavour, mapping=self.mapping)

    def look(self, id_or_key: str, *, thorough: bool = True, hints: Sequence[str] = ()) -> World:
        """Return an assessment as Jira holds it now.

        Raises:
            JiraRefused: there is no such issue, or it is no CMMC Assessment.
            JiraUnavailable: Jira is away, or an interrupted create may still come to light; `retry_after` says when.

        """
        fields = self.fields()
        raw, before = self._read_with_ours(id_or_key, fields)
        assessment = self._assessment(raw, id_or_key, fields)
        known = self._known(assessment, fields, thorough=thorough, hints=hints)
        raws = {assessment.id: raw, **{id_: before[id_] for id_ in known & before.keys()}}
        raws |= self._ours(fields, known - raws.keys(), anew=self._anew(assessment, known, hints) - raws.keys())
        self.expect(assessment.id, raws)
        self.young[assessment.id] = frozenset(id_ for id_, raw in raws.items() if self._is_young(raw))
        myself, site = str(self.jira.myself().get(fields.user_key, "")), self.jira.site()
        read = [issue for raw in raws.values() if (issue := read_issue(raw, fields))]
        issues, doubles = identities(assessment, read, myself)
        self._settled(assessment, issues)
        people: dict[str, str] = {}
        for raw in raws.values():
            people |= fields.people(raw.get("fields") or {})
        local = self.clock.local()
        return World(
            assessment=assessment,
            day=local.date(),
            issues=issues,
            doubles=doubles,
            finding_issues=tuple(issue for issue in read if belongs(issue, assessment)),
            files=self._files(assessment),
            owners=self.people.named(assessment.project, fields.user_key),
            leads=self.people.leads(assessment.project, fields.user_key),
            people=people,
            notes=self.notes or ("pointer" if site.flavour == "cloud" else "full"),
            at=local.time(),
            flavour=site.flavour,
            moves=self._moves(issues.values(), people, fields),
            managers=self.people.managers(assessment.project),
            myself=myself,
            renamed=fields.renamed,
            tie=fields.mapping.link_type if fields.mapping.tie is Tie.LINK else None,
            rewritten=self._rewritten(issues.get(STATUS_SUBJECT), myself, people, fields),
        )

    def expect(self, assessment: str, issues: Iterable[str]) -> None:
        """Read these issues together with an assessment at its next look, as the ones that are most likely its own."""
        self.read.pop(assessment, None)
        while len(self.read) >= _REMEMBERED_LOOKS:
            self.read.pop(next(iter(self.read)), None)
        self.read[assessment] = frozenset(issues) - {assessment}

    def _read_with_ours(self, id_or_key: str, fields: Fields) -> tuple[Json, Mapping[str, Json]]:
        """Return the assessment and, in the same call, the issues that were its own at the last look, by id.

        Data Center has no such call: it reads the assessment alone.
        """
        ours, ids = self.read.get(id_or_key), fields.all_ids()
        if ours and self.jira.site().flavour == "cloud":
            found = {str(raw["id"]): raw for raw in self.jira.issues([id_or_key, *sorted(ours, key=int)], ids)}
            if raw := found.pop(id_or_key, None):
                return raw, found
        return self.jira.issue(id_or_key, ids), {}

    def _moves(self, issues: Iterable[Actual], people: dict[str, str], fields: Fields) -> Mapping[str, Move]:
        """Return who moved a due date later than we know it, by subject; where none was moved Jira is not asked.

        Whoever moved one is added to the people whose names are known.
        """
        moves = {}
        for issue in issues:
            entered, known = issue.fields.get(DUE), known_due(issue)
            open_item = issue.kind is Kind.REMEDIATION and not issue.memory.get("closed")
            if open_item and entered and known and entered > known:
                moves[issue.subject] = self._move(issue, _DUE_IN_CHANGES, people, fields)
        return moves

    def _rewritten(self, status: Actual | None, myself: str, people: dict[str, str], fields: Fields) -> Move | None:
        """Return who replaced the status issue's text since we wrote it; Jira is asked where it is not as last seen."""
        if status is None:
            return None
        text, seen = digest(status.fields.get(DESCRIPTION, "")), self.texts.get(status.key, "")
        named: dict[str, str] = {}  # a name that only some looks learn would make what they write differ
        move = None if seen in (None, text) else self._move(status, _TEXT_IN_CHANGES, named, fields)
        if move is not None and move.by not in (None, myself):
            people |= named
            return move
        self.texts[status.key] = text
        return None

    def wrote(self, key: str) -> None:
        """Take the text that a status issue has at the next look for the one that we wrote."""
        self.texts[key] = None

    def _move(self, issue: Actual, name: str, people: dict[str, str], fields: Fields) -> Move:
        """Return who changed a field of an issue last; who cannot be told from the changelog is nobody, today."""
        for change in reversed(self.jira.changes(issue.id)):
            if any(item["field"] == name for item in change["items"]):
                author = change["author"] or {}
                user = author.get(fields.user_key)
                if user:
                    people[str(user)] = str(author.get("displayName") or user)
                when: datetime = change["created"]
                return Move(str(user) if user else None, when.astimezone(self.clock.local().tzinfo).date())
        return Move(None, self.clock.today())

    def _assessment(self, raw: Json, asked: str, fields: Fields) -> Actual:
        issue = read_issue(raw, fields)
        if issue is None or issue.kind is not Kind.ASSESSMENT:
            name = ((raw.get("fields") or {}).get("issuetype") or {}).get("name", "of another type")
            wanted = fields.mapping.type_name(Kind.ASSESSMENT.key)
            raise JiraRefused(f"{asked} is a {name}, not a {wanted}: name the assessment issue.")
        if self.project and issue.project != self.project:
            raise JiraRefused(
                f"{asked} is now {issue.key}, and so not in the project {self.project}: set CMMC_JIRA_PROJECT to "
                f"{issue.project} if the project's key was changed, else move the issue back."
            )
        return issue

    def _known(self, assessment: Actual, fields: Fields, *, thorough: bool, hints: Sequence[str]) -> frozenset[str]:
        """Return the ids of every issue of ours: the ones that the assessment knows, and the index where it must."""
        known = remembered_ids(assessment.memory)
        known |= {end.id for end in assessment.links if end.id and end.type_name in set(Kind)}
        if thorough or not assessment.memory or assessment.memory.get("claims"):
            known |= self._indexed(assessment, fields, hints)
        return frozenset(known - {assessment.id})

    def _anew(self, assessment: Actual, known: frozenset[str], hints: Sequence[str]) -> frozenset[str]:
        """Return which issues are to be read whatever Jira's index says of them.

        These are the ones that changed, the ones that had changed just before they were read, and the status issue;
        and once a day all: what an issue remembers is written without a trace in when it was changed, and told in days.
        """
        today = self.clock.today()
        if self.read_on.get(assessment.id) != today:
            self.read_on[assessment.id] = today
            return known
        row = (assessment.memory.get("issues") or {}).get(STATUS_SUBJECT) or ()
        return known & {*hints, *row[:1], *self.young.get(assessment.id, ())}

    def _is_young(self, raw: Json) -> bool:
        """Whether an issue had changed so shortly before that one more change may bear the same time.

        Some databases keep Jira's times in whole seconds.
        """
        updated = (raw.get("fields") or {}).get("updated")
        return isinstance(updated, str) and self.clock.now() - datetime.fromisoformat(updated) < YOUNG

    def _ours(self, fields: Fields, known: Collection[str], *, anew: Collection[str]) -> Mapping[str, Json]:
        """Return the JSON of these issues by id; who is absent from an answer is asked for once more by itself."""
        ids, asked = fields.all_ids(), sorted(known, key=int)
        found = {str(raw["id"]): raw for raw in self.jira.issues(asked, ids, anew=sorted(anew))} if asked else {}
        again = (self._asked_again(id_, ids) for id_ in asked if id_ not in found)
        return found | {str(raw["id"]): raw for raw in again if raw}

    def _indexed(self, assessment: Actual, fields: Fields, hints: Sequence[str]) -> set[str]:
        """Return the ids of what the index knows to be ours.

        Finding issues that name no assessment are of the only one there is. Where there are several, as it was seen at
        most an hour ago, they are nobody's: then not all issues of our types are gone through, but those of this one.
        """
        project, label = quoted(assessment.project), f"labels = {quoted(assessment_label(assessment.id))}"
        wanted = ["issuetype", "labels", "issuelinks", *fields.family_ids()]
        if not self._crowded(assessment.project):
            kinds = ", ".join(quoted(fields.mapping.type_name(kind.key)) for kind in (Kind.FINDING, Kind.ASSESSMENT))
            jql = f"project = {project} AND ({label} OR issuetype in ({kinds})) ORDER BY id"
            another = partial(_is_another, assessment, fields)
            raws = self.jira.search(jql, wanted, also=hints, until=another)
            if not any(map(another, raws)):
                read = [issue for raw in raws if (issue := read_issue(raw, fields))]
                return {issue.id for issue in read if label_of(issue, assessment) or belongs(issue, assessment)}
            self.crowded[assessment.project] = self.clock.now()
        children = fields.children_of(assessment.key)
        mine = f"({label} OR {children})" if children else label
        raws = self.jira.search(f"project = {project} AND {mine} ORDER BY id", wanted, also=hints)
        read = [issue for raw in raws if (issue := read_issue(raw, fields))]
        return {issue.id for issue in read if says_so(issue, assessment)}

    def _crowded(self, project: str) -> bool:
        """Whether another assessment than the one looked at was seen in a project within the last hour."""
        seen = self.crowded.get(project)
        return seen is not None and timedelta() <= self.clock.now() - seen < KEPT

    def _asked_again(self, id_: str, ids: Sequence[str]) -> Json | None:
        """Return an issue that was absent from an answer, asked for by itself; None when Jira says 404 to that too."""
        try:
            return self.jira.issue(id_, ids)
        except JiraRefused as refusal:
            if refusal.status != HTTPStatus.NOT_FOUND:
                raise
            return None

    def _settled(self, assessment: Actual, issues: Mapping[str, Actual]) -> None:
        """Refuse to go on while a create that was interrupted may still come to light in the index."""
        open_ = [subject for subject in assessment.memory.get("claims") or () if subject not in issues]
        claimed = assessment.memory.get("claimed")
        if not open_ or not claimed:
            return
        waited = (self.clock.now() - datetime.fromisoformat(claimed)).total_seconds()
        if 0 <= waited < SETTLE_SECONDS:
            raise JiraUnavailable(
                f"{len(open_)} issues of {assessment.key} may or may not have been created by a run that was cut off; "
                "looking again once Jira's index is sure to know.",
                retry_after=SETTLE_SECONDS - waited,
                scope=assessment.id,
            )

    def _files(self, assessment: Actual) -> tuple[FileRead, ...]:
        """Return the attachments up to the newest findings file, and the one whose findings are frozen."""
        newest = sorted(assessment.attachments, key=lambda file: (file.created, int(file.id)), reverse=True)
        level = assessment.fields.get("CMMC Level")
        read: list[FileRead] = []
        for attachment in newest[:_FILES_AT_MOST]:
            read.append(self._file(attachment, int(level) if level else 0))
            if read[-1].refused is None:
                break
        source = assessment.frozen.get("source")
        frozen = [file for file in newest if file.id == source and all(file != row.attachment for row in read)]
        return (*read, *(self._file(attachment, int(level) if level else 0) for attachment in frozen))

    def _file(self, attachment: Attachment, level: int) -> FileRead:
        key = (attachment.id, level)
        if key not in self.files:
            while len(self.files) >= _REMEMBERED_FILES:
                self.files.pop(next(iter(self.files)))
            self.files[key] = self._read(attachment, Level(level) if level else None)
        return self.files[key]

    def _read(self, attachment: Attachment, level: Level | None) -> FileRead:
        if attachment.size > MAX_BYTES:
            return FileRead(attachment, refused=f"It has {attachment.size:,} bytes; at most {MAX_BYTES:,} are read.")
        content = self.jira.attachment(attachment, limit=MAX_BYTES)
        try:
            file: FindingsFile = read_findings(attachment.name, content, law=self.law, level=level)
        except BadFindings as error:
            return FileRead(attachment, refused="\n".join(error.mistakes))
        return FileRead(
            attachment,
            format=file.format,
            findings=file.findings,
            notices=file.notices,
            level=file.level,
            path=file.path,
            unlisted=file.unlisted,
        )


def _is_another(assessment: Actual, fields: Fields, raw: Json) -> bool:
    return kind_of(raw, fields.mapping) is Kind.ASSESSMENT and str(raw["id"]) != assessment.id
