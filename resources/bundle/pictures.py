"""Pictures as the network sees them. Needs NumPy, and Pillow for anything but .npy files."""

import pathlib

import numpy as np

import model

SUFFIXES = {".npy", ".jpg", ".jpeg", ".png", ".bmp"}


def load(path):
    """uint8, height × width × channels: letterboxed, in the network's colour order. A .npy is
    taken as it is (one picture, with or without a batch axis)."""
    wanted = (model.INPUT_HEIGHT, model.INPUT_WIDTH, model.INPUT_CHANNELS)
    if pathlib.Path(path).suffix == ".npy":
        picture = np.load(path)
        return np.ascontiguousarray(picture.reshape(wanted).astype(np.uint8))
    from PIL import Image

    image = Image.open(path).convert("L" if model.INPUT_CHANNELS == 1 else "RGB")
    scale = min(wanted[1] / image.width, wanted[0] / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    resized = np.asarray(image.resize(size, Image.BILINEAR), dtype=np.uint8)
    resized = resized.reshape(size[1], size[0], -1)
    if model.COLOUR_ORDER == "bgr":
        resized = resized[:, :, ::-1]
    picture = np.full(wanted, 114, dtype=np.uint8)
    top, left = (wanted[0] - size[1]) // 2, (wanted[1] - size[0]) // 2
    picture[top : top + size[1], left : left + size[0]] = resized
    return picture


def listed(path):
    """The picture, or all pictures of a folder in the order of their names."""
    path = pathlib.Path(path)
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
    return [path]
