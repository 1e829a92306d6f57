"""Blocks stay out of migrations; columns that services own stay out of revisions."""

import pytest
from django.apps import apps
from wagtail import blocks
from wagtail.models import RevisionMixin

from academy.core.fields import BodyField, ServiceOwnedMixin


def test_another_block_is_no_change_of_the_database():
    small = BodyField([("text", blocks.CharBlock())])
    large = BodyField([("text", blocks.CharBlock()), ("more", blocks.StructBlock([("a", blocks.CharBlock())]))])
    assert small.deconstruct()[1:] == large.deconstruct()[1:]
    _name, path, args, kwargs = small.deconstruct()
    rebuilt = BodyField(*args, **kwargs)
    assert rebuilt.deconstruct()[1:] == (path, args, kwargs)


class Stored:
    """What Wagtail's revision mixin does with the columns of a record."""

    def __init__(self, **columns):
        self.__dict__.update(columns)

    def serializable_data(self):
        return dict(vars(self))

    def with_content_json(self, content):
        return type(self)(**{**vars(type(self)(title="", state="draft")), **content})


class Study(ServiceOwnedMixin, Stored):
    service_owned = ("state",)


def test_an_old_revision_brings_back_the_text_and_not_the_state():
    study = Study(title="Old", state="draft")
    revision = study.serializable_data()
    assert revision == {"title": "Old"}
    study.title, study.state = "New", "accepted"
    published = study.with_content_json(revision)
    assert (published.title, published.state) == ("Old", "accepted")
    forged = study.with_content_json({"title": "Old", "state": "withdrawn"})
    assert forged.state == "accepted"


OWNING = [model for model in apps.get_models() if issubclass(model, ServiceOwnedMixin)]


@pytest.mark.parametrize("model", OWNING)
def test_every_model_with_columns_of_services_keeps_them_out(model):
    assert issubclass(model, RevisionMixin)
    assert model.service_owned
    assert set(model.service_owned) <= {field.name for field in model._meta.get_fields()}
    assert not set(model.service_owned) & set(model().serializable_data())
