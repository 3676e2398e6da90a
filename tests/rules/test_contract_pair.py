"""A whole evaluation, key for key, as other programs rely on it."""

import json
from pathlib import Path

from cmmc_jira.export.evaluation import as_json
from cmmc_rules.evaluate import evaluate
from support.cases import LAW, assessment

FOLDER = Path(__file__).parents[1] / "goldens"


def test_the_document_gives_exactly_this_evaluation() -> None:
    document = json.loads((FOLDER / "conditional-document.json").read_text(encoding="utf-8"))
    wanted = json.loads((FOLDER / "conditional-evaluation.json").read_text(encoding="utf-8"))
    found = json.loads(json.dumps(as_json(evaluate(assessment(document), LAW))))
    assert found == wanted
    assert list(found) == list(wanted)
