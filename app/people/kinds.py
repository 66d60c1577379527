"""What an organization is (domain.md B1, C3) and a region's level, with the Chinese words."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.errors import N_


class OrganizationKind(StrEnum):
    """The kinds that certificates, sites and entries tell apart."""

    DEPARTMENT = "department"
    CENTER = "center"
    INSTITUTION = "institution"
    SITE = "site"
    SCHOOL = "school"
    FIRM = "firm"
    ASSOCIATION = "association"
    VILLAGE = "village"
    OTHER = "other"


class RegionLevel(StrEnum):
    """The three levels of GB/T 2260."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


LABELS: Mapping[OrganizationKind | RegionLevel, str] = MappingProxyType(
    {
        OrganizationKind.DEPARTMENT: N_("人社部门"),
        OrganizationKind.CENTER: N_("鉴定指导中心"),
        OrganizationKind.INSTITUTION: N_("考核机构"),
        OrganizationKind.SITE: N_("考点"),
        OrganizationKind.SCHOOL: N_("院校"),
        OrganizationKind.FIRM: N_("企业"),
        OrganizationKind.ASSOCIATION: N_("协会、合作社"),
        OrganizationKind.VILLAGE: N_("村（社区）"),
        OrganizationKind.OTHER: N_("其他"),
        RegionLevel.PROVINCE: N_("省级"),
        RegionLevel.PREFECTURE: N_("地级"),
        RegionLevel.COUNTY: N_("县级"),
    }
)

MEMBERSHIPS: Mapping[str, str] = MappingProxyType(
    {
        "confirmed by a published list": N_("已与公布名单核对"),
        "recalled, to be confirmed": N_("待与公布名单核对"),
    }
)
"""How surely a region is on an official list, in the words of the shipped file."""
