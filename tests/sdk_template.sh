#!/usr/bin/env bash
# Installs Berth into a folder of its own, lets `berth plugin new` write plugins, and builds, tests and checks them there, against the installed SDK alone.
# usage: sdk_template.sh BUILD
set -euo pipefail
build=$1
room=$(mktemp -d)
host=
trap '[ -z "$host" ] || kill "$host" 2>/dev/null || true; rm -rf "$room"' EXIT
cmake --install "$build" --prefix "$room/berth" >/dev/null
berth=$room/berth/bin/berth

refused() {  # WORDS OPTIONS…: exits with an error that has the words
  local words=$1
  shift
  if said=$("$berth" plugin new "$@" 2>&1); then echo "not refused: plugin new $*"; exit 1; fi
  case $said in *"$words"*) ;; *) echo "plugin new $* says: $said"; exit 1 ;; esac
}

try() {  # NAME OPTIONS…
  local name=$1 folder=$room/$1
  "$berth" plugin new "$@" --into "$folder" >/dev/null
  refused "not empty" "$@" --into "$folder"
  # As an author's compiler may have it: warnings are errors.
  CXXFLAGS=-Werror CFLAGS="-Wall -Wextra -Werror" cmake -G Ninja -S "$folder" -B "$folder/build" -DCMAKE_PREFIX_PATH="$room/berth" \
    -DCMAKE_BUILD_TYPE=Release >"$room/log" || { cat "$room/log"; exit 1; }
  cmake --build "$folder/build" -- -j2 >"$room/log" || { cat "$room/log"; exit 1; }
  ctest --test-dir "$folder/build" --output-on-failure >"$room/log" || { cat "$room/log"; exit 1; }
  for test in unit check scenario; do
    grep -Eq "$test \.+ +Passed" "$room/log" || { echo "$name: its test $test did not run"; cat "$room/log"; exit 1; }
  done
  ! grep -rn '@[A-Z]*@\|^@' "$folder" --include='*.*' --exclude-dir=build || { echo "$name: a mark of the template is left"; exit 1; }
  echo "$name: built, tested, checked, served ($*)"
}

refused "is no name" Hello
refused "is no name" ../hello
refused "did you mean stream" hello --kind steam
refused "c++ or c" hello --lang rust
refused "wants one NAME"
try all_of_it --kind call,stream,upload,download,socket
try plain
try talker --kind socket
try all_in_c --lang c --kind call,stream,upload,download,socket
try plain_c --lang c
try talker_c --lang c --kind socket,download

# `berth dev` builds and serves the folder, and again whenever a source changes; a mistake leaves what runs as it is.
source=$room/plain_c/plain_c.c log=$room/dev.log
rm -rf "$room/plain_c/build"
: >"$log"
"$berth" dev "$room/plain_c" --config "$room/plain_c/berth.lua" --listen "unix:$room/dev.sock" >"$log" 2>&1 &
host=$!
until_says() {  # PATTERN
  for _ in $(seq 600); do ! grep -Eq "$1" "$log" || return 0; sleep 0.1; done
  echo "berth dev never said: $1"; cat "$log"; exit 1
}
until_says '"a plugin was loaded","plugin":"plain_c"'
sed -i 's/0\.1\.0/0.2.0/' "$source"
until_says '"a plugin was reloaded","plugin":"plain_c","version":"0.2.0"'
! grep '"level":"error"' "$log" || { echo "berth dev complains of a plugin that is not built yet"; exit 1; }
cp "$source" "$room/good.c"
echo 'no C' >>"$source"
until_says 'dev: the build ended with exit code'
sed 's/0\.2\.0/0.3.0/' "$room/good.c" >"$source"
until_says '"a plugin was reloaded","plugin":"plain_c","version":"0.3.0"'
kill "$host"
wait "$host"
host=
echo "plain_c: built and reloaded by berth dev"
