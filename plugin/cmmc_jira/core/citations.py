"""Where in the rule the things stand that our texts say. A test checks that the law has each of them."""

from typing import Final

from cmmc_rules.words import Level, Path

CLOSEOUT_SELF: Final = "32 CFR 170.21(b)(1)"
CLOSEOUT_C3PAO: Final = "32 CFR 170.21(b)(2)"
CLOSEOUT_DIBCAC: Final = "32 CFR 170.21(b)(3)"
CLOSEOUT_WINDOW: Final = "32 CFR 170.21(b)"
NO_POAM_LEVEL_1: Final = "32 CFR 170.21(a)(1)"
STATUS_DATE: Final = "32 CFR 170.4"
AFFIRMATION: Final = "32 CFR 170.22(a)(3)"
REEVALUATION_2: Final = "32 CFR 170.17(c)(2)"
REEVALUATION_3: Final = "32 CFR 170.18(c)(2)"
VALIDITY_1: Final = "32 CFR 170.15(a)(1)"
VALIDITY_2_SELF: Final = "32 CFR 170.16(a)(1)"
VALIDITY_2_C3PAO: Final = "32 CFR 170.17(a)(1)"
VALIDITY_3: Final = "32 CFR 170.18(a)(1)"
NEW_ASSESSMENT: Final = "89 FR 83092"
RETENTION_1: Final = "32 CFR 170.15(c)(2)"
RETENTION_2_SELF: Final = "32 CFR 170.16(c)(4)"
RETENTION_2_C3PAO: Final = "32 CFR 170.17(c)(4)"
RETENTION_3: Final = "32 CFR 170.18(c)(4)"
EXPIRY_SELF: Final = "32 CFR 170.16(a)(1)(ii)(B)"
EXPIRY_C3PAO: Final = "32 CFR 170.17(a)(1)(ii)(B)"
EXPIRY_DIBCAC: Final = "32 CFR 170.18(a)(1)(ii)(B)"
ONE_CLOSEOUT: Final = "DoD CMMC FAQ C-A8"
AFFIRMATION_ANNUAL: Final = "32 CFR 170.22(a)(3)(iii)"
AFFIRMATION_CLOSEOUT: Final = "32 CFR 170.22(a)(3)(iv)"
AFFIRMATION_LEVEL_3: Final = "32 CFR 170.22(b)(4)"
CURRENT: Final = "DFARS 204.7501"
NO_GRACE: Final = "89 FR 83092 preamble"
ONE_OPEN: Final = "89 FR 83092 preamble"
OTHER_C3PAO: Final = "CAP v2.0 4.10"
LEVEL_2_AGAIN: Final = "32 CFR 170.18(a)"
MET: Final = "32 CFR 170.24(b)(1)"
AFFIRMATION_CONTENT: Final = "32 CFR 170.22(a)(2)"
APPEAL_ELEVATION: Final = "32 CFR 170.9(b)(19)"
APPEAL_DIBCAC: Final = "32 CFR 170.7(b)"


def validity(level: Level, path: Path) -> str:
    """Return where it stands how long a status of this level and path lives."""
    level_2 = VALIDITY_2_SELF if path is Path.SELF else VALIDITY_2_C3PAO
    return {Level.ONE: VALIDITY_1, Level.TWO: level_2, Level.THREE: VALIDITY_3}[level]


def retention(level: Level, path: Path) -> str:
    """Return where it stands how long the artifacts of an assessment of this level and path are kept."""
    level_2 = RETENTION_2_SELF if path is Path.SELF else RETENTION_2_C3PAO
    return {Level.ONE: RETENTION_1, Level.TWO: level_2, Level.THREE: RETENTION_3}[level]


def reevaluation(level: Level) -> str:
    """Return where the re-evaluation of a certification assessment of this level stands."""
    return REEVALUATION_3 if level is Level.THREE else REEVALUATION_2
