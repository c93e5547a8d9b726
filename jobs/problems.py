"""What can go wrong with a job, in words that a teacher can act on."""


class JobProblem(Exception):
    """The job can't go on. Its text is shown to the person who asked, as it stands."""


class JobRefused(JobProblem):
    """The job is not taken on, or what it has made is not kept: the person or the site has reached a limit."""


class ArchiveProblem(JobProblem):
    """The file is not a backup that can be read. Says what is wrong and what to do.

    `entry` is the name inside the archive that the problem is about, if there is one;
    `limit` the name of the limit that was passed, if it is about a limit.
    """

    def __init__(self, message: str, *, entry: str | None = None, limit: str | None = None) -> None:
        super().__init__(message)
        self.entry = entry
        self.limit = limit


class JobCancelled(Exception):
    """The person, or an admin, asked for the job to stop."""


class JobHandedBack(Exception):
    """This process has to stop, or other work goes first; the job goes back in line."""


class ClaimLost(Exception):
    """The job was given to another worker meanwhile; nothing more may be written for it here."""
