package io.fkvs.wire;

/**
 * What a request asks for, with the code that names it on the wire. The two protocols share most
 * commands and their codes; {@link #KEYS} is classic's alone, {@link #SETEX}, {@link #ECHO} and
 * {@link #SCAN} are compact's.
 */
public enum Command {
  /** Stores a value. */
  SET(0x01),
  /** Reads a value. */
  GET(0x02),
  /** Adds one. */
  INCR(0x03),
  /** Adds an amount. */
  INCRBY(0x04),
  /** Asks for a sign of life; classic sends the payload back. */
  PING(0x05),
  /** Takes one away. */
  DECR(0x06),
  /** Reads the server's figures. */
  INFO(0x07),
  /** Takes an amount away. */
  DECRBY(0x08),
  /** Removes a key. */
  DEL(0x09),
  /** Sets a deadline. */
  EXPIRE(0x0A),
  /** Asks how long a key has still to live. */
  TTL(0x0B),
  /** Clears a deadline. */
  PERSIST(0x0C),
  /** Lists the keys. */
  KEYS(0x0D, true, false),
  /** Stores a value with a time to live. */
  SETEX(0x11, false, true),
  /** Asks for a payload to be sent back. */
  ECHO(0x15, false, true),
  /** Lists some keys, and says how to go on. */
  SCAN(0x0D, false, true);

  private static final Command[] CLASSIC = new Command[256];
  private static final Command[] COMPACT = new Command[256];

  static {
    for (Command command : values()) {
      if (command.isClassic) {
        CLASSIC[command.code] = command;
      }
      if (command.isCompact) {
        COMPACT[command.code] = command;
      }
    }
  }

  private final int code;
  private final boolean isClassic;
  private final boolean isCompact;

  Command(int code) {
    this(code, true, true);
  }

  Command(int code, boolean isClassic, boolean isCompact) {
    this.code = code;
    this.isClassic = isClassic;
    this.isCompact = isCompact;
  }

  /**
   * The code on the wire.
   *
   * @return one unsigned byte
   */
  public int code() {
    return code;
  }

  /**
   * Says whether the classic protocol has the command.
   *
   * @return whether it has
   */
  public boolean isClassic() {
    return isClassic;
  }

  /**
   * Says whether the compact protocol has the command.
   *
   * @return whether it has
   */
  public boolean isCompact() {
    return isCompact;
  }

  /**
   * Finds a command of the classic protocol by its code.
   *
   * @param code one unsigned byte
   * @return the command, or {@code null} where none has this code
   */
  public static Command ofClassicCode(int code) {
    return CLASSIC[code & 0xFF];
  }

  /**
   * Finds a command of the compact protocol by its code.
   *
   * @param code one unsigned byte
   * @return the command, or {@code null} where none has this code
   */
  public static Command ofCompactCode(int code) {
    return COMPACT[code & 0xFF];
  }
}
