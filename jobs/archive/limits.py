"""How much of an archive is read before it is refused: what a file says of itself is a claim."""

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


@dataclass(frozen=True)
class Limits:
    """Bounds for one archive. A refusal names the field that was passed as its `limit`."""

    members: int = 200_000
    member_bytes: int = 8 * GIB
    total_bytes: int = 64 * GIB
    # Unpacked to packed. Small archives of plain XML pass it honestly, so it counts only beyond `ratio_from`.
    ratio: int = 200
    ratio_from: int = 64 * MIB
    name_length: int = 1024
    xml_bytes: int = 2 * GIB
    xml_depth: int = 200
    xml_text_bytes: int = 64 * MIB
    xml_attributes: int = 64
    xml_elements: int = 50_000_000
    xml_names: int = 20_000
    # One record, or what is left of a document without its records: each is held in memory as a whole.
    xml_part_bytes: int = 256 * MIB


DEFAULT_LIMITS = Limits()
