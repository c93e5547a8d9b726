"""`python -m tests.conformance FOLDER [PAGE]`: exit code 1 if an archive lost something that it had."""

import sys
import tempfile
from pathlib import Path

from tests.conformance.page import page
from tests.conformance.trying import try_archive
from tests.factories import make_admin
from webapp import create_app
from webapp.extensions import db


def main(folder, out="docs/conformance.md"):
    archives = sorted(Path(folder).glob("*.mbz"))
    if not archives:
        print(f"There is no .mbz in {folder}.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="conformance-") as instance:
        app = create_app(INSTANCE=Path(instance), TESTING=True)
        with app.app_context():
            db.create_all()
            trials = [_tried(path, make_admin()) for path in archives]
    Path(out).write_text(page(trials), encoding="utf-8")
    return 0 if all(trial.is_complete for trial in trials) else 1


def _tried(path, user):
    trial = try_archive(path, user)
    print(f"{path.name}: {'whole' if trial.is_complete else 'not whole'}", flush=True)
    return trial


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
