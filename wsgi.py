"""The web server's way in."""

from webapp import create_app

app = create_app()
