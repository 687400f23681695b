#!/usr/bin/env bash
# Runs this job where the Dataflow Compiler is: in a Python environment or in a container image.
set -euo pipefail

usage="usage: ./run.sh --python PYTHON [--resume]
       ./run.sh --docker IMAGE [--gpu] [--resume]
       ./run.sh --podman IMAGE [--gpu] [--resume]

PYTHON is the interpreter of an environment with the compiler, such as venv/bin/python.
IMAGE is the vendor's suite as \"docker images\" names it."
folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
engine='' target='' gpu='' resume=()

while (($#)); do
    case $1 in
        --python | --docker | --podman)
            [[ $# -ge 2 && -n $2 && $2 != -* ]] || { printf '%s\n' "$usage" >&2; exit 2; }
            engine=${1#--} target=$2
            shift 2
            ;;
        --gpu) gpu=yes; shift ;;
        --resume) resume=(--resume); shift ;;
        -h | --help) printf '%s\n' "$usage"; exit 0 ;;
        *) printf '%s\n' "$usage" >&2; exit 2 ;;
    esac
done
[[ -n $engine ]] || { printf '%s\n' "$usage" >&2; exit 2; }

mkdir -p "$folder/results/home"
if [[ $engine == python ]]; then
    # An inherited PYTHONPATH would mix another environment's packages in.
    exec env -u PYTHONPATH "$target" "$folder/convert.py" "${resume[@]}"
fi
if [[ $folder == *[,\"]* ]]; then
    printf 'error: the engine cannot mount a folder with a comma or a quote in its name: %s\n' "$folder" >&2
    exit 1
fi
# The caller's own user, so that all files belong to them; docker runs as root otherwise.
user=(--user "$(id -u):$(id -g)")
[[ $engine == podman ]] && user=(--userns=keep-id)
exec "$engine" run --rm -i "${user[@]}" ${gpu:+--gpus all} \
    --mount "type=bind,source=$folder,target=/job" --workdir /job/results \
    --env HOME=/job/results/home --env USER=hefstudio --env TMPDIR=/job/results \
    "$target" python3 /job/convert.py "${resume[@]}"
