"""Takes every hostile archive to its end in a process of its own, and says how it ended, how fast, and how large.

    python -m tests.hostile.measuring FOLDER

One line of JSON for each: its name, "refused" or "restored", the sentence if it was refused, seconds, and the
most megabytes that the process held meanwhile, of which the program itself takes a hundred.
"""

import json
import os
import sys
import time
from pathlib import Path

from tests.factories import make_teacher
from tests.hostile.containers import CONTAINERS, MB, bomb, many, many_in_zip, nested, zip_bomb
from tests.hostile.documents import DOCUMENTS, floods, many_people, many_rows
from tests.running import answer, read_archive
from webapp import create_app
from webapp.extensions import db
from webapp.models import JobState

#: What takes its time to be made, too.
LARGE = {
    "tgz: a bomb of a gigabyte": (lambda: bomb(1000 * MB), None),
    "zip: a bomb of a gigabyte": (lambda: zip_bomb(1000 * MB), None),
    "tgz: 200,001 files": (lambda: many(200_001), None),
    "zip: 200,001 files": (lambda: many_in_zip(200_001), None),
    "tgz: archives in archives, ten deep": (lambda: nested(10), None),
    "10,000 people": (lambda: many_people(10_000), None),
    "one content 10,000 times": (lambda: many_rows(10_000), None),
    **{f"{name}, 10 MB": one for name, one in floods(10_000).items()},
}
EVERYTHING = CONTAINERS | DOCUMENTS | LARGE


def main(folder: str) -> None:
    app = create_app(INSTANCE=Path(folder), TESTING=True)
    with app.app_context():
        db.create_all()
        teacher = make_teacher()
        answer(
            read_archive(DOCUMENTS["a DOCTYPE in a page"][0](), teacher)
        )  # what is loaded at first counts for none
        for name, (make, _) in EVERYTHING.items():
            print(json.dumps(measured(name, make(), teacher)), flush=True)


def measured(name: str, content: bytes, teacher) -> dict[str, object]:
    Path(f"/proc/{os.getpid()}/clear_refs").write_text("5")
    began = time.monotonic()
    job = read_archive(content, teacher, filename=f"{time.monotonic_ns()}.mbz")
    if job.state == JobState.WAITING:
        job = answer(job)
    seconds, peak = time.monotonic() - began, _peak()
    end = "restored" if job.state in (JobState.DONE, JobState.WARNED) else "refused"
    return {
        "name": name,
        "end": end,
        "says": job.problem,
        "seconds": round(seconds, 2),
        "mb": round(peak / MB),
    }


def _peak() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main(*sys.argv[1:])
