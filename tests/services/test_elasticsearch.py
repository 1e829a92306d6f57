"""The Elasticsearch that `make test-services` starts answers our client."""

import os
import uuid

import pytest
from elasticsearch import Elasticsearch

pytestmark = pytest.mark.services


@pytest.fixture
def client():
    with Elasticsearch(os.environ["TEST_ELASTICSEARCH_URL"]) as client:
        yield client


@pytest.fixture
def index(client):
    """An index of this test, whose text was analysed before it was sent."""
    name = f"test-{uuid.uuid4().hex}"
    mappings = {"properties": {"tokens": {"type": "text", "analyzer": "whitespace"}, "kind": {"type": "keyword"}}}
    client.indices.create(index=name, mappings=mappings)
    yield name
    client.indices.delete(index=name)


def test_the_cluster_is_healthy(client):
    health = client.cluster.health(wait_for_status="yellow")
    assert (health["number_of_nodes"], health["timed_out"]) == (1, False)


def test_a_document_is_found_by_exactly_the_tokens_that_were_sent(client, index):
    client.index(index=index, id="1", document={"tokens": "hartfal poli", "kind": "course"}, refresh=True)

    def found(text):
        hits = client.search(index=index, query={"match": {"tokens": text}})["hits"]["hits"]
        return [hit["_id"] for hit in hits]

    assert found("hartfal") == ["1"]
    assert found("hartfalen") == []
    assert found("Poli") == []


def test_an_older_version_does_not_replace_a_newer_one(client, index):
    client.index(index=index, id="1", document={"kind": "new"}, version=7, version_type="external_gte")
    client.options(ignore_status=409).index(
        index=index, id="1", document={"kind": "old"}, version=6, version_type="external_gte"
    )
    assert client.get(index=index, id="1")["_source"] == {"kind": "new"}
