"""The picture of the logo. Which one counts says the setting `logo`, by its mark."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Model


class SiteLogo(Model):
    __tablename__ = "site_logo"

    #: The beginning of the SHA-256 of its bytes.
    mark: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    #: Its type as told by its bytes: "image/png".
    type: Mapped[str] = mapped_column(sa.String(30))
    body: Mapped[bytes] = mapped_column(sa.LargeBinary)
