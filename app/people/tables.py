"""Persons, organizations, regions. A number of a document is never here in clear."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.storage.columns import Blob, Day, Flag, Instant, Text, Whole, belongs_to


class Region(Table, tablename="region"):
    """A region of GB/T 2260 for a period; a code that changed its meaning has several rows."""

    id: Serial
    code = Text(index=True)  # six digits; 660000 stands for 新疆生产建设兵团, which has none
    name = Text()
    level = Text()  # "province", "prefecture", "county"
    parent = Text(optional=True, index=True)  # the code above
    valid_from = Day(optional=True)  # None: since before our data
    valid_to = Day(optional=True)  # None: in force
    source = Text()


class RegionListing(Table, tablename="region_listing"):
    """A region on an official list for a period, such as the 160 key counties."""

    id: Serial
    list_name = Text(index=True)  # "key_county"
    code = Text(index=True)
    valid_from = Day(optional=True)
    valid_to = Day(optional=True)
    provenance = Text()


class Organization(Table, tablename="organization"):
    """A department, center, institution, site, school, firm or association."""

    id: Serial
    name = Text(unique=True)
    kind = Text()  # app.people.kinds.OrganizationKind
    credit_code = Text(optional=True)  # 统一社会信用代码, 18 characters
    region_code = Text(optional=True, index=True)
    contact = Text(optional=True)
    created_at = Instant()
    is_closed = Flag()
    version = Whole()


class Person(Table, tablename="person"):
    """One natural person, matched by the keyed digest of a document number."""

    id: Serial
    name = Text(index=True)  # normalised, rules.identity
    name_key = Text(index=True)  # folded for search
    id_kind = Text()  # app.rules.identity.IdKind
    id_digest = Text(unique=True)  # hex HMAC-SHA256 of kind and number
    id_sealed = Blob()  # AES-256-GCM: 12 bytes of nonce, then ciphertext
    id_masked = Text()
    birth_on = Day(optional=True)
    sex = Text(optional=True)  # app.rules.identity.Sex
    ethnic_group = Text(optional=True)  # GB/T 3304, two digits
    education = Text(optional=True)
    region_code = Text(optional=True, index=True)
    phone_sealed = Blob(optional=True)
    phone_masked = Text(optional=True)
    employer = belongs_to(Organization, optional=True)
    created_at = Instant()
    version = Whole()


class PersonPhoto(Table, tablename="person_photo"):
    """A person's portrait for tickets and certificates; the last one only, as the journal says."""

    id: Serial
    person = belongs_to(Person, unique=True, index=False)
    content = Blob()  # JPEG, 3 by 4, app.documents.portraits
    kept_at = Instant()


class VaultKey(Table, tablename="vault_key"):
    """Which secret key seals the numbers of this database; one row."""

    id: Serial
    fingerprint = Text()  # hex, of the key derived for this purpose
