"""`manage.py import_people FILE… [--dry-run]`: people from the list of a personnel system."""

from typing import Any

from academy.accounts.importing import PersonImporter
from academy.core.imports.command import ImportCommand
from academy.core.imports.contract import Importer


class Command(ImportCommand):
    help = "Import people from lists (.csv, .xlsx). May be run again: what is there already is unchanged."

    def importer_for(self, options: dict[str, Any]) -> Importer:
        return PersonImporter()
