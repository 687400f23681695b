#!/bin/bash
# Flow (c): a calibration array in the wrong form. Channels first, divided by 255 or both: named
# before the run with the fix, mended by the fix, and then the HEF is, byte for byte, the one of the
# right array.
#   c_wrong_calibration.sh HEFC SOURCE_TREE
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail
command -v python3 >/dev/null || { echo "python3 is absent"; exit 77; }
hefc=$1
sample=$2/resources/sample
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    echo "c_wrong_calibration: $*" >&2
    exit 1
}
expect_exit() { # CODE COMMAND…
    local wanted=$1 code=0
    shift
    "$@" >out.txt 2>err.txt || code=$?
    [[ $code == "$wanted" ]] || fail "exit $code instead of $wanted: $* $(cat err.txt)"
}

# MODEL PICTURES NORMALIZE: what the right array makes.
right() {
    rm -rf right
    mkdir right
    expect_exit 0 "$hefc" calib build "$2" -o right/set.npy --model "$1" --normalize "$3"
    expect_exit 0 "$hefc" convert "$1" --calib right/set.npy --normalize "$3" -o right/model.hef \
        --progress none
}

# What an engineer's script gets wrong, done to right.npy in Python's own terms.
spoil() { # STEPS… → wrong/set.npy
    mkdir -p wrong
    python3 - "$@" <<'PY'
import struct, sys

def read(path):
    data = open(path, 'rb').read()
    length = struct.unpack('<H', data[8:10])[0]
    header = eval(data[10:10 + length])
    return header['shape'], data[10 + length:]

def write(path, kind, shape, data):
    header = repr({'descr': kind, 'fortran_order': False, 'shape': tuple(shape)}).encode()
    header += b' ' * (64 - (11 + len(header)) % 64) + b'\n'
    open(path, 'wb').write(b'\x93NUMPY\x01\x00' + struct.pack('<H', len(header)) + header + data)

(n, h, w, c), data = read('right/set.npy')
kind = '|u1'
shape = (n, h, w, c)
if 'nchw' in sys.argv:
    one = h * w * c
    data = b''.join(data[s * one + channel:(s + 1) * one:c] for s in range(n) for channel in range(c))
    shape = (n, c, h, w)
if 'shares' in sys.argv:
    table = [struct.pack('<f', value / 255) for value in range(256)]
    data = b''.join(table[value] for value in data)
    kind = '<f4'
write('wrong/set.npy', kind, shape, data)
PY
}

# MODEL NORMALIZE ID…: each id is found before the run; the repaired array gives the right HEF.
mended() {
    local model=$1 normalize=$2 id
    shift 2
    expect_exit 1 "$hefc" calib check wrong/set.npy --model "$model" --normalize "$normalize" --json
    for id in "$@"; do
        grep -q "\"$id\"" out.txt || fail "$id is not found: $(cat out.txt)"
    done
    rm -rf fixed
    mkdir fixed
    expect_exit 0 "$hefc" calib build wrong/set.npy --fix --model "$model" \
        --normalize "$normalize" -o fixed/set.npy
    cmp -s right/set.npy fixed/set.npy || fail "the repaired array is not the right one: $*"
    expect_exit 0 "$hefc" convert "$model" --calib fixed/set.npy --normalize "$normalize" \
        -o fixed/model.hef --progress none
    cmp -s right/model.hef fixed/model.hef || fail "the HEF is not the right one: $*"
}

right "$sample/detector.onnx" "$sample/pictures" 0/255
spoil nchw
expect_exit 3 "$hefc" convert "$sample/detector.onnx" --calib wrong/set.npy -o wrong.hef --progress none
[[ ! -e wrong.hef ]] || fail "a HEF was made of channels-first samples"
mended "$sample/detector.onnx" 0/255 calib.layout-nchw
spoil shares
mended "$sample/detector.onnx" 0/255 calib.own-values
spoil shares nchw
mended "$sample/detector.onnx" 0/255 calib.layout-nchw

echo "flow c: every wrong array was named, mended, and gave the right HEF"
