import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from research.innovations import portfolio
from research.innovations.filtering import Filter
from research.innovations.models import Innovation
from tests.factories import innovations as inno

pytestmark = pytest.mark.django_db

def test_all(django_assert_num_queries):
    one = inno.published(days=3)
    q = QueryDict("organisation=mst&pillar=p3&pillar=none&pillar=zzz&stage=idea&stage=x&horizon=none&q=hartfalen&column=a&sort=b&page=2&trl=4&ai=none&device=none&dependency=epd&goal=g1&specialty=x&need=n&concern=c&roadmap_line=none&programme=p&challenge=c&outcome=active")
    with django_assert_num_queries(2):
        w = Filter.of(q)
        print(w.query_string)
        print(w.bar().chips, w.bar().hidden)
        list(w.apply(Innovation.objects.all()))
    assert list(Filter.of(QueryDict("organisation=mst&pillar=p3&stage=idea&horizon=none&q=hartfalen&roadmap_line=none")).apply(Innovation.objects.all())) == [one]
    with django_assert_num_queries(6) as c:
        print(json.dumps(portfolio.totals(AnonymousUser(), Filter.of(QueryDict(""))), indent=1))
    u = inno.manager(one.organisations.first())
    print(json.dumps(portfolio.totals(u, Filter.of(QueryDict("")))["money"], indent=1))
    for x in c.captured_queries: print(x["sql"], "\n")
