"""Who may see, award and revoke certificates.

The holder sees the own ones. The course manager of an owner of the course awards and revokes; the auditor reads.
Whoever is not in the table below is told that there is no such certificate.
"""

import rules

from academy.accounts.models import Role, User
from academy.accounts.permissions import is_auditor, roles_of
from courses.catalogue.permissions import manages_record

from .models import Certificate


@rules.predicate
def manages(user: User, certificate: Certificate) -> bool:
    return certificate is not None and manages_record(user, certificate.enrolment.run.course)


@rules.predicate
def holds(user: User, certificate: Certificate) -> bool:
    return certificate is not None and user.is_authenticated and certificate.person_id == user.pk


@rules.predicate
def works_with_certificates(user: User) -> bool:
    return bool(roles_of(user).organisations(Role.COURSE_MANAGER))


rules.add_perm("certificates.list", works_with_certificates | is_auditor)
rules.add_perm("certificates.see", manages | is_auditor)
rules.add_perm("certificates.download", holds | manages | is_auditor)
rules.add_perm("certificates.revoke", manages)
rules.add_perm("certificates.reduce_name", holds)
