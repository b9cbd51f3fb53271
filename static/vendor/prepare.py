"""Make our copy of govuk-frontend from the published package: `python static/vendor/prepare.py govuk-frontend-6.3.0.tgz`."""

import re
import sys
import tarfile
from pathlib import Path

VERSION = "6.3.0"
HERE = Path(__file__).parent / "govuk-frontend"

# What is changed in the style sheet: (what it is, how it is found, what stands there after, how often it must be found).
CHANGES = (
    ("the two @font-face rules, and the notice that belongs to that font",
     r'(?:/\*![^*]*Margaret Calvert[^*]*\*/)?@font-face\{[^}]*\}', "", 2),
    ("the font's name", r"font-family:GDS Transport,arial,sans-serif", "font-family:var(--ib-sans)", 55),
    ("the crest, as a picture", r"background-image:url\(/assets/images/govuk-crest\.svg\);", "", 1),
    ("the crest, as a mask",
     r"@supports \(\(-webkit-mask-position:initial\) or \(mask-position:initial\)\)"
     r"\{\.govuk-footer__copyright-logo:before\{[^}]*\}@media[^{]*\{[^{]*\{[^}]*\}\}\}", "", 1),
    ("the link to the source map", r"\s*/\*# sourceMappingURL=\S+ \*/", "", 1),
)


def changed(css: str) -> str:
    """The style sheet with each change made; stops if a change is not found exactly as often as it was for this version."""
    for what, pattern, instead, times in CHANGES:
        css, found = re.subn(pattern, instead, css)
        if found != times:
            sys.exit(f"Stopped: {what} was found {found} times, not {times}. Look at what the new version changed.")
    for word in ("GDS Transport", "url(", "crest"):
        if word in css:
            sys.exit(f"Stopped: “{word}” is still in the style sheet.")
    return css


def main(package: str) -> None:
    """Write the style sheet, the script and the version beside each other."""
    with tarfile.open(package) as tar:
        def text(name: str) -> str:
            member = tar.extractfile(f"package/dist/govuk/{name}")
            if member is None:
                sys.exit(f"Stopped: {name} is not in {package}.")
            return member.read().decode()

        css, script = text("govuk-frontend.min.css"), text("govuk-frontend.min.js")
    if f'version="{VERSION}"' not in script:
        sys.exit(f"Stopped: this is not version {VERSION}.")
    HERE.mkdir(exist_ok=True)
    (HERE / "govuk-frontend.min.css").write_text(changed(css))
    (HERE / "govuk-frontend.min.js").write_text(re.sub(r"\s*//# sourceMappingURL=\S+\s*$", "\n", script))
    (HERE / "VERSION").write_text(VERSION + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
