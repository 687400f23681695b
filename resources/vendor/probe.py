"""Says what this Python has of the vendor's compiler, as one line of JSON. Imports none of it: that
would take seconds and start TensorFlow."""
import importlib.util
import json
import platform
import sys
from importlib import metadata


def version(*names):
    for name in names:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            pass
    return None


def found(module):
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


packages = json.loads(sys.argv[1])
print("hefstudio-probe " + json.dumps({
    "python": platform.python_version(),
    "executable": sys.executable,
    "client": found(packages["client"]),
    "compiler": version(*packages["compiler"]),
    "zoo": version(*packages["zoo"]),
    "numpy": version("numpy"),
    "tkinter": found("tkinter"),
}))
