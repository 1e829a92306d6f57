"""Requests made from the schema, right and wrong ones: no server error, and every answer as the schema says.

Always the same ones: the seed is fixed and nothing is kept from one run to the next.
"""

from types import SimpleNamespace

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed, settings, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis import Config, GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.config import AnalysisConfig, ConstantsConfig, ProjectConfig, ProjectsConfig
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from academy.accounts.models import Role
from courses.certificates.models import Certificate
from courses.enrolment import services
from courses.enrolment.models import Enrolment
from search import facade
from tests import factories as f
from tests.factories import studies

from .asking import token

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
SEED = 20_260_301
EXAMPLES = 8
# Words of our own source would change the requests with every change of it.
CONFIG = Config(
    seed=SEED,
    projects=ProjectsConfig(
        default=ProjectConfig(analysis=AnalysisConfig(constants=ConstantsConfig(enabled=False))),
    ),
)
READS_AND_WRITES = 16  # operations × right and wrong ones, at least

quick = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def application():
    """The whole application, in this process and inside the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    django = get_wsgi_application()
    yield lambda environ, start: django({"REMOTE_ADDR": "192.0.2.1", **environ}, start)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def school(index, settings):
    """One record of every kind, and somebody who takes part."""
    settings.RATE_LIMIT_VERIFY = "10000/m"
    person, run = f.member(role=Role.RESEARCHER), f.run()
    track = f.track(run.course)
    enrolment = services.enrol(person=person, run=run)
    study = studies.published(f.organisation("mst"), editor=person)
    facade.rebuild()
    numbers = {
        "courses": run.course.code,
        "tracks": track.code,
        "runs": run.number,
        "enrolments": enrolment.pk,
        "studies": study.number,
    }
    return SimpleNamespace(person=person, numbers=numbers)


@pytest.mark.parametrize("who", ["nobody", "somebody"])
def test_no_server_error(application, school, who):
    headers = {"Authorization": f"Bearer {token(school.person, 'read', 'write')}"} if who == "somebody" else {}
    schema = openapi.from_dict(SchemaGenerator(api_version="").get_schema(public=True), config=CONFIG)
    schema.app = application
    asked = 0
    for found in schema.get_all_operations():
        for mode in GenerationMode:
            asked += ask(found.ok(), mode, headers, school.numbers)
    assert asked >= READS_AND_WRITES * EXAMPLES
    assert Enrolment.objects.filter(person=school.person).exists()
    assert not Certificate.objects.exists()


def ask(operation, mode, headers, numbers) -> int:
    """Send the examples of one operation; returns how many."""
    answers = []

    @seed(SEED)
    @quick
    @given(case=operation.as_strategy(generation_mode=mode), real=strategies.booleans())
    def each(case, real):
        if real:
            use_real_numbers(case, numbers)
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)
        answers.append(answer.status_code)

    try:
        each()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # there is nothing that one could get wrong
    return len(answers)


def use_real_numbers(case, numbers) -> None:
    """Let a request reach a record that there is, where it would rather make one up."""
    path = case.operation.path
    for kind, number in numbers.items():
        if f"/{kind}/" in path and case.path_parameters:
            name = "number" if "number" in case.path_parameters else next(iter(case.path_parameters))
            case.path_parameters[name] = number
            case.path_parameters |= {"site": "mst"} if "site" in case.path_parameters else {}
    for name, value in (("run", numbers["runs"]), ("version", 1)):
        if isinstance(case.body, dict) and name in case.body:
            case.body[name] = value
