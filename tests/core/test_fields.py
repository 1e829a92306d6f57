"""Blocks stay out of migrations."""

from wagtail import blocks

from academy.core.fields import BodyField


def test_another_block_is_no_change_of_the_database():
    small = BodyField([("text", blocks.CharBlock())])
    large = BodyField([("text", blocks.CharBlock()), ("more", blocks.StructBlock([("a", blocks.CharBlock())]))])
    assert small.deconstruct()[1:] == large.deconstruct()[1:]
    _name, path, args, kwargs = small.deconstruct()
    rebuilt = BodyField(*args, **kwargs)
    assert rebuilt.deconstruct()[1:] == (path, args, kwargs)
