import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from courses.enrolment import services
from tests import factories as f
@pytest.mark.django_db(transaction=True)
def test_x():
    run=f.run(f.course(owners=[f.organisation("mst")]),seats=5); p=f.member(f.organisation("mst"))
    services.enrol(person=f.member(f.organisation("mst")), run=run, actor=None)
    from academy.accounts.models import User
    p=User.objects.get(pk=p.pk)
    with CaptureQueriesContext(connection) as c:
        services.enrol(person=p, run=run, actor=p)
    for q in c: print(q["sql"],"\n")
