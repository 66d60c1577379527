"""The forms of the draw and of the check-in."""

from typing import Annotated

from msgspec import Meta, Struct

from app.errors import N_
from competitions.draw.checkin import CheckInFacts


class DrawForm(Struct, frozen=True):
    """What witnesses say before a draw."""

    witness: Annotated[str, Meta(title=N_("见证人报的数"), max_length=60)] = ""


class CheckInForm(Struct, frozen=True):
    """What was found of one entry at the check-in."""

    entry: int
    is_present: Annotated[bool, Meta(title=N_("到场"))]
    is_document_right: Annotated[bool, Meta(title=N_("证件相符"))]
    are_tools_right: Annotated[bool, Meta(title=N_("工具合格"))]
    note: Annotated[str, Meta(title=N_("情况说明"), max_length=200)] = ""

    def facts(self) -> CheckInFacts:
        """Return what was found."""
        return CheckInFacts(
            is_present=self.is_present,
            is_document_right=self.is_document_right,
            are_tools_right=self.are_tools_right,
            note=self.note,
        )
