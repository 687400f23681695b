#!/usr/bin/env bash
# Time and peak memory of a conversion with 32 and with 320 calibration pictures, in one run, so that
# the two can be compared. Not a test: figures depend on the machine.
#   tests/bench/conversion.sh [MODEL.onnx PICTURES [convert options…]]
# Without arguments: the bundled sample.
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
hefc=$root/build/release/bin/hefc
model=${1:-$root/resources/sample/detector.onnx}
pictures=${2:-$root/resources/sample/pictures}
shift $(($# < 2 ? $# : 2))

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mapfile -t sources < <(find "$pictures" -type f \( -name '*.jpg' -o -name '*.png' \) | sort)

# measure COUNT: converts with that many pictures (sources repeated under new names).
measure() {
    local count=$1 i source
    mkdir -p "$folder/$count"
    for ((i = 0; i < count; ++i)); do
        source=${sources[i % ${#sources[@]}]}
        cp "$source" "$folder/$count/$(printf %05d "$i").${source##*.}"
    done
    "$hefc" convert "$model" --no-cache --calib "$folder/$count" -o "$folder/$count.hef" \
        --report "$folder/$count.json" --progress none "${@:2}" >"$folder/$count.log" 2>&1 ||
        { cat "$folder/$count.log" >&2; exit 1; }
    awk -v count="$count" '
        /"seconds":/ { gsub(/[^0-9.e-]/, "", $2); seconds += $2 }
        /"peak_rss_bytes":/ { gsub(/[^0-9]/, "", $2); peak = $2 }
        END { printf "%4d pictures: %6.2f s, peak memory %7.1f MB\n", count, seconds, peak / 1e6 }
    ' "$folder/$count.json"
}

measure 32 "$@"
measure 320 "$@"
