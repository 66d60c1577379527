"""Who may do what in marking and results, and which seats there are (marking.md §6)."""

from enum import StrEnum
from typing import Final

from app.rules.actors import Duty

SEATING: Final = (Duty.ORGANIZER,)
STARTING: Final = (Duty.ORGANIZER, Duty.CHIEF_JUDGE)
RECORDING: Final = (Duty.CHIEF_JUDGE, Duty.ORGANIZER)
DEDUCTING: Final = (Duty.CHIEF_JUDGE,)
COMPUTING: Final = (Duty.CHIEF_JUDGE, Duty.ORGANIZER)
PARTING: Final = (Duty.CHIEF_JUDGE,)
"""Who decides between equals where ties are forbidden: the system never picks."""
CONFIRMING_PARTED: Final = (Duty.SUPERVISOR,)
"""Who confirms such a decision once names are known."""
PUBLISHING: Final = (Duty.ORGANIZER,)
WEIGHING: Final = (Duty.CHIEF_JUDGE, Duty.SUPERVISOR, Duty.AUDITOR)
"""Who sees how firm awards are and how judges mark; never a judge who marks."""
EXPLAINING: Final = (Duty.CHIEF_JUDGE, Duty.ORGANIZER, Duty.AUDITOR)
"""Who may see why a code stands where it does, before the public may."""
PRINTING: Final = (Duty.CHIEF_JUDGE, Duty.ORGANIZER, Duty.SUPERVISOR)
"""Who prints judges' sheets: blank ones for when tablets fail, and what was submitted, by code."""
WATCHING: Final = (Duty.ORGANIZER, Duty.CHIEF_JUDGE, Duty.CODING_JUDGE, Duty.SUPERVISOR)

READING: Final = (*WATCHING, Duty.REGISTRAR, Duty.CERTIFICATE_OFFICER, Duty.AUDITOR)
"""Who reads results before the public does; judges who mark are not among them."""


class SeatKind(StrEnum):
    """裁判长 signs, 评分裁判 mark, 替补裁判 take a place where one stands aside."""

    CHIEF = "chief"
    MARKING = "marking"
    RESERVE = "reserve"


LETTERS: Final = {SeatKind.CHIEF: "C", SeatKind.MARKING: "J", SeatKind.RESERVE: "R"}
SEAT_DUTIES: Final = {
    SeatKind.CHIEF: Duty.CHIEF_JUDGE,
    SeatKind.MARKING: Duty.MARKING_JUDGE,
    SeatKind.RESERVE: Duty.MARKING_JUDGE,
}


class CodeStatus(StrEnum):
    """Why a code did not compete to the end; none of them is a zero."""

    ABSENT = "absent"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"
