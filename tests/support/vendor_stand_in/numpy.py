"""TEST DOUBLE of what the driver takes from numpy: the header of an .npy, nothing of its values."""
import ast
import zipfile

__version__ = "1.26.4"


class Array:
    def __init__(self, dtype, shape):
        self.dtype, self.shape = dtype, shape


def load(path, mmap_mode=None):
    with open(path, "rb") as file:
        assert file.read(6) == b"\x93NUMPY"
        major = file.read(2)[0]
        size = int.from_bytes(file.read(2 if major == 1 else 4), "little")
        header = ast.literal_eval(file.read(size).decode("latin1").strip())
    assert not header["fortran_order"]
    return Array(header["descr"], header["shape"])


def savez(path, **arrays):
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            archive.writestr(name + ".npy", repr(array.shape))
