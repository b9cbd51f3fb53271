"""Turns a drawn screen into the bytes a phone would have made: PNG, JPEG with its data, HEIC, or a printed PDF."""

import io
from datetime import datetime

import pillow_heif
from PIL import Image, ImageDraw, ImageFilter
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

# TIFF and EXIF tags by number, as the EXIF standard lists them.
_MAKE, _MODEL, _SOFTWARE, _DATE, _EXIF_IFD, _TAKEN = 0x010F, 0x0110, 0x0131, 0x0132, 0x8769, 0x9003


def as_png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=4)
    return out.getvalue()


def _camera_data(taken: datetime) -> Image.Exif:
    """What a camera writes into a file, and what the viewing copy must lose: maker, model and the time it was taken."""
    exif = Image.Exif()
    stamp = taken.strftime("%Y:%m:%d %H:%M:%S")
    exif[_MAKE], exif[_MODEL], exif[_SOFTWARE], exif[_DATE] = "Fennel", "Fennel Nine", "FennelOS 4", stamp
    exif.get_ifd(_EXIF_IFD)[_TAKEN] = stamp
    return exif


def as_jpeg(image: Image.Image, taken: datetime) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=86, exif=_camera_data(taken).tobytes())
    return out.getvalue()


def as_heic(image: Image.Image, taken: datetime) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(
        out, quality=70, exif=_camera_data(taken).tobytes(), enc_params={"preset": "ultrafast"}
    )
    return out.getvalue()


def photographed(image: Image.Image) -> Image.Image:
    """The screen as a second phone's photo shows it: on a table, a little askew, with a dark rim and uneven light."""
    wide, tall = 1512, 2016
    table = Image.new("RGB", (wide, tall))
    pen = ImageDraw.Draw(table)
    for plank in range(6):
        shade = (150 + plank * 7 % 18, 112 + plank * 5 % 14, 78 + plank * 9 % 12)
        pen.rectangle((plank * 252, 0, plank * 252 + 249, tall), fill=shade)
    screen_tall = 1720
    screen_wide = round(image.width * screen_tall / image.height)
    rim = Image.new("RGBA", (screen_wide + 76, screen_tall + 120), (0, 0, 0, 0))
    ImageDraw.Draw(rim).rounded_rectangle((0, 0, rim.width - 1, rim.height - 1), radius=90, fill=(20, 20, 22, 255))
    rim.paste(image.resize((screen_wide, screen_tall), Image.Resampling.LANCZOS), (38, 60))
    turned = rim.rotate(2.6, Image.Resampling.BICUBIC, expand=True)
    spot = ((wide - turned.width) // 2, (tall - turned.height) // 2)
    shadow = Image.new("L", (wide, tall), 0)
    shadow.paste(turned.getchannel("A").point(lambda a: a // 2), (spot[0] + 26, spot[1] + 30))
    table.paste((24, 18, 12), mask=shadow.filter(ImageFilter.GaussianBlur(22)))
    table.paste(turned, spot, turned)
    light = Image.linear_gradient("L").resize((wide, tall)).rotate(180).point(lambda v: v // 6)
    table.paste((255, 246, 224), mask=light)
    return table.filter(ImageFilter.GaussianBlur(0.8))


def as_pdf(heading: str, paragraphs: tuple[str, ...]) -> bytes:
    """A printed e-mail or statement as a PDF; `invariant` leaves out the clock, so the same words give the same bytes."""
    out = io.BytesIO()
    page = Canvas(out, pagesize=A4, invariant=1)
    page.setTitle("Printed message")
    y = A4[1] - 30 * mm
    page.setFont("Helvetica-Bold", 14)
    page.drawString(22 * mm, y, heading)
    page.line(22 * mm, y - 4 * mm, A4[0] - 22 * mm, y - 4 * mm)
    y -= 14 * mm
    page.setFont("Helvetica", 11)
    for paragraph in paragraphs:
        for row in simpleSplit(paragraph, "Helvetica", 11, A4[0] - 44 * mm):
            page.drawString(22 * mm, y, row)
            y -= 5.6 * mm
        y -= 3 * mm
    page.save()
    return out.getvalue()
