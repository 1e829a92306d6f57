"""Fields that every room uses."""

from wagtail.fields import StreamField


class BodyField(StreamField):
    """A StreamField whose block types stay out of migrations: changing a block is no change of the database."""

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs
