package io.fkvs.server.command;

import io.fkvs.wire.Command;
import java.util.Locale;

/** Commands that cost about the same. */
public enum CommandFamily {
  /** Looks at one key. */
  READ,

  /** Changes one key. */
  WRITE,

  /** Goes through many keys. */
  SCAN,

  /** Does nothing with keys. */
  OTHER,

  /** What clients of Redis ask for. */
  RESP;

  private static final CommandFamily[] OF_COMMAND = new CommandFamily[Command.values().length + 1];

  static {
    OF_COMMAND[RequestCounters.RESP] = RESP;
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

  /** The family of the command with an ordinal number, or of {@link RequestCounters#RESP}. */
  public static CommandFamily ofOrdinal(int ordinal) {
    return OF_COMMAND[ordinal];
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
