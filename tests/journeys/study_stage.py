"""Researchers who work on one draft together, and the draft: `python -m tests.journeys.study_stage NAME…`.

Each journey has a name of its own, so that none waits for another.
"""

import os
import subprocess
import sys
from dataclasses import dataclass

import django
from django.urls import reverse

from .site import ROOT, Site, environment


@dataclass(frozen=True)
class Draft:
    """A study that both may edit."""

    number: str
    first: str
    second: str

    def step(self, name: str) -> str:
        """The address of this step of the form."""
        return reverse("studies:step", kwargs={"number": self.number, "step": name})


def drafts(site: Site, *names: str) -> dict[str, Draft]:
    """Make one for each name in the data of this running site."""
    given = environment(site.data, 8000) | {"PYTHONPATH": os.pathsep.join((str(ROOT / ".ci"), str(ROOT)))}
    command = [sys.executable, "-m", "tests.journeys.study_stage", *names]
    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    numbers = done.stdout.split()[-len(names) :]
    return {
        name: Draft(number, f"first.{name}@example.nl", f"second.{name}@example.nl")
        for name, number in zip(names, numbers, strict=True)
    }


def stage(name: str) -> str:
    """The people and their study; its number."""
    from academy.accounts.models import Organisation
    from research.studies.services import inviting, saving

    mst, zgt = (Organisation.objects.get(key=key) for key in ("mst", "zgt"))
    first, second = (_researcher(f"{place}.{name}@example.nl", of) for place, of in (("first", mst), ("second", zgt)))
    values = {"acronym": name.upper(), "public_title_nl": "Samen schrijven", "summary_nl": "Wij schrijven samen."}
    sites = [
        {"organisation": key, "leading": key == "mst", "planned_inclusions": None, "signatory": ""}
        for key in ("mst", "zgt")
    ]
    study = saving.register(actor=first, values={**values, "sites": sites, "study_type": "INTERVENTIONAL"})
    inviting.invite(study=study, actor=first, email=second.email, level="editor")
    return study.number


def _researcher(email: str, organisation):
    from allauth.account.models import EmailAddress
    from django.conf import settings

    from academy.accounts.models import Membership, Role, User

    person = User(email=email, given_name=email.partition(".")[0].title(), family_name="Schrijver")
    person.set_password(settings.DEMO_PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    for role in (Role.MEMBER, Role.RESEARCHER):
        Membership.objects.create(person=person, organisation=organisation, role=role)
    return person


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "academy.settings.development")
    django.setup()
    sys.stdout.write(" ".join(map(stage, sys.argv[1:])))
