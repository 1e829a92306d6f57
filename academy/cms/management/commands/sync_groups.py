"""`manage.py sync_groups`: Wagtail's groups and their rights, from the table of roles."""

from django.core.management.base import BaseCommand

from academy.cms.rights import sync_groups


class Command(BaseCommand):
    help = "Give Wagtail's groups, one per role with access to the admin, exactly the rights of their role."

    def handle(self, *args: object, **options: object) -> None:
        groups = sync_groups()
        if options["verbosity"]:
            self.stdout.write(f"{len(groups)} groups: {', '.join(sorted(group.name for group in groups))}")
