#!/usr/bin/env bash
# Float results and the shapes of all values in between against trusted runtimes, over a folder of
# models. Not a test of the tree: the models are yours, and the runtimes come from npm and apt.
#   tests/bench/compare_runtime/compare.sh MODELS FOLDER [--double NAME…]
# Records into FOLDER what is not recorded yet, then runs the test Corpus.* and leaves its table in
# FOLDER/table.txt. --double: networks that magnify rounding, recorded in double precision as well.
# ONNX Runtime: npm install --prefix DIR onnxruntime-node@1.30.0, then NODE_PATH=DIR/node_modules.
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
test_engine=$here/../../../build/release/bin/test_engine
if (($# < 2)); then
    sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
fi
models=$1
folder=$2
shift 2

if node -e 'require("onnxruntime-node")' 2>/dev/null; then
    node --max-old-space-size=12000 "$here/record.cjs" "$models" "$folder" || true
else
    echo "ONNX Runtime is not there (NODE_PATH): only what is recorded already is compared." >&2
fi
if [[ ${1:-} == --double ]]; then
    shift
    if /usr/bin/python3 -c 'import onnx, torch' 2>/dev/null; then
        /usr/bin/python3 "$here/record_double.py" "$models" "$folder" "$@"
    else
        echo "python3-onnx and python3-torch are not there: nothing is recorded in double precision." >&2
    fi
fi
HEFSTUDIO_CORPUS=$folder "$test_engine" --gtest_filter='Corpus.FloatResultsEqualTheTrustedRuntime' |
    tee "$folder/table.txt"
