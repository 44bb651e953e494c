"""Makes the fixtures of Tests/PixelsTests: Pillow's bicubic in floating point, and small photos of every format.

Needs: pip install pillow==13.0.0 numpy==2.4.6 pillow-heif. Run: python3 Scripts/golden/pixels.py
"""
import io
import json
import pathlib
import struct

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

FOLDER = pathlib.Path(__file__).parents[2] / "Tests/PixelsTests/Fixtures"


def pattern(width, height):
    """The test pattern that TestPattern.swift makes too."""
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    return ((x * 37 + y * 91 + c * 53 + x * y * 7) % 251).astype(np.uint8)


def resizes():
    cases = []
    for source, target in [((24, 17), (31, 23)), ((24, 17), (7, 5)), ((24, 17), (24, 30)),
                           ((5, 3), (16, 2)), ((1, 1), (4, 3)), ((30, 2), (11, 9))]:
        for kernel, name in [(Image.BICUBIC, "bicubic"), (Image.BILINEAR, "bilinear"),
                             (Image.BOX, "box")]:
            image = pattern(*source).astype(np.float32)
            bands = [np.asarray(Image.fromarray(image[..., c]).resize(target, kernel))
                     for c in range(3)]
            values = np.stack(bands, -1).reshape(-1)
            cases.append({"from": source, "to": target, "kernel": name,
                          "values": [round(float(v), 2) for v in values]})
    (FOLDER / "resizes.json").write_text(json.dumps(cases, separators=(",", ":")))


def s15(value):
    return struct.pack(">i", round(value * 65536))


def xyz(*values):
    return b"XYZ \0\0\0\0" + b"".join(s15(v) for v in values)


def profile(name, red, green, blue):
    """A version 2 matrix profile with the sRGB transfer curve, sampled at 1024 points."""
    steps = np.arange(1024) / 1023
    linear = np.where(steps <= 0.04045, steps / 12.92, ((steps + 0.055) / 1.055) ** 2.4)
    curve = b"curv\0\0\0\0" + struct.pack(">I", 1024)
    curve += struct.pack(">1024H", *np.round(linear * 65535).astype(int))
    text = name.encode() + b"\0"
    desc = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + b"\0" * 78
    tags = [(b"desc", desc), (b"wtpt", xyz(0.9642, 1, 0.8249)), (b"rXYZ", xyz(*red)),
            (b"gXYZ", xyz(*green)), (b"bXYZ", xyz(*blue)), (b"rTRC", curve), (b"gTRC", curve),
            (b"bTRC", curve)]
    table, body = struct.pack(">I", len(tags)), b""
    for tag, data in tags:
        data += b"\0" * (-len(data) % 4)
        table += tag + struct.pack(">II", 128 + 4 + 12 * len(tags) + len(body), len(data))
        body += data
    header = struct.pack(">I4sI4s4s4s", 128 + len(table) + len(body), b"none", 0x02400000,
                         b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    header += s15(0.9642) + s15(1) + s15(0.8249)
    return header.ljust(128, b"\0") + table + body


# Colourants adapted to D50, from the primaries of Display P3 (SMPTE EG 432-1, D65).
DISPLAY_P3 = profile("Display P3", (0.515102, 0.241182, -0.001050),
                     (0.291965, 0.692236, 0.041882), (0.157153, 0.066582, 0.784378))


def photos():
    base = Image.fromarray(pattern(48, 32))
    smooth = Image.fromarray(np.stack(np.broadcast_arrays(
        np.arange(48)[None, :] * 5, np.arange(32)[:, None] * 7, 128), -1).astype(np.uint8))
    for value in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = value
        exif[0x010F] = "Vernier (test)"
        exif[0x0110] = "Model, one"
        smooth.save(FOLDER / f"orientation{value}.jpg", quality=100, subsampling=0, exif=exif)
    smooth.save(FOLDER / "plain.jpg", quality=95)
    base.save(FOLDER / "plain.png")
    base.save(FOLDER / "plain.tif")
    base.save(FOLDER / "plain.webp", lossless=True)
    base.save(FOLDER / "plain.jp2", irreversible=False)
    base.save(FOLDER / "plain.j2k", irreversible=False)
    smooth.save(FOLDER / "plain.avif", quality=90)
    pillow_heif.from_pillow(smooth.resize((96, 64))).save(FOLDER / "plain.heic", quality=90)
    base.save(FOLDER / "p3.png", icc_profile=DISPLAY_P3)
    smooth.save(FOLDER / "p3.jpg", quality=100, subsampling=0, icc_profile=DISPLAY_P3)
    smooth.save(FOLDER / "broken-profile.jpg", quality=100, icc_profile=DISPLAY_P3[:200])
    base.save(FOLDER / "broken-profile.png", icc_profile=b"\0\0\2\0not a profile" * 16)
    scrambled = bytearray(DISPLAY_P3)
    scrambled[132:136] = b"zzzz"
    for offset in range(132 + 24, 132 + 12 * 8, 12):
        scrambled[offset:offset + 4] = b"qqqq"
    smooth.save(FOLDER / "useless-profile.jpg", quality=100, icc_profile=bytes(scrambled))
    base.convert("L").save(FOLDER / "grey.png")
    base.convert("L").save(FOLDER / "grey.jpg", quality=100)
    alpha = Image.fromarray(np.tile(np.arange(48, dtype=np.uint8) * 5, (32, 1)))
    rgba = base.copy()
    rgba.putalpha(alpha)
    rgba.save(FOLDER / "alpha.png")
    opaque = base.copy()
    opaque.putalpha(255)
    opaque.save(FOLDER / "p3-opaque.png", icc_profile=DISPLAY_P3)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    base.save(FOLDER / "srgb.png", icc_profile=srgb)
    smooth.convert("CMYK").save(FOLDER / "cmyk.jpg", quality=100)
    base.quantize(16).save(FOLDER / "palette.png")
    smooth.save(FOLDER / "progressive.jpg", quality=95, progressive=True)


def sixteen_bits():
    """A 16-bit RGB PNG, written by hand: Pillow can't."""
    import zlib
    y, x, c = np.mgrid[0:8, 0:64, 0:3]
    values = ((x * 1021 + y * 257 + c * 4099) % 65536).astype(">u2")
    rows = b"".join(b"\0" + row.tobytes() for row in values)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 64, 8, 16, 2, 0, 0, 0)
    (FOLDER / "sixteen.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b""))
    name = b"Display P3\0\0" + zlib.compress(DISPLAY_P3, 9)
    (FOLDER / "p3-sixteen.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"iCCP", name)
        + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))
    bomb = struct.pack(">IIBBBBB", 100000, 100000, 8, 2, 0, 0, 0)
    (FOLDER / "bomb.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bomb)
        + chunk(b"IDAT", zlib.compress(b"\0" * 300000, 9)) + chunk(b"IEND", b""))


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    resizes()
    photos()
    sixteen_bits()
