"""The field's own words, each once."""

from enum import IntEnum, StrEnum


class Level(IntEnum):
    """A CMMC level (32 CFR 170.14)."""

    ONE = 1
    TWO = 2
    THREE = 3


class Path(StrEnum):
    """Who assesses: the organisation itself, a C3PAO, or DCMA DIBCAC (32 CFR 170.15 to 170.18)."""

    SELF = "Self"
    C3PAO = "C3PAO"
    DIBCAC = "DIBCAC"


PATHS_OF_LEVEL = {Level.ONE: (Path.SELF,), Level.TWO: (Path.SELF, Path.C3PAO), Level.THREE: (Path.DIBCAC,)}


class Result(StrEnum):
    """A finding's result (32 CFR 170.24(b)), or that nobody has assessed it."""

    MET = "MET"
    NOT_MET = "NOT MET"
    NA = "N/A"
    NOT_ASSESSED = "NOT ASSESSED"


class Claim(StrEnum):
    """What can make a requirement MET although it is not implemented as written (32 CFR 170.24(b)(1), (c)(2))."""

    ENDURING_EXCEPTION = "enduring_exception"
    TEMPORARY_DEFICIENCY = "temporary_deficiency"
    DOD_CIO_ADJUDICATION = "dod_cio_adjudication"


class Variant(StrEnum):
    """The states that the rule prices differently (32 CFR 170.24(c)(2)(i)(B)(4))."""

    EMPLOYED_NOT_FIPS_VALIDATED = "employed_not_fips_validated"
    NOT_EMPLOYED = "not_employed"
    REMOTE_AND_PRIVILEGED_ONLY = "remote_and_privileged_only"
    NOT_IMPLEMENTED = "not_implemented"


class Assessor(StrEnum):
    """Who performs a closeout (32 CFR 170.21(b)(1)-(3))."""

    OSA = "OSA"
    C3PAO = "C3PAO"
    DIBCAC = "DIBCAC"


class Route(StrEnum):
    """Where an appeal goes (32 CFR 170.7(b); 170.9(b)(19) and CAP 3.28)."""

    DIBCAC = "DIBCAC"
    CYBER_AB = "CYBER_AB"


class Status(StrEnum):
    """The seven statuses of 32 CFR 170.4, and the two answers that are none of them."""

    FINAL_1_SELF = "Final Level 1 (Self)"
    CONDITIONAL_2_SELF = "Conditional Level 2 (Self)"
    FINAL_2_SELF = "Final Level 2 (Self)"
    CONDITIONAL_2_C3PAO = "Conditional Level 2 (C3PAO)"
    FINAL_2_C3PAO = "Final Level 2 (C3PAO)"
    CONDITIONAL_3_DIBCAC = "Conditional Level 3 (DIBCAC)"
    FINAL_3_DIBCAC = "Final Level 3 (DIBCAC)"
    NONE = "No CMMC Status"
    UNDETERMINED = "Undetermined"

    @property
    def conditional(self) -> bool:
        """Whether this is a Conditional status."""
        return self.startswith("Conditional")

    @property
    def final(self) -> bool:
        """Whether this is a Final status."""
        return self.startswith("Final")


class SprsLabel(StrEnum):
    """What SPRS shows for a self-assessment that yields no status: labels, not statuses (DoD CMMC FAQ C-A10)."""

    NO_STATUS = "No CMMC Status"
    NO_SCORE = "No CMMC Score"


class Gate(StrEnum):
    """The conditions of 32 CFR 170.21, under our names."""

    SCORE_RATIO = "score_ratio"
    POINT_VALUES = "point_values"
    NEVER_DEFERRED = "never_deferred"
    POAM_PRESENT = "poam_present"
    SSP_PRESENT = "ssp_present"
    LEVEL2_PREREQUISITE = "level2_prerequisite"
    ALL_MET = "all_met"


class Reason(StrEnum):
    """Reason codes, in the order in which an evaluation lists them."""

    POINT_VALUE_GT_1 = "POINT_VALUE_GT_1"
    BARRED_REQUIREMENT = "BARRED_REQUIREMENT"
    SCORE_BELOW_THRESHOLD = "SCORE_BELOW_THRESHOLD"
    SSP_ABSENT = "SSP_ABSENT"
    NO_POAM_FOR_NOT_MET = "NO_POAM_FOR_NOT_MET"
    VARIANT_UNDETERMINED = "VARIANT_UNDETERMINED"
    L1_REQUIREMENT_NOT_MET = "L1_REQUIREMENT_NOT_MET"
    L1_POAM_NOT_PERMITTED = "L1_POAM_NOT_PERMITTED"
    L3_PREREQUISITE_MISSING = "L3_PREREQUISITE_MISSING"
    CONDITIONAL_EXPIRED = "CONDITIONAL_EXPIRED"
    CLOSEOUT_NOT_POSTED_BY_DEADLINE = "CLOSEOUT_NOT_POSTED_BY_DEADLINE"
    CLOSEOUT_ITEM_NOT_MET = "CLOSEOUT_ITEM_NOT_MET"
    CLOSEOUT_ASSESSOR_INVALID = "CLOSEOUT_ASSESSOR_INVALID"
    CONDITIONAL_TERMINATED_BY_FAILED_CLOSEOUT = "CONDITIONAL_TERMINATED_BY_FAILED_CLOSEOUT"
    SCOPE_CHANGED_NEW_ASSESSMENT_REQUIRED = "SCOPE_CHANGED_NEW_ASSESSMENT_REQUIRED"
    STATUS_EXPIRED = "STATUS_EXPIRED"
    ANNUAL_AFFIRMATION_OVERDUE = "ANNUAL_AFFIRMATION_OVERDUE"
    WINDOW_CLOSED = "WINDOW_CLOSED"
    FINDINGS_REPORT_DELIVERED = "FINDINGS_REPORT_DELIVERED"
    AFFECTS_OTHER_REQUIREMENTS = "AFFECTS_OTHER_REQUIREMENTS"
    NO_ADDITIONAL_EVIDENCE = "NO_ADDITIONAL_EVIDENCE"
    NOT_A_CERTIFICATION_ASSESSMENT = "NOT_A_CERTIFICATION_ASSESSMENT"
    NO_RULE_TEXT_FOR_CLOSEOUT = "NO_RULE_TEXT_FOR_CLOSEOUT"
    APPEAL_LATE = "APPEAL_LATE"


class Authority(StrEnum):
    """How much a statement of the law weighs, from the regulation itself down to what only follows from it."""

    REGULATION = "regulation"
    DFARS = "DFARS"
    PREAMBLE = "preamble"
    GUIDANCE = "guidance"
    CAP = "CAP"
    DERIVED = "derived"
