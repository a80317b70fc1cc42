#!/usr/bin/env bash
# Installs Berth into a folder of its own and builds every example there, outside the tree, against the installed SDK alone.
# usage: sdk_outside.sh BUILD SOURCE
set -euo pipefail
build=$1 source=$2
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cmake --install "$build" --prefix "$room/berth" >/dev/null
for example in "$room"/berth/share/berth/examples/*/; do
  name=$(basename "$example")
  cmake -G Ninja -S "$example" -B "$room/build/$name" -DCMAKE_PREFIX_PATH="$room/berth" -DCMAKE_BUILD_TYPE=Release >/dev/null
  cmake --build "$room/build/$name"
  test -s "$room/build/$name/$name.so" && test -s "$room/build/$name/$name.berth.json"
  grep -qF ",\"sha256\":\"$(sha256sum <"$room/build/$name/$name.so" | cut -c1-64)\"}" "$room/build/$name/$name.berth.json" ||
    { echo "the manifest of $name does not carry the digest of its library"; exit 1; }
  symbols=$(nm -D --defined-only "$room/build/$name/$name.so" | awk '$2 == "T" {print $3}')
  [ "$symbols" = berth_plugin_entry ] || { echo "$name exports more than its entry: $symbols"; exit 1; }
done
lines=$(wc -l <"$source/sdk/examples/clock/clock.cpp")
[ "$lines" -le 25 ] || { echo "the smallest plugin has $lines lines"; exit 1; }
"$room/berth/bin/berth" version
echo "every example builds against the installed SDK; the smallest has $lines lines"
