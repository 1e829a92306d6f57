import pytest, time
from django.urls import reverse
from tests.factories import people, studies
pytestmark = pytest.mark.django_db
def test_it(client):
    mst=people.organisation("mst",roles=["owner"]); ed=studies.researcher(mst)
    v=studies.values(mst)
    s=studies.study(mst,editor=ed,contributors=v["contributors"]*60,locations=[{"facility":"a","city":"b","country":"c","status":""}]*60)
    client.force_login(ed)
    u=reverse("studies:step",kwargs={"number":s.number,"step":"hospitals"})
    client.get(u); t=time.time(); r=client.get(u); print("GET",time.time()-t,len(r.content))
    import cProfile,pstats
    p=cProfile.Profile(); p.enable(); client.get(u); p.disable(); pstats.Stats(p).sort_stats("cumtime").print_stats(45)
