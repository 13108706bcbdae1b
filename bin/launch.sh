# Sourced by the scripts beside it. Finds a JDK, builds what is not built or has changed, and gives
#
#   root        the project's folder
#   java        the java command of a JDK that is new enough
#   app         the folder of the jars to run
#   class_path  the same, for who runs without modules
#
# What runs is a copy of what Maven built, replaced as a whole: a server under way keeps its jars
# while a change is built.
# shellcheck shell=sh

least_jdk=25

say() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die() { # STATUS MESSAGE
  status=$1
  shift
  say "$@"
  exit "$status"
}

root=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd -P)

# ---- the JDK

is_jdk() { # FOLDER
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [ "${version:-0}" -ge "$least_jdk" ]
}

# Sets jdk to the first of the folders that holds one.
pick_jdk() { # FOLDER...
  for jdk; do
    if is_jdk "$jdk"; then
      return 0
    fi
  done
  return 1
}

# The home of the java command on the path.
path_jdk() {
  on_path=$(command -v java) || return 1
  dirname -- "$(dirname -- "$(readlink -f -- "$on_path")")"
}

pick_usual_jdk() {
  pick_jdk /usr/lib/jvm/* /usr/java/* /opt/* /opt/*/* \
    "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* \
    "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home && return 0
  [ -x /usr/libexec/java_home ] &&
    pick_jdk "$(/usr/libexec/java_home -v "$least_jdk+" 2>/dev/null)"
}

find_jdk() {
  pick_jdk "${JAVA_HOME-}" "$(path_jdk)" || pick_usual_jdk ||
    die 127 "no JDK of at least $least_jdk found; install one, as from https://adoptium.net," \
      "or set JAVA_HOME"
  # shellcheck disable=SC2034 # for the scripts
  java=$jdk/bin/java
}

# ---- the build

# The folders of the module and of those that it needs. A test compares them with the poms.
modules_of() { # MODULE
  case $1 in
    server/app)
      echo store-api store-api/durable store-chained store-swiss wire wire/client server/uring server \
        server/resp "$1"
      ;;
    server/cluster)
      # shellcheck disable=SC2046 # words without blanks
      echo $(modules_of server/app) "$1"
      ;;
    bench/load) echo wire server/uring "$1" ;;
    *) echo store-api store-api/durable store-chained store-swiss wire server/uring bench/load "$1" ;;
  esac
}

# Whether a file is there and nothing that goes into the module has changed since it was made.
is_newest() { # MODULE FILE
  [ -f "$2" ] || return 1
  newest=$2
  # shellcheck disable=SC2046 # words without blanks
  set -- $(modules_of "$1")
  for name; do
    set -- "$@" "$root/$name/pom.xml" "$root/$name/src/main"
    shift
  done
  [ -z "$(find "$root/pom.xml" "$@" -newer "$newest" 2>&1 | head -n 1)" ]
}

# The module's one jar: after a change of version there are two, and then there is none.
jar_of() { # MODULE
  found=
  for jar in "$root/$1/target"/fkvs-*.jar; do
    case $jar in
      *-sources.jar | *-javadoc.jar) ;;
      *) found=$found$jar ;;
    esac
  done
  printf '%s' "$found"
}

# Takes turns: two builds at once would spoil each other's work.
with_lock() { # COMMAND...
  mkdir -p "$root/target"
  lock=$root/target/build.lock
  if command -v flock >/dev/null; then
    (
      flock 9
      "$@"
    ) 9>"$lock"
    return
  fi
  waited=
  until mkdir "$lock.d" 2>/dev/null; do
    [ -n "$waited" ] || say "another script is building; if not, remove $lock.d"
    waited=1
    sleep 1
  done
  trap 'rmdir "$lock.d"' EXIT
  trap 'exit 130' INT TERM HUP
  "$@"
  trap - EXIT INT TERM HUP
  rmdir "$lock.d"
}

run_maven() { # MODULE
  command -v mvn >/dev/null ||
    die 127 "no mvn found, and it is not built yet; install Maven 3.8 or newer"
  say "building"
  log=$root/$1/target/build.log
  rm -rf "$root/$1/target/lib" "$root/$1/target"/fkvs-*.jar
  (cd "$root" && JAVA_HOME=$jdk mvn -q -B -ntp package -DskipTests -Dexec.skip=true \
    -Dmaven.source.skip=true -pl "$1" -am) </dev/null >"$log" 2>&1 || {
    cat "$log" >&2
    die 1 "the build failed; what it said is above"
  }
}

# Copies what Maven built, and only then puts it in the place of the copy before.
replace_app() { # MODULE
  rm -rf "$app.new" "$app.old"
  mkdir "$app.new"
  cp "$(jar_of "$1")" "$root/$1/target/lib"/*.jar "$app.new"
  touch -r "$mark" "$app.new/built"
  if [ -d "$app" ]; then
    mv "$app" "$app.old"
  fi
  mv "$app.new" "$app"
  rm -rf "$app.old"
}

update_app() { # MODULE
  if is_newest "$1" "$app/built"; then
    return
  fi
  mkdir -p "$root/$1/target"
  mark=$root/$1/target/build.mark # made before the build: what changes meanwhile is newer
  : >"$mark"
  if ! { [ -d "$root/$1/target/lib" ] && is_newest "$1" "$(jar_of "$1")"; }; then
    run_maven "$1"
  fi
  replace_app "$1"
}

# Sets java, app and class_path, and builds the module if need be.
prepare() { # MODULE
  find_jdk
  app=$root/$1/target/app
  # shellcheck disable=SC2034 # for the scripts
  class_path=$app/*
  is_newest "$1" "$app/built" || with_lock update_app "$1"
}
