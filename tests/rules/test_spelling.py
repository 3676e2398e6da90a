"""Properties of reading ids: any spelling of an official id names its requirement, and no text names another."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cmmc_rules.ids import Named, Unplaced, find_named
from cmmc_rules.law import load_law
from cmmc_rules.records import Requirement
from cmmc_rules.words import Level

REQUIREMENTS = {level: load_law().requirements(level) for level in Level}


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, Level, str]:
    """Some spelling of an official id or objective, its level, and what it must be read as."""
    level = draw(st.sampled_from(Level))
    requirement = draw(st.sampled_from(REQUIREMENTS[level]))
    objective = draw(st.sampled_from((None, *requirement.objectives)))
    written = draw(st.one_of(*(st.just(text) for text in _forms(requirement, objective))))
    if draw(st.booleans()):
        written = "".join(draw(st.sampled_from((character.lower(), character.upper()))) for character in written)
    if draw(st.booleans()):
        written = written.replace("-", draw(st.sampled_from("\u2010\u2011\u2013\u2014\u2212")))
    gap = draw(st.sampled_from(("", " ", "\u00a0", "\u00ad", "\u200b", "\t")))
    place = draw(st.sampled_from([index for index, character in enumerate(written) if not character.isalnum()]))
    written = written[: place + 1] + gap + written[place + 1 :]
    before = draw(st.sampled_from(("", " ", "CMMC ", "NIST SP 800-171 Rev. 2, ", "SP 800-172: ", "Requirement ", "**")))
    names = () if gap.isspace() else (f" - {requirement.name}", f": {requirement.name.upper()}")
    behind = draw(st.sampled_from(("", " ", ".", "*", "**", ",", *names)))
    return before + written + behind, level, " ".join(filter(None, (requirement.id, objective)))


def _forms(requirement: Requirement, objective: str | None) -> list[str]:
    number = requirement.numbers[0] if len(requirement.numbers) == 1 else ""
    letter = ""
    if objective is not None:
        number, letter = (objective[:-3], objective[-2]) if requirement.level is Level.ONE else (number, objective)
    tails = [f"[{letter}]", f".{letter}", f"({letter})"] if letter else [""]
    heads = [requirement.id] if len(requirement.numbers) == 1 or not letter else []
    if number:
        part, last = number.split(".")[1:]
        padded = f"03.{part.zfill(2)}.{last.zfill(3 if last.endswith('e') else 2)}"
        family, level = requirement.family, requirement.level.value
        heads += [number, padded, f"{family}.L{level}-{number}", f"{family}-{number}", f"{family} {number}"]
    return [head + tail for head in heads for tail in tails]


@settings(deadline=None)
@given(spellings())
def test_any_spelling_of_an_official_id_names_its_requirement(spelling: tuple[str, Level, str]) -> None:
    written, level, expected = spelling
    found = find_named(written, REQUIREMENTS[level])
    assert isinstance(found, Named)
    assert " ".join((found.requirement.id, *found.objectives)) == expected


@settings(deadline=None)
@given(st.one_of(st.text(), st.text("AC.L123-b1ixve()[]0, ", max_size=20)), st.sampled_from(Level))
def test_any_text_names_a_requirement_whose_number_it_holds_or_gets_a_sentence(text: str, level: Level) -> None:
    found = find_named(text, REQUIREMENTS[level])
    if isinstance(found, Unplaced):
        assert found.because.isprintable()
        return
    assert found.requirement in REQUIREMENTS[level]
    if found.read.number and not found.read.practice:
        part, last = found.read.number.rstrip("e").split(".")[1:]
        spaceless = "".join(text.split())
        assert any(f".{left}.{right}" in spaceless for left in (part, f"0{part}") for right in (last, f"0{last}"))
