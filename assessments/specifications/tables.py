"""Specifications and their tasks."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.storage.columns import Day, Flag, Instant, Text, Unique, Whole, belongs_to


class AbilitySpecification(Table, tablename="ability_specification"):
    """One version of a specification; a sitting keeps the version it used."""

    id: Serial
    code = Text(index=True)  # our own: "SP001"; the same for all versions
    version_number = Whole()  # 1, 2, …
    name = Text(index=True)
    trade = Text(index=True)
    status = Text(index=True)  # rules.lifecycle.SpecificationStatus
    provenance = Text()  # where the name is from: "seen", "recalled", "demo"
    is_official = Flag()  # False: demo or draft text of ours, never shown as official
    source_channel = Text(optional=True)  # 遴选, 征集, 开发
    national_number = Text(optional=True)
    provincial_number = Text(optional=True)
    occupation_field = Text()
    definition = Text()
    applicability = Text()
    admission = Text()
    examiners = Text()
    method = Text()
    minutes = Whole(optional=True)
    site = Text()
    fewest_examiners = Whole()
    pass_mark = Whole()  # of 100
    pass_policy = Text()  # rules.grading.PassPolicy
    in_force_on = Day(optional=True)
    created_at = Instant()
    version = Whole()  # of this row, for concurrent edits

    one_version = Unique([code, version_number])


class SpecificationTask(Table, tablename="specification_task"):
    """工作任务 of a specification, in order."""

    id: Serial
    specification = belongs_to(AbilitySpecification)
    position = Whole()  # 1, 2, …
    name = Text()
    norms = Text()  # one a line
    knowledge = Text()  # one a line
    weight = Whole()  # percent

    one_position = Unique([specification, position])
