package io.fkvs.wire;

/** What a request asks for, with the code that names it on the wire. */
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
  KEYS(0x0D);

  private static final Command[] BY_CODE = new Command[256];

  static {
    for (Command command : values()) {
      BY_CODE[command.code] = command;
    }
  }

  private final int code;

  Command(int code) {
    this.code = code;
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
   * Finds a command by its code.
   *
   * @param code one unsigned byte
   * @return the command, or {@code null} where none has this code
   */
  public static Command ofCode(int code) {
    return BY_CODE[code & 0xFF];
  }
}
