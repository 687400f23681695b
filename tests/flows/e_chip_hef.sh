#!/bin/bash
# Flow (e): no vendor compiler here. The emulation HEF says that it does not run on a chip and is
# refused as a deployment kit; its recipe becomes the job for a machine that has the compiler.
#   e_chip_hef.sh HEFC SOURCE_TREE
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail
hefc=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME=$work/cache
cp -r "$2/resources/sample" "$work/sample"
cd "$work/sample"

fail() {
    echo "e_chip_hef: $*" >&2
    exit 1
}

"$hefc" convert detector.onnx --calib pictures --save-recipe net.hefrecipe.json --progress none \
    >said.txt
grep -q "recipe export" said.txt || fail "the way to a chip HEF is not named"
code=0
"$hefc" bundle detector.emulation.hef -o kit 2>refused.txt || code=$?
[[ $code != 0 ]] && grep -q "bundle.emulation-hef" refused.txt ||
    fail "an emulation HEF became a deployment kit"
"$hefc" recipe export net.hefrecipe.json -o job --progress none >/dev/null
[[ -x job/run.sh ]] || fail "the job cannot be run"
compgen -G "job/*.onnx" >/dev/null || fail "the job has no network"
compgen -G "job/*.alls" >/dev/null || fail "the job has no model script"
compgen -G "job/*.npy" >/dev/null || fail "the job has no calibration array"
