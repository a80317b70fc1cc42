#!/usr/bin/env bash
# Installs Berth into a folder of its own, lets `berth plugin new` write plugins, and builds, tests and checks them there, against the installed SDK alone.
# usage: sdk_template.sh BUILD
set -euo pipefail
build=$1
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
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
