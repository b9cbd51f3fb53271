"""What makes a PDF readable aloud: a canvas that keeps the structure of what is drawn on it, after PDF/UA-1."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import (
    LinkAnnotation,
    PDFArray,
    PDFDictionary,
    PDFName,
    PDFObjectReference,
    PDFStream,
    PDFString,
)
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

VERSION = (1, 7)
_TABLE_ATTRIBUTES = ("Scope",)
_LAYOUT_ATTRIBUTES = ("BBox", "Placement")
_LIST_ATTRIBUTES = ("ListNumbering",)
_OWNED = {"Table": _TABLE_ATTRIBUTES, "Layout": _LAYOUT_ATTRIBUTES, "List": _LIST_ATTRIBUTES}


@dataclass(eq=False)
class Element:
    """A node of the structure tree: P, H1, L, Table, Figure and so on, in the order in which it is read."""

    kind: str
    attributes: dict[str, Any] = field(default_factory=dict)
    kids: list["Element | Mark | Annotated"] = field(default_factory=list)

    def add(self, kind: str, **attributes: Any) -> "Element":
        """A new last child."""
        child = Element(kind, attributes)
        self.kids.append(child)
        return child


@dataclass(frozen=True)
class Mark:
    """A piece of a page's content: the page counted from 0, and its number there."""

    page: int
    number: int


@dataclass(frozen=True)
class Annotated:
    """An annotation of a page, as links have: its name among the objects."""

    page: int
    name: str
    number: int  # in the parent tree


class _Link(LinkAnnotation):  # type: ignore[misc]  # the library is untyped
    permitted = (*LinkAnnotation.permitted, "StructParent")


class _Spaced(PDFTextObject):  # type: ignore[misc]
    """Ends every line of a paragraph with a space, or the words on either side would be read as one."""

    def _textOut(self, text: Any, TStar: int = 0) -> None:
        super()._textOut(text + (b" " if isinstance(text, bytes) else " ") if TStar and text else text, TStar)


class TaggedCanvas(Canvas):  # type: ignore[misc]
    """Whatever is drawn on it stands in a marked piece of an element, or in an artifact: furniture that is not read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, pdfVersion=VERSION)
        self.language: str = kwargs["lang"]
        self.root = Element("Document")
        self.marks: list[list[Element]] = [[]]
        self.links: list[tuple[Annotated, Element]] = []
        self.inside = False  # a marked piece or an artifact

    @contextmanager
    def marked(self, element: Element) -> Iterator[None]:
        """Everything drawn within is a piece of `element`."""
        here = self.marks[-1]
        element.kids.append(Mark(len(self.marks) - 1, len(here)))
        here.append(element)
        with self._between(f"/{element.kind} <</MCID {len(here) - 1}>> BDC"):
            yield

    @contextmanager
    def artifact(self, kind: str = "Layout") -> Iterator[None]:
        """Everything drawn within is not read. Within a marked piece or an artifact it stays a part of that."""
        if self.inside:
            yield
        else:
            with self._between(f"/Artifact <</Type /{kind}>> BDC"):
                yield

    @contextmanager
    def _between(self, opening: str) -> Iterator[None]:
        if self.inside:
            raise RuntimeError("A marked piece can't hold another.")
        self._code.append(opening)
        self.inside = True
        yield
        self._code.append("EMC")
        self.inside = False

    def link(self, element: Element, words: str, destination: str, rect: tuple[float, float, float, float]) -> None:
        """Make an area lead to a place in the document; `words` are read for it."""
        number = 1000 + len(self.links)  # behind every page in the parent tree
        to = self._bookmarkReference(destination)
        self._addAnnotation(_Link(list(rect), words, to, Border="[0 0 0]", StructParent=number))
        name = f"NUMBER{self._annotationCount}"
        annotated = Annotated(len(self.marks) - 1, name, number)
        element.kids.append(annotated)
        self.links.append((annotated, element))

    def beginText(self, x: float = 0, y: float = 0, **more: Any) -> _Spaced:
        return _Spaced(self, x, y, **more)

    def showPage(self) -> None:
        super().showPage()
        page = self._doc.Pages.pages[-1]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = len(self.marks) - 1, PDFName("S")
        self.marks.append([])

    def save(self) -> None:
        if self._code:
            self.showPage()
        _Writer(self).write()
        super().save()


class _Writer:
    """Puts the structure into the document when all pages are drawn."""

    def __init__(self, canvas: TaggedCanvas) -> None:
        self.canvas, self.document = canvas, canvas._doc
        self.names: dict[Element, str] = {}

    def write(self) -> None:
        catalog = self.document.Catalog
        self._name(self.canvas.root)
        root = PDFDictionary(
            {
                "Type": PDFName("StructTreeRoot"),
                "K": PDFArray([self._reference(self.canvas.root)]),
                "ParentTree": self.document.Reference(self._parents(), "StructParents"),
                "ParentTreeNextKey": 1000 + len(self.canvas.links),
            }
        )
        self._put(self.canvas.root, "StructRoot")
        catalog.StructTreeRoot = self.document.Reference(root, "StructRoot")
        catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        catalog.Metadata = self._metadata()

    def _name(self, element: Element) -> None:
        self.names[element] = f"Struct{len(self.names)}"
        for kid in element.kids:
            if isinstance(kid, Element):
                self._name(kid)

    def _reference(self, element: Element) -> PDFObjectReference:
        return PDFObjectReference(self.names[element])

    def _put(self, element: Element, parent: str) -> None:
        made: dict[str, Any] = {
            "Type": PDFName("StructElem"),
            "S": PDFName(element.kind),
            "P": PDFObjectReference(parent),
            "K": PDFArray([self._kid(kid) for kid in element.kids]),
        }
        for name, value in element.attributes.items():
            if not any(name in owned for owned in _OWNED.values()):
                made[name] = PDFString(value)
        if owned := self._owned(element):
            made["A"] = owned
        self.document.Reference(PDFDictionary(made), self.names[element])
        for kid in element.kids:
            if isinstance(kid, Element):
                self._put(kid, self.names[element])

    def _owned(self, element: Element) -> PDFDictionary | None:
        """Attributes that belong to an owner: a heading's scope, a figure's place, how a list is numbered."""
        for owner, names in _OWNED.items():
            held = {name: element.attributes[name] for name in names if name in element.attributes}
            if held:
                values = {
                    name: PDFArray(value) if isinstance(value, list) else PDFName(value) for name, value in held.items()
                }
                return PDFDictionary({"O": PDFName(owner), **values})
        return None

    def _kid(self, kid: "Element | Mark | Annotated") -> Any:
        if isinstance(kid, Element):
            return self._reference(kid)
        page = PDFObjectReference(f"Page{kid.page + 1}")
        if isinstance(kid, Mark):
            return PDFDictionary({"Type": PDFName("MCR"), "Pg": page, "MCID": kid.number})
        annotation = self.document.refAnnotation(kid.name)
        return PDFDictionary({"Type": PDFName("OBJR"), "Pg": page, "Obj": annotation})

    def _parents(self) -> PDFDictionary:
        """From each piece of a page, and from each link, back to its element."""
        numbers: list[Any] = []
        for page, elements in enumerate(self.canvas.marks[:-1]):
            numbers += [page, PDFArray([self._reference(element) for element in elements])]
        for annotated, element in self.canvas.links:
            numbers += [annotated.number, self._reference(element)]
        return PDFDictionary({"Nums": PDFArray(numbers)})

    def _metadata(self) -> PDFStream:
        title = escape(str(self.document.info.title))
        return PDFStream(
            PDFDictionary({"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}),
            _XMP.format(title=title, language=self.canvas.language).encode(),
        )


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
