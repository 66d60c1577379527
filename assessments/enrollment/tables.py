"""Candidates of a sitting."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.people.tables import Person
from app.storage.columns import Instant, Text, Unique, Whole, belongs_to
from assessments.sittings.tables import Sitting


class Candidate(Table, tablename="candidate"):
    """考生: one person's application to one sitting."""

    id: Serial
    sitting = belongs_to(Sitting)
    person = belongs_to(Person)
    name = Text(index=True)  # as it stands on ticket and certificate
    employer = Text()  # 单位或院校, empty for none
    category = Text(optional=True)  # 人员类别
    region_code = Text(optional=True)  # 户籍地
    number = Text(optional=True, index=True)  # 考号, once seated; unique by the sitting's prefix
    room = Text(optional=True)
    station = Whole(optional=True)
    status = Text(index=True)  # rules.lifecycle.CandidateStatus
    note = Text()
    applied_at = Instant()
    version = Whole()

    one_person = Unique([sitting, person])
    one_number = Unique([sitting, number])
