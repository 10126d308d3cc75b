"""Trying a Build.

A trial is a Course that the platform makes: it runs one Build with the ports, the profile and the
work folder of its Image, its only person is whoever tries, and it ends by itself. So everything
that a student's environment has (window, ports, credentials, SSH, logs, limits) is the same code
for a trial. `Course.is_trial` keeps it out of lists, counts and traces. What is written into its
work folder is not kept.
"""

from datetime import datetime
from uuid import UUID, uuid4

from mydocker_kit.contracts.builder.builds import BuildPhase, BuildStatus
from mydocker_kit.errors import Forbidden, NotFound
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import transaction

from ..composition.services import Services
from ..domain import policy
from ..domain.policy import Person
from ..domain.statuses import CourseStatus
from ..environments.window.service import start
from ..images.builds import check_build_is_usable
from ..models import Course, Image
from ..models.course import Lease, SubmissionRules, WindowOptions
from ..root_approvals.service import BuildNotPublished
from . import queries
from .schemas import BuildTrial

log = get_logger()


async def show(services: Services, person: Person, build_id: UUID) -> BuildTrial:
    """The person's trial of a Build that they may use."""
    async with transaction(services.sessions) as db:
        await check_build_is_usable(db, person, build_id)
        trial = await queries.trial_of(db, person.id, build_id)
        return _shown(services, trial)


async def begin(services: Services, person: Person, build_id: UUID, now: datetime) -> BuildTrial:
    """Start the person's trial of a Build; changes nothing while it is alive."""
    async with transaction(services.sessions) as db:
        await check_build_is_usable(db, person, build_id)
    if not policy.may_prepare_images(person):
        raise Forbidden("only teachers try builds")
    build = await services.clients.builder.get(build_id)
    if build.phase is not BuildPhase.SUCCEEDED:
        raise BuildNotPublished
    async with transaction(services.sessions) as db:
        trial = await queries.trial_of(db, person.id, build_id, lock=True)
        image = await db.get(Image, build.image_id)
        if image is None:
            raise NotFound(f"image {build.image_id}")
        if trial is None:
            trial = Course(id=uuid4(), owner_id=person.id, is_trial=True, created_at=now)
            db.add(trial)
        _put_on(trial, image, build, services.settings.trial_minutes, now)
        await db.flush()
        shown, course_id = _shown(services, trial), trial.id
    log.info("trial.asked", course=course_id, build=build_id)
    await start(services, person, course_id, now)
    return shown


def _shown(services: Services, trial: Course | None) -> BuildTrial:
    return BuildTrial(
        course_id=trial.id if trial else None, minutes=services.settings.trial_minutes
    )


def _put_on(trial: Course, image: Image, build: BuildStatus, minutes: int, now: datetime) -> None:
    """What runs: the Build, as a new Course of this Image would run it."""
    trial.title, trial.description = f"{image.title[:110]} · {build.number}", ""
    trial.status = CourseStatus.TEST
    trial.image_id, trial.build_id = image.id, build.id
    trial.build_number, trial.image_reference = build.number, build.reference
    trial.ports, trial.command, trial.profile = image.ports, "", image.profile
    trial.cpu = trial.memory_mib = trial.pool = trial.gpu = None
    trial.save_work, trial.work_path, trial.folder_mib = False, image.work_path, None
    trial.submissions, trial.window_options = SubmissionRules(), WindowOptions()
    trial.show_username = trial.show_password = True
    trial.lease, trial.max_environments = Lease(hard_limit_minutes=minutes), 1
    trial.updated_at, trial.updated_by = now, trial.owner_id
