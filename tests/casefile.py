"""tests/casefile.py - writes conformance cases, as tests/casefile.h reads them."""
import math
import struct


def f32(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def strides(shape):
    return [math.prod(shape[i + 1:]) for i in range(len(shape))]


class T:
    """A tensor: shape, a flat list of doubles, an element type."""

    def __init__(self, shape, data, dtype="float32"):
        self.shape, self.data, self.dtype = list(shape), list(data), dtype
        assert len(self.data) == math.prod(shape), (shape, len(self.data))

    def __getitem__(self, at):
        return self.data[sum(i * s for i, s in zip(at, strides(self.shape)))]


class Folder:
    """The case files of one folder, written at the end."""

    def __init__(self, root, name):
        self.root, self.index, self.elements = root / name, {}, {}

    def case(self, file, op, keys, inputs, outputs):
        text, blob = self.index.setdefault(file, []), self.elements.setdefault(file, bytearray())
        number = sum(line.startswith("case") for line in text) + 1
        text += [f"case = {file}-o{number:02}", f"op = {op}"]
        text += [f"{key} = {' '.join(map(str, v)) if isinstance(v, (list, tuple)) else v}" for key, v in keys.items()]
        for role, tensors in (("in", inputs), ("out", outputs)):
            for name, t in tensors.items():
                code, letter = {"float32": ("<f4", "f"), "int32": ("<i4", "i"), "int64": ("<i8", "q")}[t.dtype]
                raw = struct.pack(f"<{len(t.data)}{letter}", *t.data)
                dims = "".join(f"{n}," for n in t.shape)
                head = f"{{'descr': '{code}', 'fortran_order': False, 'shape': ({dims}), }}"
                blob += b"\x93NUMPY\x01\x00" + struct.pack("<H", 118) + head.ljust(117).encode() + b"\n"
                offset = len(blob)
                blob += raw + bytes(-len(raw) % 64)
                if role == "out" and t.dtype == "float32":
                    most = max((abs(f32(v)) for v in t.data if math.isfinite(v)), default=0.0)
                    text.append(f"maxabs.{name} = {most:.9g}")
                text.append(f"tensor = {' '.join(map(str, (role, name, t.dtype, offset, len(t.shape), *t.shape)))}")
        text += ["end", ""]

    def write(self):
        self.root.mkdir(parents=True, exist_ok=True)
        for file, text in self.index.items():
            (self.root / f"{file}.txt").write_text("\n".join(text), encoding="ascii", newline="\n")
            (self.root / f"{file}.bin").write_bytes(self.elements[file])
