package io.fkvs.wire;

import static io.fkvs.wire.Argument.AMOUNT;
import static io.fkvs.wire.Argument.COUNT;
import static io.fkvs.wire.Argument.CURSOR;
import static io.fkvs.wire.Argument.KEY;
import static io.fkvs.wire.Argument.PASSWORD;
import static io.fkvs.wire.Argument.PAYLOAD;
import static io.fkvs.wire.Argument.TIME_TO_LIVE;
import static io.fkvs.wire.Argument.VALUE;
import static io.fkvs.wire.Signature.ABSENT;
import static io.fkvs.wire.Signature.of;

import java.util.Arrays;
import java.util.List;

/*
 * This is the grammar of requests: decoders, encoders and the client read it and hold no list of
 * commands of their own. A line is a command's code and its arguments in both protocols, or, where
 * the protocols differ, its arguments in classic and then those in compact.
 */

/**
 * What a request asks for: the code that names it on the wire, and the arguments that it takes in
 * each protocol. The two protocols share most commands and their codes; {@link #KEYS} is classic's
 * alone, {@link #GETDEL}, {@link #AUTH}, {@link #SETEX}, {@link #ECHO} and {@link #SCAN} are
 * compact's.
 */
public enum Command {
  /** Stores a value; in classic perhaps with a time to live. */
  SET(0x01, of(KEY, VALUE).withOptional(TIME_TO_LIVE), of(KEY, VALUE)),
  /** Reads a value. */
  GET(0x02, KEY),
  /** Adds one. */
  INCR(0x03, KEY),
  /** Adds an amount. */
  INCRBY(0x04, KEY, AMOUNT),
  /** Asks for a sign of life; classic sends the payload back. */
  PING(0x05, of(PAYLOAD), of()),
  /** Takes one away. */
  DECR(0x06, KEY),
  /** Reads the server's figures. */
  INFO(0x07),
  /** Takes an amount away. */
  DECRBY(0x08, KEY, AMOUNT),
  /** Removes a key. */
  DEL(0x09, KEY),
  /** Sets a deadline. */
  EXPIRE(0x0A, KEY, TIME_TO_LIVE),
  /** Asks how long a key has still to live. */
  TTL(0x0B, KEY),
  /** Clears a deadline. */
  PERSIST(0x0C, KEY),
  /** Lists the keys. */
  KEYS(0x0D, of(), ABSENT),
  /** Lists some keys, and says how to go on. */
  SCAN(0x0D, ABSENT, of(CURSOR, COUNT)),
  /** Reads a value and removes its key. */
  GETDEL(0x0E, ABSENT, of(KEY)),
  /** Says the password. */
  AUTH(0x0F, ABSENT, of(PASSWORD)),
  /** Stores a value with a time to live. */
  SETEX(0x11, ABSENT, of(KEY, VALUE, TIME_TO_LIVE)),
  /** Asks for a payload to be sent back. */
  ECHO(0x15, ABSENT, of(PAYLOAD));

  private static final Signature[] CLASSIC = new Signature[256];
  private static final Signature[] COMPACT = new Signature[256];

  static {
    Arrays.fill(CLASSIC, ABSENT);
    Arrays.fill(COMPACT, ABSENT);
    for (Command command : values()) {
      if (command.isClassic()) {
        CLASSIC[command.code] = command.classic;
      }
      if (command.isCompact()) {
        COMPACT[command.code] = command.compact;
      }
    }
  }

  private final int code;
  private final Signature classic;
  private final Signature compact;
  private final boolean hasKey;

  Command(int code, Argument... arguments) {
    this(code, of(arguments), of(arguments));
  }

  Command(int code, Signature classic, Signature compact) {
    this.code = code;
    this.classic = classic.of(this);
    this.compact = compact.of(this);
    hasKey = classic.arguments().contains(KEY) || compact.arguments().contains(KEY);
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
    return classic != ABSENT;
  }

  /**
   * Says whether the compact protocol has the command.
   *
   * @return whether it has
   */
  public boolean isCompact() {
    return compact != ABSENT;
  }

  /**
   * Says whether the command is about a key.
   *
   * @return whether it takes one
   */
  public boolean hasKey() {
    return hasKey;
  }

  /**
   * The arguments that the command takes in the classic protocol.
   *
   * @return the arguments in their order, of which SET's time to live may be left out; none where
   *     classic does not have the command
   */
  public List<Argument> classicArguments() {
    return classic.arguments();
  }

  /**
   * The arguments that the command takes in the compact protocol.
   *
   * @return the arguments in their order; none where compact does not have the command
   */
  public List<Argument> compactArguments() {
    return compact.arguments();
  }

  /** The command and the arguments that a code means in classic, or {@link Signature#ABSENT}. */
  static Signature classicSignature(int code) {
    return CLASSIC[code & 0xFF];
  }

  /** The command and the arguments that a code means in compact, or {@link Signature#ABSENT}. */
  static Signature compactSignature(int code) {
    return COMPACT[code & 0xFF];
  }

  /**
   * Finds a command of the classic protocol by its code.
   *
   * @param code one unsigned byte
   * @return the command, or {@code null} where none has this code
   */
  public static Command ofClassicCode(int code) {
    return CLASSIC[code & 0xFF].command();
  }

  /**
   * Finds a command of the compact protocol by its code.
   *
   * @param code one unsigned byte
   * @return the command, or {@code null} where none has this code
   */
  public static Command ofCompactCode(int code) {
    return COMPACT[code & 0xFF].command();
  }
}
