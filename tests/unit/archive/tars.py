"""Makes tar.gz files of any kind of entry, honest or not."""

import gzip
import io
import tarfile

from tests.archives import add_to_tar

MANIFEST = ("moodle_backup.xml", b"<moodle_backup/>")


def tar_of(*entries, tar_format=tarfile.USTAR_FORMAT, tail=b""):
    """Pack entries, each a name and bytes or a TarInfo alone, after a manifest; return the tar.gz."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tar_format) as tar:
        for entry in (MANIFEST, *entries):
            if isinstance(entry, tarfile.TarInfo):
                tar.addfile(entry)
            else:
                add_to_tar(tar, *entry)
    return gzip.compress(out.getvalue() + tail)


def entry(name, kind, **fields):
    info = tarfile.TarInfo(name)
    info.type = kind
    for key, value in fields.items():
        setattr(info, key, value)
    return info
