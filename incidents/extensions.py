"""The shared objects, made here and bound to an application later; imports nothing of ours but the row types."""

from typing import TYPE_CHECKING

from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from incidents.rows import Row

db = SQLAlchemy(model_class=Row, session_options={"expire_on_commit": False})
if TYPE_CHECKING:
    Model = Row
else:
    Model = db.Model
login_manager = LoginManager()
csrf = CSRFProtect()
