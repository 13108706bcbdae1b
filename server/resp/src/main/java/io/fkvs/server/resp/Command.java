package io.fkvs.server.resp;

import io.fkvs.server.protocol.RequestKind;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A line of the table of commands: what a command looks like, and who carries it out. */
final class Command {
  /** Those that no other loop may work beside; a star stands for all subcommands. */
  private static final Set<String> ALONE =
      Set.of(
          "exec",
          "watch",
          "keys",
          "dbsize",
          "flushdb",
          "flushall",
          "info",
          "client|list",
          "config|*",
          "slowlog|*",
          "latency|*");

  /**
   * How the keys of a command are described to clients.
   *
   * @param notes what does not fit the rest, possibly nothing
   * @param flags what is done to the keys
   * @param index the argument that is the first key
   * @param last the last key, from the first or, where negative, from the end
   * @param step from a key to the next one
   * @param limit a part of the arguments, 0 for all
   */
  record KeySpec(String notes, List<String> flags, int index, int last, int step, int limit) {}

  private static final int SUBCOMMAND_BITS = 5;

  /** Not among those that Redis calls fast, but so where they move few bytes. */
  private static final Set<String> SHORT =
      Set.of(
          "set",
          "setex",
          "psetex",
          "mset",
          "msetnx",
          "del",
          "getrange",
          "substr",
          "setrange",
          "client|setname",
          "client|setinfo");

  /** Its place in the table, from 1 on. */
  final int number;

  /** What the command is called: its name, or those of a container and of a subcommand. */
  final String name;

  /** How many arguments it has, itself counted; where negative, that many or more. */
  final int arity;

  final List<String> flags;

  /** The arguments that are the first and the last key, and the step between; 0 for no keys. */
  final int firstKey;

  final int lastKey;
  final int keyStep;

  final List<String> categories;
  final List<String> tips;
  final List<KeySpec> keySpecs;
  final String group;
  final String since;
  final String summary;

  /** The commands in it, where it is but a container. */
  final List<Command> subcommands = new ArrayList<>();

  /** Whether it carries out a transaction. */
  final boolean isExec;

  /** Whether it is carried out at once, even amid a transaction. */
  final boolean isImmediate;

  /** Whether it changes entries, and so is refused where there is no memory for more. */
  final boolean writes;

  /** Whether the store may need more memory for it. */
  final boolean mayGrow;

  /** Whether a client may ask for it that has not authenticated. */
  final boolean needsNoPassword;

  /** What it does, for those who watch; of subcommands nobody asks. */
  final RequestKind kind;

  /** Whether it never takes long, as Redis sees it. */
  final boolean isFast;

  /** Whether it may take long even if it moves few bytes. */
  final boolean takesLong;

  /** Whether SLOWLOG leaves it out, because it has what is carried out in it. */
  final boolean isNeverSlow;

  /** Whether no other loop may work meanwhile: it concerns all keys, or what other loops have. */
  final boolean isAlone;

  /** How long it took. */
  final CommandTimes times = new CommandTimes();

  /** How often it was carried out since the clock was read. */
  int untimedCalls;

  private NameTable<Command> bySubname;
  private Handler handler;

  /**
   * Reads a line of the table.
   *
   * @param number its place there, from 1 on; of a subcommand that of its container
   */
  Command(String[] fields, int number) {
    this.number = number;
    name = fields[0].replace(' ', '|');
    arity = Integer.parseInt(fields[1]);
    flags = list(fields[2], ",");
    List<String> keys = list(fields[3], ",");
    firstKey = Integer.parseInt(keys.get(0));
    lastKey = Integer.parseInt(keys.get(1));
    keyStep = Integer.parseInt(keys.get(2));
    categories = list(fields[4], ",");
    tips = list(fields[5], ",");
    keySpecs = list(fields[6], "/").stream().map(Command::keySpec).toList();
    group = fields[7];
    since = fields[8];
    summary = fields[9];
    writes = flags.contains("write");
    mayGrow = flags.contains("denyoom");
    kind = kind();
    isFast = flags.contains("fast");
    takesLong = !isFast && !SHORT.contains(name) || name.equals("renamenx");
    isNeverSlow = flags.contains("skip_slowlog");
    needsNoPassword = flags.contains("no_auth");
    isAlone = ALONE.contains(name) || ALONE.contains(name.replaceFirst("[|].*", "|*"));
    isExec = name.equals("exec");
    isImmediate = isExec || List.of("discard", "multi", "watch", "quit", "reset").contains(name);
  }

  private RequestKind kind() {
    if (List.of("keys", "scan", "flushdb", "flushall").contains(name)) {
      return RequestKind.SCAN;
    }
    if (writes) {
      return RequestKind.WRITE;
    }
    return flags.contains("readonly") ? RequestKind.READ : RequestKind.OTHER;
  }

  private static List<String> list(String field, String separator) {
    return field.equals("-") ? List.of() : List.of(field.split(separator));
  }

  private static KeySpec keySpec(String text) {
    String[] fields = text.split(";", -1);
    return new KeySpec(
        fields[0],
        List.of(fields[1].split(",")),
        Integer.parseInt(fields[2]),
        Integer.parseInt(fields[3]),
        Integer.parseInt(fields[4]),
        Integer.parseInt(fields[5]));
  }

  void handler(Handler handler) {
    this.handler = handler;
  }

  Handler handler() {
    return handler;
  }

  boolean isContainer() {
    return bySubname != null;
  }

  void add(Command subcommand) {
    subcommands.add(subcommand);
    bySubname = bySubname == null ? new NameTable<>(SUBCOMMAND_BITS) : bySubname;
    bySubname.put(subcommand.name.substring(subcommand.name.indexOf('|') + 1), subcommand);
  }

  /** The subcommand that a range of memory names, or {@code null}. */
  Command subcommand(MemorySegment bytes, long offset, int length) {
    return bySubname.find(bytes, offset, length);
  }

  /** Says whether a request may have so many arguments, the command counted. */
  boolean takes(int count) {
    return count == arity || arity < 0 && count >= -arity;
  }

  /** The argument behind the last key, in a request of so many. */
  int keysEnd(int count) {
    return lastKey < 0 ? count + lastKey + 1 : lastKey + 1;
  }
}
