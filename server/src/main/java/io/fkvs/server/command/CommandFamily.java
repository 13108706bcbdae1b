package io.fkvs.server.command;

import io.fkvs.server.protocol.RequestKind;
import io.fkvs.wire.Command;
import java.util.Locale;

/** Commands that cost about the same, of all protocols. */
public enum CommandFamily {
  /** Looks at some keys. */
  READ,

  /** Changes some keys. */
  WRITE,

  /** Goes through all keys. */
  SCAN,

  /** Does nothing with keys. */
  OTHER;

  private static final CommandFamily[] OF_COMMAND = new CommandFamily[RequestCounters.COUNT];

  static {
    for (RequestKind kind : RequestKind.values()) {
      OF_COMMAND[RequestCounters.RESP + kind.ordinal()] = valueOf(kind.name());
    }
    for (Command command : Command.values()) {
      OF_COMMAND[command.ordinal()] =
          switch (command) {
            case GET, TTL -> READ;
            case SET, SETEX, GETDEL, INCR, INCRBY, DECR, DECRBY, DEL, EXPIRE, PERSIST -> WRITE;
            case KEYS, SCAN -> SCAN;
            case PING, ECHO, INFO, AUTH -> OTHER;
          };
    }
  }

  /** The family of what {@link RequestCounters#byCommand} counts at an index. */
  static CommandFamily ofOrdinal(int ordinal) {
    return OF_COMMAND[ordinal];
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
