# Sourced by the scripts that run a server. Chooses the collector and the heap.
# shellcheck shell=sh
# shellcheck disable=SC2034 # for the scripts

# The table and its bound decide what heap the server needs; a flag wins over the configuration, the
# last over those before it.
setting() { # KEY DEFAULT ARGUMENT...
  key=$1
  configured=$2
  shift 2
  flagged=
  last=
  for argument; do
    case $last in
      "--$key") flagged=$argument ;;
      -c | --config) configured=$(setting_in "$argument") ;;
    esac
    case $argument in
      "--$key="*) flagged=${argument#*=} ;;
      -c=* | --config=*) configured=$(setting_in "${argument#*=}") ;;
    esac
    last=$argument
  done
  printf '%s' "${flagged:-$configured}"
}

setting_in() { # FILE
  [ ! -r "$1" ] || awk -v key="$key" '$1 == key { value = $2 } END { print value }' "$1"
}

# A heap in MiB: so many times a size, and so much for the rest. Nothing where it is no size; the
# server says so.
heap_mib() { # SIZE TIMES REST
  printf '%s\n' "$1" | awk -v times="$2" -v rest="$3" '
    /^[0-9]+[kKmMgG]?$/ {
      unit = tolower(substr($0, length($0)))
      bytes = $0 + 0
      if (unit == "k") bytes *= 1024
      if (unit == "m") bytes *= 1024 * 1024
      if (unit == "g") bytes *= 1024 * 1024 * 1024
      printf "%d", bytes * times / (1024 * 1024) + rest
    }'
}

# The chained table keeps its objects on the heap, millions of them: only ZGC does not stop for
# long, and it takes all the heap that it may, so that follows the bound: half as much again, so
# that the collector has room. The swiss table keeps nothing there: a small heap of fixed size under
# Serial does. Sets flags, and native to the modules that call the system.
choose_flags() { # SWISS_MIB CHAINED_REST_MIB ARGUMENT...
  swiss_mib=$1
  rest_mib=$2
  shift 2
  vectors=io.fkvs.store.swiss.VectorGroup
  native=io.fkvs.uring # for io_uring, and to map large buffers
  case $(setting store swiss "$@") in
    chained)
      heap=$(heap_mib "$(setting max-memory '' "$@")" 1.5 "$rest_mib")
      flags="-XX:+UseZGC ${heap:+-Xmx${heap}m}"
      [ -n "$heap" ] || flags='-XX:+UseZGC -XX:MaxRAMPercentage=50'
      ;;
    *)
      flags="-XX:+UseSerialGC -Xms${swiss_mib}m -Xmx${swiss_mib}m"
      flags="$flags --add-modules=jdk.incubator.vector"
      # Vectors are slow until C2 has compiled these, so it does it after some calls.
      flags="$flags -XX:CompileCommand=quiet"
      for method in match full; do
        flags="$flags -XX:CompileCommand=CompileThresholdScaling,$vectors::$method,0.01"
      done
      native=$native,io.fkvs.store.swiss
      ;;
  esac
}
