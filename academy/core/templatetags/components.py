"""All components in one library, so that templates need no `load` per subject."""

from django import template

from academy.core.components import finding, forms, frame, mails, records, signs, tables

register = template.Library()

for _part in (signs, frame, forms, finding, records, tables, mails):
    register.tags.update(_part.register.tags)
