# Sourced by the scripts beside it. Stands in for the launch.sh of the sources: here everything is
# built, and the Java beside it is the one to use. Gives
#
#   java        the java command
#   app         the folder of the jars to run
#   class_path  where a member of a cluster finds those and its own
#
# shellcheck shell=sh

root=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd -P)

die() { # STATUS MESSAGE
  status=$1
  shift
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit "$status"
}

# shellcheck disable=SC2034 # for the scripts
prepare() { # MODULE
  java=$root/java/bin/java
  app=$root/lib
  class_path=$app/*:$app/cluster/*
}

# What the scripts would make for the next time has been made, or cannot be.
with_lock() { # COMMAND...
  :
}
