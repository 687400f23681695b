#!/usr/bin/env bash
# Runs this job where the Dataflow Compiler is: in a Python environment or in a container image.
set -euo pipefail

usage="usage: ./run.sh --python PYTHON [--resume]
       ./run.sh --docker IMAGE [--image-python PYTHON] [--gpu] [--resume]
       ./run.sh --podman IMAGE [--image-python PYTHON] [--gpu] [--resume]

PYTHON is the interpreter of an environment with the compiler, such as venv/bin/python; inside of an
image it is python3 where --image-python does not say otherwise.
IMAGE is the vendor's suite as \"docker images\" names it."
folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P && printf x)
folder=${folder%$'\n'x} # a line end at the end of the name would be lost otherwise
engine='' target='' image_python=python3 gpu=() resume=()

while (($#)); do
    case $1 in
        --python | --docker | --podman | --image-python)
            [[ $# -ge 2 && -n $2 && $2 != -* ]] || { printf '%s\n' "$usage" >&2; exit 2; }
            if [[ $1 == --image-python ]]; then image_python=$2; else engine=${1#--} target=$2; fi
            shift 2
            ;;
        --gpu) gpu=(--gpus all); shift ;;
        --resume) resume=(--resume); shift ;;
        -h | --help) printf '%s\n' "$usage"; exit 0 ;;
        *) printf '%s\n' "$usage" >&2; exit 2 ;;
    esac
done
[[ -n $engine ]] || { printf '%s\n' "$usage" >&2; exit 2; }

mkdir -p "$folder/results/home" "$folder/results/tmp"
# Two runs in one folder would spoil each other; the compiler keeps the lock as long as it lives.
exec 3>>"$folder/results/.lock"
if command -v flock >/dev/null && ! flock --nonblock 3; then
    printf 'error: another run has this folder\n' >&2
    exit 1
fi
# The compiler's own check of the machine may ask whether to go on.
exec < <(for ((i = 0; i < 64; ++i)); do echo y; done)
if [[ $engine == python ]]; then
    # An inherited PYTHONPATH would mix another environment's packages in.
    exec env -u PYTHONPATH -u PYTHONHOME PYTHONNOUSERSITE=1 TMPDIR="$folder/results/tmp" \
        USER="${USER:-hefstudio}" HOME="${HOME:-$folder/results/home}" \
        "$target" "$folder/convert.py" ${resume[@]+"${resume[@]}"}
fi
# The caller's own user, so that all files belong to them; docker runs as root otherwise. Root of a
# rootless docker is the caller.
user=(--user "$(id -u):$(id -g)")
if [[ $engine == podman ]]; then
    user=(--userns keep-id --security-opt label=disable)
elif [[ $(docker info --format '{{json .SecurityOptions}}' 2>/dev/null) == *rootless* ]]; then
    user=(--user 0:0)
fi
# The engines read the fields of a mount as CSV: quoted, a name may hold commas and quotes.
exec "$engine" run --rm --interactive --pull never "${user[@]}" ${gpu[@]+"${gpu[@]}"} \
    --mount "type=bind,\"source=${folder//\"/\"\"}\",target=/job" --workdir /job/results \
    --env HOME=/job/results/home --env USER=hefstudio --env TMPDIR=/job/results/tmp \
    --env PYTHONUNBUFFERED=1 \
    "$target" "$image_python" /job/convert.py ${resume[@]+"${resume[@]}"}
