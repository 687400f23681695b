"""TEST DOUBLE of a container engine: what docker and podman are asked to do by this project, with a
"container" that is a process of the host in a session of its own, as the daemon would have it.

engine.json beside it says how it behaves; every call is written to engine-calls.jsonl. Options that
the double does not know are refused, so that a test sees every one.
"""
import csv
import io
import json
import os
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CONTAINERS = os.path.join(HERE, "containers")


def fail(text, code=125):
    print(text, file=sys.stderr, flush=True)
    sys.exit(code)


def config():
    with open(os.path.join(HERE, "engine.json"), encoding="utf-8") as file:
        return json.load(file)


def fields_of(mount):
    fields = next(csv.reader(io.StringIO(mount, newline="")))
    return dict(field.split("=", 1) for field in fields)


def record(name):
    return os.path.join(CONTAINERS, name)


def remove(name):
    try:
        with open(record(name), encoding="utf-8") as file:
            os.killpg(int(file.read()), signal.SIGKILL)
    except (OSError, ValueError):
        pass
    try:
        os.unlink(record(name))
    except OSError:
        return False
    return True


def run(arguments):
    valued = {"--name", "--user", "--userns", "--security-opt", "--mount", "--workdir", "--env",
              "--pull", "--gpus"}
    given, environment, rest = {}, {}, list(arguments)
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option in ("--rm", "--interactive"):
            given[option] = True
        elif option == "--env":
            name, value = rest.pop(0).split("=", 1)
            environment[name] = value
        elif option in valued:
            given[option] = rest.pop(0)
        else:
            fail(f"unknown flag: {option}")
    image, command = rest[0], rest[1:]
    if image not in config()["images"]:
        fail(f"Unable to find image '{image}' locally")
    if "--gpus" in given and not config().get("gpu"):
        fail("could not select device driver \"\" with capabilities: [[gpu]]")
    name = given.get("--name", f"unnamed-{os.getpid()}")
    if os.path.exists(record(name)):
        fail(f"Conflict. The container name \"/{name}\" is already in use")
    if command[0] not in config()["pythons"]:
        fail(f"exec: \"{command[0]}\": no such file or directory", 127)
    source = fields_of(given["--mount"])["source"] if "--mount" in given else None

    def mapped(text):
        return source + text[4:] if source and (text + "/").startswith("/job/") else text
    folder = mapped(given.get("--workdir", "/"))
    # The container has nothing of the caller's environment.
    variables = {"PATH": os.environ["PATH"]}
    variables.update({key: mapped(value) for key, value in environment.items()})
    # As with a daemon: a container is either known by its name or was never started.
    terminate = [signal.SIGTERM]
    signal.pthread_sigmask(signal.SIG_BLOCK, terminate)
    child = subprocess.Popen([config()["python"]] + [mapped(word) for word in command[1:]],
                             env=variables, cwd=folder, start_new_session=True,
                             preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK,
                                                                       terminate),
                             stdin=sys.stdin if "--interactive" in given else subprocess.DEVNULL)
    os.makedirs(CONTAINERS, exist_ok=True)
    with open(record(name), "w", encoding="utf-8") as file:
        file.write(str(child.pid))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, terminate)
    code = child.wait()
    if "--rm" in given:
        remove(name)
    sys.exit(128 - code if code < 0 else code)


def main():
    with open(os.path.join(HERE, "engine-calls.jsonl"), "a", encoding="utf-8") as file:
        file.write(json.dumps(sys.argv[1:]) + "\n")
    settings = config()
    verb = sys.argv[1]
    if settings.get("trouble"):
        fail(settings["trouble"], 1)
    if verb == "info":
        rootless = settings.get("rootless", False)
        if sys.argv[3] == "json":
            print(json.dumps({"host": {"security": {"rootless": rootless}},
                              "version": {"Version": "4.3.1"}}))
        else:
            print(json.dumps({"ServerVersion": "27.0.1",
                              "SecurityOptions": ["name=seccomp"] +
                              (["name=rootless"] if rootless else [])}))
    elif verb == "images":
        print("\n".join(settings["images"] + ["debian:12", "<none>:<none>"]))
    elif verb == "image" and sys.argv[2] == "inspect":
        if sys.argv[-1] not in settings["images"]:
            fail(f"Error: No such image: {sys.argv[-1]}", 1)
        print("sha256:0123456789abcdef")
    elif verb == "run":
        run(sys.argv[2:])
    elif verb == "rm":
        if not remove(sys.argv[-1]):
            fail(f"Error: No such container: {sys.argv[-1]}", 1)
        print(sys.argv[-1])
    else:
        fail(f"unknown command: {verb}", 1)


main()
