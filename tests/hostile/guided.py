"""Looks for input that takes new ways through the code: `python -m tests.hostile.guided TARGET SECONDS FOLDER`.

Ends with another code than 0 where an input is a finding, and says
which; the folder gets the seeds, and what took new ways.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["jobs", "webapp"]):
    from tests.hostile.mutating import LONGEST, TARGETS

#: Bytes of an input, at most: the largest seed is an archive of ten thousand.
LARGEST = 40_000


def main(target: str, seconds: str, folder: str) -> None:
    bears, seeds = TARGETS[target]
    for number, seed in enumerate(seeds()):
        (Path(folder) / f"seed-{number}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", f"-timeout={LONGEST}", f"-max_len={LARGEST}",
               f"-artifact_prefix={folder}/", "-print_final_stats=1"]  # fmt: skip
    atheris.Setup([sys.argv[0], folder, *options], bears)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
