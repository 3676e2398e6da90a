"""A small run of the product through Stoplight Prism: make prism."""

import sys
from pathlib import Path

import pytest

from cmmc_jira.adapters.exchange import Access, Exchange
from cmmc_jira.adapters.jira_admin import JiraAdmin
from cmmc_jira.adapters.retry import Retry
from cmmc_jira.core.fields import map_fields
from cmmc_jira.service import provision
from jira_sandbox.server import serve
from support.openapi_deviations import Deviation
from support.openapi_documents import CLOUD_2, VARIABLE, folder
from support.prism import Proxy, prism
from support.site import Site

ALLOWED = (
    Deviation(
        "*", "*", "*", 'response 20?: : The received media type "" does not match *',
        "The document gives the answer a body; Jira sends none, and so no type of one.",
    ),
)  # fmt: skip


class Proxied(Site):
    """A site whose requests go through Prism once it is there."""

    through: Proxy | None = None

    def __init__(self) -> None:
        super().__init__(flavour="cloud")

    def _exchange(self, account_id: str | None = None) -> Exchange:
        if self.through is None:
            return super()._exchange(account_id)
        proxy, user = self.through, self.state.users[account_id] if account_id else self.state.service_user()
        access = Access(proxy.url, user.token, user.email)
        return Exchange(access, retry=Retry(budget=0), session=lambda: proxy.session(ALLOWED))

    def make_ready(self) -> None:
        """Provision the project, which is as Jira made it."""
        admin = JiraAdmin(self._exchange())
        present, steps = provision.plan(admin, "CMMC", None)
        provision.provision(admin, present, steps)
        self.person = self.client()
        self.fields = map_fields(self.person.fields(), flavour="cloud")


def test_a_run_from_an_empty_project_to_a_closeout_is_as_prism_reads_the_document(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    documents = folder()
    assert documents, f"{VARIABLE} must name the folder that holds Atlassian's documents."
    site = Proxied()
    site.state.reset()
    with serve(state=site.state) as running, prism(Path(documents), CLOUD_2, running.url, tmp_path) as proxy:
        site.through = proxy
        site.make_ready()
        assessment = site.assessment()
        site.attach(assessment, "AC.L2-3.1.3", "AU.L2-3.3.4")
        site.look()
        site.enter(assessment, CMMC_Status_Date="2026-06-01", Assessment_End_Date="2026-05-20")
        site.look()
        assert len(site.remediation()) == 2
        site.enter(assessment, Closeout_Posted="2026-07-01", Closeout_By="OSA")
        site.look()
        assert not site.look()[0].plan.changes
    with capfd.disabled():
        sys.stdout.write(f"{proxy.judged} exchanges were checked by Prism against {CLOUD_2.name}.\n")
    assert not proxy.found, "\n".join(f"{count} x {said}" for said, count in proxy.found.items())
    assert proxy.used == {str(one) for one in ALLOWED}, "An allowed deviation has no use."
