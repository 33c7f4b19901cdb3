"""Named bodies, firms, places, persons, programmes, honours and documents."""

from jixiao.entities.find import find_entities
from jixiao.entities.names import Name
from jixiao.entities.publish import full_names, publish_entities

__all__ = ["Name", "find_entities", "full_names", "publish_entities"]
