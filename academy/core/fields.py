"""Fields that every room uses."""

from typing import Any

from wagtail.fields import StreamField


class BodyField(StreamField):
    """A StreamField whose block types stay out of migrations: changing a block is no change of the database."""

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs


class ServiceOwnedMixin:
    """Columns that only services write never travel in revisions.

    Without this, publishing an older revision brings an old state back.
    """

    service_owned: tuple[str, ...] = ()

    def with_content_json(self, content: dict[str, Any]) -> Any:
        record = super().with_content_json(content)
        for name in self.service_owned:
            setattr(record, name, getattr(self, name))
        return record

    def serializable_data(self) -> dict[str, Any]:
        data = super().serializable_data()
        return {name: value for name, value in data.items() if name not in self.service_owned}
