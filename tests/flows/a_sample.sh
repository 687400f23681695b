#!/bin/bash
# Flow (a): the bundled sample. One command makes an emulation HEF that says what it is, opens in
# HailoRT's terms, finds the shapes in the sample's pictures, and is rebuilt from its recipe.
#   a_sample.sh HEFC SOURCE_TREE
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail
hefc=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME=$work/cache
cp -r "$2/resources/sample" "$work/sample"
cd "$work/sample"

fail() {
    echo "a_sample: $*" >&2
    exit 1
}

"$hefc" convert detector.onnx --calib pictures --save-recipe detector.hefrecipe.json \
    --report report.json --progress none >said.txt
[[ -s detector.emulation.hef ]] || fail "no HEF"
grep -q "not on$" said.txt || grep -q "not on a chip" said.txt || fail "it does not say what it is"
"$hefc" inspect detector.emulation.hef --parse-hef | grep -q detector_emulation ||
    fail "the network group does not say emulation"
"$hefc" detect detector.emulation.hef --images pictures -o found --json >found.json
python3 - <<'PY' || fail "nothing was found"
import json
images = json.load(open("found.json"))["images"]
raise SystemExit(0 if sum(map(len, images.values())) >= len(images) else 1)
PY
"$hefc" recipe verify detector.hefrecipe.json --progress none >/dev/null ||
    fail "the recipe does not give the same bytes"
