"""What the production server serves: `gunicorn wsgi:app`."""

from config import Config
from incidents import create_app

app = create_app(Config.from_environment())
