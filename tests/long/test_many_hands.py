"""Several people ask, cancel and ask again; several workers take, stall, stop and die: in any order nothing is lost.

The work itself is the test's own. What it leads to is a row, so that one that was done twice or half would show.
"""

import itertools

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from jobs import presence, queue, recovery, runner
from jobs.engine import RUNNERS
from jobs.engine.outcome import Outcome, TryLater
from jobs.problems import JobProblem
from jobs.progress import Step, stopping
from jobs.runner import MOST_ATTEMPTS, run_claimed
from tests.factories import make_teacher
from tests.tables import report
from webapp.extensions import db
from webapp.models import ACTIVE, ArchiveFile, Job, JobKind, JobState, Message, User

pytestmark = pytest.mark.long

#: So many times people and workers begin anew.
GAMES = 60
#: How the work of one attempt ends.
ENDS = ("done", "done", "refused", "broken", "later", "stopped", "killed")
#: What happens while it goes on, before its last report of progress and after it.
EARLY, LATE = ("nothing", "nothing", "cancel", "heal", "ask", "stall"), ("nothing", "cancel", "stall")


class Killed(BaseException):
    """kill -9: nothing of the process runs on."""


class School(RuleBasedStateMachine):
    """What people and workers do, with the truth kept beside: which jobs there are, and who lives."""

    attempts = itertools.count()

    def __init__(self):
        super().__init__()
        self.workers, self.dead = itertools.count(1), set()
        self.name, self.jobs, self.plans = "w0", set(), []

    @initialize()
    def begin(self):
        self.people = [make_teacher(wants_mail=False).id for _ in range(2)]
        self.patch = pytest.MonkeyPatch()
        self.patch.setitem(RUNNERS, JobKind.COPY, self.work)
        self.patch.setattr(presence, "my_name", lambda _folder: self.name)
        self.patch.setattr(presence, "is_alive", lambda _folder, name: name not in self.dead)
        self.patch.setattr(runner, "WRITE_AGAIN", 0.0)
        for person, course in ((0, 1), (1, 1), (1, 2)):
            self.ask(person, course)

    @rule(person=st.integers(0, 1), course=st.integers(1, 2))
    def ask(self, person, course):
        user = db.session.get_one(User, self.people[person])
        job, is_new = queue.ask_for(JobKind.COPY, "course", course, user=user, title="Tides")
        assert is_new == (job.id not in self.jobs)
        self.jobs.add(job.id)

    @precondition(lambda self: self.jobs)
    @rule(which=st.integers(0, 9))
    def cancel(self, which):
        job_id = self.some(which)
        was_over = self.now(job_id).is_over
        assert queue.cancel(job_id) != was_over

    @precondition(lambda self: self.waiting())
    @rule(
        which=st.integers(0, 9), early=st.sampled_from(EARLY), late=st.sampled_from(LATE),
        end=st.sampled_from(ENDS),
    )  # fmt: skip
    def carry_out(self, which, early, late, end):
        """A new worker takes a job that waits."""
        next(School.attempts)
        waiting = self.waiting()
        self.attempt(waiting[which % len(waiting)], early, late, end)

    @precondition(lambda self: self.jobs)
    @rule(which=st.integers(0, 9))
    def hear_again(self, which):
        """A nudge comes twice, or too late."""
        self.attempt(self.some(which))

    @rule()
    def heal(self):
        recovery.Sweep().heal()

    @invariant()
    def all_is_as_it_should_be(self):
        db.session.rollback()
        for job_id in self.jobs:
            job = self.now(job_id)
            done = job.state == JobState.DONE
            assert self.effects(job_id) == done, f"{job.state} with {self.effects(job_id)} effects"
            told = db.session.query(Message).filter_by(job_id=job_id).count()
            assert told == (job.state in (JobState.DONE, JobState.FAILED)), (
                f"{job.state} with {told} messages"
            )
            assert job.attempts <= MOST_ATTEMPTS
            assert job.is_over == bool(job.finished_at)
            assert job.percent < 100 or done
        busy = sa.select(Job.user_id, Job.target_id).where(Job.id.in_(self.jobs), Job.state.in_(ACTIVE))
        active = db.session.execute(busy).all()
        assert len(active) == len(set(active))

    def teardown(self):
        """In the end every job is over, whatever went before."""
        if not hasattr(self, "patch"):
            return
        try:
            recovery.Sweep().heal()
            for job_id in self.jobs:
                self.attempt(job_id)
            assert all(self.now(job_id).is_over for job_id in self.jobs)
            self.all_is_as_it_should_be()
        finally:
            self.patch.undo()

    def attempt(self, job_id, early="nothing", late="nothing", end="done"):
        before, self.name = self.name, f"w{next(self.workers)}"
        self.plans.append((early, late, end))
        try:
            run_claimed(job_id)
        except Killed:
            self.dead.add(self.name)
        finally:
            self.plans.pop()
            self.name = before
            stopping.clear()

    def work(self, run):
        early, late, end = self.plans[-1]
        run.plan([Step("Copying", 100)])
        run.enter(1)
        self.disturb(run, early)
        run._told = float("-inf")  # so that the next report is looked at, however soon it comes
        if end == "stopped":
            stopping.set()
        run.advance(50)
        self.disturb(run, late)
        if end == "refused":
            raise JobProblem("The sea took it.")
        if end == "broken":
            raise RuntimeError("as nobody foresaw")
        if end == "later":
            raise TryLater("The other side is closed.", 0)
        if end == "killed":
            raise Killed
        row = {"origin": "upload", "owner_id": run.user_id, "filename": f"job {run.job_id}", "size": 1}
        return Outcome(apply=lambda session: session.add(ArchiveFile(**row)) or {})

    def disturb(self, run, meanwhile):
        if meanwhile == "cancel":
            queue.cancel(run.job_id)
        elif meanwhile == "heal":
            recovery.Sweep().heal()
        elif meanwhile == "ask":
            queue.ask_for(
                JobKind.COPY, "course", run.target_id, title="Tides",
                user=db.session.get_one(User, run.user_id),
            )  # fmt: skip
        elif meanwhile == "stall":
            self.have_it_done_by_another(run.job_id)

    def have_it_done_by_another(self, job_id):
        """A sweep takes this worker for dead, and another one does the job before it wakes up."""
        self.dead.add(self.name)
        recovery.Sweep().heal()
        self.attempt(job_id)

    def some(self, which):
        return sorted(self.jobs)[which % len(self.jobs)]

    def waiting(self):
        return [job_id for job_id in sorted(self.jobs) if self.now(job_id).state == JobState.QUEUED]

    def now(self, job_id):
        db.session.rollback()
        return db.session.get_one(Job, job_id, populate_existing=True)

    def effects(self, job_id):
        return db.session.query(ArchiveFile).filter_by(filename=f"job {job_id}").count()


def play(examples, steps):
    run_state_machine_as_test(
        School,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(1800)
def test_whatever_people_and_workers_do_each_job_has_one_end_and_one_effect(app, caplog):
    caplog.set_level("CRITICAL")
    School.attempts = itertools.count()

    play(examples=GAMES, steps=30)

    attempts = next(School.attempts)
    report("Many hands: people and workers in any order", games=GAMES, attempts=attempts,
           jobs=db.session.query(Job).count(), lost_or_twice=0)  # fmt: skip
    assert attempts > GAMES
