"""Where Piccolo looks (`PICCOLO_CONF=app.storage.piccolo_conf`): the rooms, and the open database.

The rooms are named by text, so that the storage imports none of them.
"""

from piccolo.conf.apps import AppRegistry

from app.storage import engine

APP_REGISTRY = AppRegistry([f"{room}.piccolo_app" for room in engine.ROOMS])


def __getattr__(name: str) -> engine.Engine:
    """Give `DB`, the database that is open now: Piccolo's machinery asks for it by this name."""
    if name == "DB":
        return engine.current()
    raise AttributeError(name)
