#!/bin/bash
# Flow (b): a trained network with its data.yaml. What the input means is read from what lies beside
# the model, or asked with the answers; then a board by its name, calibration, HEF, and how well it
# agrees with the float network.
#   b_own_model.sh HEFC SOURCE_TREE
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail
hefc=$1
sample=$2/resources/sample
classifier=$2/tests/data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME=$work/cache
cd "$work"
mkdir -p own/images/train
cp "$sample/detector.onnx" own/
cp "$sample"/pictures/* own/images/train/
cat >own/data.yaml <<'YAML'
path: .
train: images/train
val: images/train
names:
  0: circle
  1: square
YAML

fail() {
    echo "b_own_model: $*" >&2
    exit 1
}

"$hefc" check own/detector.onnx --arch "Raspberry Pi AI Kit" >checked.txt 2>&1 ||
    fail "check: $(cat checked.txt)"
"$hefc" convert own/detector.onnx --calib own/images/train --report report.json --progress none \
    >/dev/null
"$hefc" compare own/detector.onnx own/detector.emulation.hef --images own/images/train --json \
    >compared.json
python3 - <<'PY' || fail "the HEF lost what the network finds"
import json
detection = json.load(open("compared.json"))["detection"]
raise SystemExit(0 if detection["map_retained"] > 0.9 else 1)
PY

# A network that says nothing of its input is asked about, with the answers to choose from.
code=0
"$hefc" convert "$classifier/classifier.onnx" --calib "$classifier/classifier_pictures" \
    -o asked.hef --progress none 2>asked.txt || code=$?
[[ $code != 0 && ! -e asked.hef ]] || fail "an unknown input contract was guessed"
grep -q "input.contract-unknown" asked.txt || fail "the contract was not asked for"
grep -q -- "--normalize" asked.txt || fail "no answer was proposed"
