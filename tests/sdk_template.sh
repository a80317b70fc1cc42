#!/usr/bin/env bash
# Installs Berth into a folder of its own, lets `berth plugin new` write plugins, and builds, tests and checks them there, against the installed SDK alone.
# What the book promises, and the file for CI, are followed word by word.  usage: sdk_template.sh BUILD
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

build() {  # FOLDER
  # As an author's compiler may have it: warnings are errors.
  CXXFLAGS=-Werror CFLAGS="-Wall -Wextra -Werror" cmake -G Ninja -S "$1" -B "$1/build" -DCMAKE_PREFIX_PATH="$room/berth" \
    -DCMAKE_BUILD_TYPE=Release >"$room/log" || { cat "$room/log"; exit 1; }
  cmake --build "$1/build" -- -j2 >"$room/log" || { cat "$room/log"; exit 1; }
}

# The steps of the file for CI that build and test, in a checkout where Berth is installed as its first steps do it.
build_as_ci() {  # FOLDER
  local step
  mkdir "$1/build"
  ln -s "$room/berth" "$1/build/installed"
  for step in "Build" "Test and check"; do
    awk -v step="- name: $step" 'index($0, step) {on = 1; next} on && /^      - / {exit} on {sub(/^ *(run: \|?)?/, ""); print}' \
      "$1/.github/workflows/ci.yml" >"$room/step"
    [ -s "$room/step" ] || { echo "the file for CI has no step \"$step\""; exit 1; }
    (cd "$1" && bash -e "$room/step") >"$room/log" 2>&1 || { cat "$room/log"; exit 1; }
  done
}

try() {  # NAME OPTIONS…
  local name=$1 folder=$room/$1
  "$berth" plugin new "$@" --into "$folder" >/dev/null
  refused "not empty" "$@" --into "$folder"
  if [ "$name" = plain ]; then
    build_as_ci "$folder"
  else
    build "$folder"
    ctest --test-dir "$folder/build" --output-on-failure >"$room/log" || { cat "$room/log"; exit 1; }
  fi
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
try all_of_it --kind call,stream,upload,download,socket,http
try plain
try talker --kind socket
try all_in_c --lang c --kind call,stream,upload,download,socket,http
try plain_c --lang c
try talker_c --lang c --kind socket,download

# The book's way to a first plugin, and the smaller one that it shows.
book=$room/berth/share/doc/berth/sdk/README.md
"$berth" plugin new hello --kind call,stream --into "$room/hello" >/dev/null
answers() {  # WANTED OPERATION WORDS…
  local wanted=$1 said
  shift
  said=$(BERTH_TOKEN_FILE=$room/state/token "$berth" call "$@" --url "unix:$room/hello.sock") || true
  [ "$said" = "$wanted" ] || { echo "berth call $* says: $said"; exit 1; }
}
serve() {
  (cd "$room/hello" && exec "$berth" serve --config berth.lua --state "$room/state" --listen "unix:$room/hello.sock") >"$room/hello.log" 2>&1 &
  host=$!
  for _ in $(seq 100); do ! grep -q '"a plugin was loaded","plugin":"hello"' "$room/hello.log" || return 0; sleep 0.1; done
  echo "hello was never loaded"; cat "$room/hello.log"; exit 1
}
end() { kill "$host"; wait "$host"; host=; }
build "$room/hello"
serve
answers '{"echo":"hi"}' hello.echo text=hi
end
awk '/^```cpp$/ && !seen {on = seen = 1; next} /^```$/ {on = 0} on' "$book" >"$room/hello/hello.cpp"
cmake --build "$room/hello/build" --target hello >"$room/log" || { cat "$room/log"; exit 1; }
serve
answers '{"greeting":"Hello, world"}' hello.greet name=world
end
echo "hello: built and called as the book says"

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
