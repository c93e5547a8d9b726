"""How much of an archive is read before it is refused: what a file says of itself is a claim."""

from dataclasses import dataclass

MB = 1_000_000
GB = 1000 * MB
#: For pieces that are read at a time, where no person counts.
MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Bounds for one archive. A refusal names the field that was passed as its `limit`."""

    members: int = 200_000
    member_bytes: int = 8 * GB
    total_bytes: int = 64 * GB
    # Unpacked to packed. Small archives of plain XML pass it honestly, so it counts only beyond `ratio_from`.
    ratio: int = 200
    ratio_from: int = 64 * MB
    name_length: int = 1024
    xml_bytes: int = 2 * GB
    xml_depth: int = 200
    xml_text_bytes: int = 64 * MB
    xml_attributes: int = 64
    xml_elements: int = 50_000_000
    xml_names: int = 20_000
    # One record, or what is left of a document without its records: each is held in memory as a whole.
    xml_part_bytes: int = 256 * MB


DEFAULT_LIMITS = Limits()
