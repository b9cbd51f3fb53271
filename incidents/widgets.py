"""How the fields of our forms are drawn: by the design system's widgets, in our look."""

from collections.abc import Mapping
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCharacterCount, GovDateInput, GovRadioInput
from markupsafe import Markup
from wtforms import Field

PARTS = ("day", "month", "year")
BOXES, SELECT = "fields/boxes.html", "fields/select.html"  # templates of ours

Params = dict[str, Any]


def _dressed(params: Params, field: Field) -> Params:
    """What all our fields add to the design system's parameters: bold labels, and the hint's and control's classes."""
    look = getattr(field, "look", {})
    if "fieldset" in params:
        params["fieldset"]["legend"]["classes"] = "govuk-fieldset__legend--s"
    elif "label" in params:
        params["label"]["classes"] = "govuk-label--s"
    params.get("attributes", {}).pop("required", None)
    params.update({key: value for key, value in look.items() if value})
    if not field.description:
        params["hint"] = None
    return params


def drawn_by(library: type[Any], template: str = "", **more: str) -> Any:
    """One of the library's widgets, in our look. With a template of ours where there are many lines or boxes: over each of
    them the library's takes as long as a statement takes."""

    class Ours(library):  # type: ignore[misc]  # the libraries have no types
        def map_gov_params(self, field: Field, **kwargs: Any) -> Params:
            return _dressed(super().map_gov_params(field, **kwargs), field) | more

    if template:
        Ours.template = template
    return Ours()


class CountedTextWidget(GovCharacterCount):  # type: ignore[misc]
    """Several lines of text with a count of what is left."""

    def map_gov_params(self, field: Field, **kwargs: Any) -> Params:
        """As the design system draws it, with our look and the field's own limit."""
        params = _dressed(super().map_gov_params(field, **kwargs), field)
        params["maxlength"] = field.longest  # type: ignore[attr-defined]  # only our own text fields are drawn so
        return params


class ChoiceWidget(GovRadioInput):  # type: ignore[misc]
    """Radios as boxes to press, each with a few words under it where that helps."""

    template = BOXES

    def map_gov_params(self, field: Field, **kwargs: Any) -> Params:
        """In boxes; the second words stand inside the label so that they can be pressed too."""
        params = _dressed(super().map_gov_params(field, **kwargs), field) | {"boxes": "radios"}
        second: Mapping[str, str] = getattr(field, "second_words", {})
        for item in params["items"]:
            if item["value"] in second:
                item["html"] = Markup('{}<span class="ib-sub">{}</span>').format(item["text"], second[item["value"]])
        return params


class DateWidget(GovDateInput):  # type: ignore[misc]
    """Day, month and year, exactly as they were typed, however many parts came."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> Params:  # noqa: ARG002  # nothing but the field is needed
        """The library's own mapping needs exactly three parts, and marks all three as wrong; ours needs neither."""
        params: Params = {
            "id": field.id,
            "fieldset": {"legend": {"text": field.label.text}},
            "hint": {"text": field.description},
            "items": [
                {
                    "label": part.capitalize(),
                    "id": f"{field.id}-{part}",
                    "name": field.name,
                    "value": value,
                    "classes": f"govuk-input--width-{4 if part == 'year' else 2}"
                    + (" govuk-input--error" if field.errors and part in field.wrong_parts else ""),
                }
                for part, value in zip(PARTS, field.typed, strict=True)
            ],
        }
        if field.errors:
            params["errorMessage"] = {"text": field.errors[0]}
        return _dressed(params, field)
