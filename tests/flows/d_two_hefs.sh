#!/bin/bash
# Flow (d): two HEFs of one network. One sentence says which is better, the differences are listed,
# and both are held against the float network on the same pictures.
#   d_two_hefs.sh HEFC SOURCE_TREE
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail
hefc=$1
sample=$2/resources/sample
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME=$work/cache
cd "$work"

fail() {
    echo "d_two_hefs: $*" >&2
    exit 1
}

for preset in fast accurate; do
    "$hefc" convert "$sample/detector.onnx" --calib "$sample/pictures" --preset $preset \
        -o $preset.hef --progress none >/dev/null
done
code=0
"$hefc" diff fast.hef accurate.hef >differences.txt || code=$?
[[ $code == 1 && -s differences.txt ]] || fail "no differences"
"$hefc" diff fast.hef fast.hef >/dev/null || fail "a file differs from itself"
"$hefc" compare "$sample/detector.onnx" fast.hef accurate.hef --images "$sample/pictures" --json \
    >compared.json
python3 - <<'PY' || fail "no verdict on two files with figures of each"
import json
compared = json.load(open("compared.json"))
text = json.dumps(compared)
ok = len(compared.get("verdict", "")) > 20 and text.count("map_retained") >= 2
raise SystemExit(0 if ok else 1)
PY
