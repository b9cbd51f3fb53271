"""What each role is called in the school: the office has another name in another nation."""

from collections.abc import Mapping

from incidents.access import ROLE_LABELS, Role
from incidents.schools.queries import pack_of, this_school

# Roles that are offices of the school, with the word that a pack has for them.
_OFFICES: Mapping[Role, str] = {
    Role.HEADTEACHER: "{headteacher}",
    Role.CASE_MANAGER: "manager of cases about the {headteacher}",
    Role.CHAIR: "{chair}",
    Role.VICE_CHAIR: "vice-{chair}",
    Role.GOVERNOR: "{governor}",
    Role.CLERK: "{clerk}",
}


def role_label(role: Role) -> str:
    """As it stands after a name: "Principal" in Northern Ireland, where elsewhere it is "Headteacher"."""
    if role not in _OFFICES:
        return ROLE_LABELS[role]
    said = _OFFICES[role].format(**{key: word.says for key, word in pack_of(this_school()).words.items()})
    return said[:1].upper() + said[1:]
