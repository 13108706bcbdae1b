package io.fkvs.server.rehearsal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.transport.Sockets;
import io.fkvs.wire.ClassicRequestEncoder;
import io.fkvs.wire.Command;
import io.fkvs.wire.CompactRequestEncoder;
import io.fkvs.wire.ProtocolSwitch;
import io.fkvs.wire.RespRequestEncoder;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/**
 * The far end of a connection of a {@link Rehearsal}: collects requests, sends them, and throws the
 * replies away. All its memory is of the kind that the server's buffers are, so that the compiler
 * sees no other at the places that both use. Belongs to the thread of the rehearsal.
 */
final class RehearsalClient implements AutoCloseable {
  /** What it speaks. */
  enum Protocol {
    CLASSIC,
    COMPACT,

    /** Only where the server has a listener for it. */
    RESP
  }

  /** The length of each key: the 16 bytes that most caches use. */
  static final int KEY_BYTES = 2 * Long.BYTES;

  /** The longest value. */
  static final int MAX_VALUE_BYTES = 4 << 10;

  /** Odd, so that different numbers stay different: 2^64 by the golden ratio. */
  private static final long MIX = 0x9E3779B97F4A7C15L;

  /** A deadline that some keys reach during the rehearsal. */
  private static final int TIME_MS = 5;

  /** The same for classic, which counts in seconds: most do not live to see it. */
  private static final byte[] SECONDS = "1".getBytes(US_ASCII);

  private static final byte[] AMOUNT = "7".getBytes(US_ASCII);
  private static final int BUFFER_BYTES = 256 << 10;

  /** Room for the name of a command. */
  private static final int NAME_BYTES = 8;

  /** A command of RESP alone, which has its name behind those that all have. */
  private static final String MGET = "MGET";

  private static final int MGET_INDEX = Command.values().length;

  /** The keys of an MGET. */
  private static final int MGET_KEYS = 4;

  private final ByteChannel socket;
  private final Protocol protocol;
  private final boolean isCompact;
  private final Buffer requests = new Buffer(BUFFER_BYTES);
  private final Buffer replies = new Buffer(BUFFER_BYTES);
  private final Buffer arguments =
      new Buffer(KEY_BYTES + MAX_VALUE_BYTES + 3 + NAME_BYTES * (MGET_INDEX + 1));
  private final MemorySegment memory = requests.memory();

  /** Where the amount and the seconds lie in the arguments; the value lies behind the key. */
  private final int amountOffset = KEY_BYTES + MAX_VALUE_BYTES;

  private final int secondsOffset = amountOffset + 1;
  private final int msOffset = secondsOffset + 1;

  /** Behind them the names of the commands, as RESP has them. */
  private final int namesOffset = msOffset + 1;

  private final int[] nameLengths = new int[MGET_INDEX + 1];

  /**
   * Takes a socket over.
   *
   * @param socket the socket, connected and never waiting, for this client to close
   */
  RehearsalClient(ByteChannel socket, Protocol protocol) {
    this.socket = socket;
    this.protocol = protocol;
    isCompact = protocol == Protocol.COMPACT;
    arguments.memory().asSlice(KEY_BYTES, MAX_VALUE_BYTES).fill((byte) 'v');
    arguments.memory().set(ValueLayout.JAVA_BYTE, amountOffset, AMOUNT[0]);
    arguments.memory().set(ValueLayout.JAVA_BYTE, secondsOffset, SECONDS[0]);
    arguments.memory().set(ValueLayout.JAVA_BYTE, msOffset, (byte) ('0' + TIME_MS));
    for (Command command : Command.values()) {
      name(command.ordinal(), respName(command));
    }
    name(MGET_INDEX, MGET);
    if (isCompact) {
      requests.end += ProtocolSwitch.encode(memory, 0, ProtocolSwitch.COMPACT_VERSION);
    }
  }

  /** Times are milliseconds, as in compact. */
  private static String respName(Command command) {
    return switch (command) {
      case SETEX -> "PSETEX";
      case EXPIRE -> "PEXPIRE";
      default -> command.name();
    };
  }

  private void name(int index, String name) {
    byte[] bytes = name.getBytes(US_ASCII);
    MemorySegment.copy(
        MemorySegment.ofArray(bytes),
        0,
        arguments.memory(),
        namesOffset + index * NAME_BYTES,
        bytes.length);
    nameLengths[index] = bytes.length;
  }

  /**
   * Chooses the key of the next requests, and a value that may begin as a number does. Every second
   * key shares its first half with others.
   */
  void key(long number) {
    boolean isAlike = (number & 1) == 0;
    arguments.memory().set(ValueLayout.JAVA_LONG, 0, isAlike ? 0 : number * MIX);
    arguments.memory().set(ValueLayout.JAVA_LONG, Long.BYTES, isAlike ? number * MIX : number);
    arguments.memory().set(ValueLayout.JAVA_BYTE, KEY_BYTES, (byte) number);
  }

  Protocol protocol() {
    return protocol;
  }

  // ---- requests

  void ping() {
    boolean hasArgument = protocol == Protocol.CLASSIC;
    begin(Command.PING, 0, hasArgument ? ClassicRequestEncoder.ARGUMENT_OVERHEAD : 0);
    if (hasArgument) {
      argument(0, 0);
    }
  }

  /** A request whose one argument is the key. */
  void add(Command command) {
    begin(command, 1, ClassicRequestEncoder.ARGUMENT_OVERHEAD + KEY_BYTES);
    argument(0, KEY_BYTES);
  }

  void set(int valueLength) {
    begin(Command.SET, 2, 2 * ClassicRequestEncoder.ARGUMENT_OVERHEAD + KEY_BYTES + valueLength);
    argument(0, KEY_BYTES);
    argument(KEY_BYTES, valueLength);
  }

  /** A value with a deadline; in classic, which cannot say it at once, one without. */
  void setWithDeadline(int valueLength) {
    if (protocol == Protocol.CLASSIC) {
      set(valueLength);
      return;
    }
    begin(Command.SETEX, 3, 0);
    argument(0, KEY_BYTES);
    if (protocol == Protocol.RESP) {
      argument(msOffset, 1);
    }
    argument(KEY_BYTES, valueLength);
    if (isCompact) {
      requests.end += CompactRequestEncoder.time(memory, requests.end, TIME_MS);
    }
  }

  /** INCRBY or DECRBY. */
  void addAmount(Command command) {
    begin(command, 2, 2 * ClassicRequestEncoder.ARGUMENT_OVERHEAD + KEY_BYTES + AMOUNT.length);
    argument(0, KEY_BYTES);
    if (isCompact) {
      requests.end += CompactRequestEncoder.zigzag(memory, requests.end, AMOUNT[0]);
    } else {
      argument(amountOffset, AMOUNT.length);
    }
  }

  void expire() {
    begin(
        Command.EXPIRE,
        2,
        2 * ClassicRequestEncoder.ARGUMENT_OVERHEAD + KEY_BYTES + SECONDS.length);
    argument(0, KEY_BYTES);
    if (isCompact) {
      requests.end += CompactRequestEncoder.time(memory, requests.end, TIME_MS);
    } else {
      argument(protocol == Protocol.RESP ? msOffset : secondsOffset, 1);
    }
  }

  /** Several values at once; where the protocol has no such request, one. */
  void getMany() {
    if (protocol != Protocol.RESP) {
      add(Command.GET);
      return;
    }
    requests.end += RespRequestEncoder.header(memory, requests.end, 1 + MGET_KEYS);
    argument(namesOffset + MGET_INDEX * NAME_BYTES, nameLengths[MGET_INDEX]);
    for (int i = 0; i < MGET_KEYS; i++) {
      argument(0, KEY_BYTES);
    }
  }

  private void begin(Command command, int argumentCount, int classicArgumentsLength) {
    switch (protocol) {
      case CLASSIC ->
          requests.end +=
              ClassicRequestEncoder.header(
                  memory,
                  requests.end,
                  command,
                  ClassicRequestEncoder.HEADER_LENGTH + classicArgumentsLength);
      case COMPACT -> requests.end += CompactRequestEncoder.opcode(memory, requests.end, command);
      case RESP -> {
        int index = command.ordinal();
        requests.end += RespRequestEncoder.header(memory, requests.end, 1 + argumentCount);
        argument(namesOffset + index * NAME_BYTES, nameLengths[index]);
      }
    }
  }

  private void argument(int offset, int length) {
    MemorySegment source = arguments.memory();
    requests.end +=
        switch (protocol) {
          case CLASSIC ->
              ClassicRequestEncoder.argument(memory, requests.end, source, offset, length);
          case COMPACT -> CompactRequestEncoder.bytes(memory, requests.end, source, offset, length);
          case RESP -> RespRequestEncoder.argument(memory, requests.end, source, offset, length);
        };
  }

  /** Whether another request with a value of any length fits. */
  boolean hasRoom() {
    return requests.room() > 2 * MAX_VALUE_BYTES;
  }

  // ---- bytes

  /** How many bytes wait to be sent. */
  int unsentBytes() {
    return requests.length();
  }

  /** Sends at most so many bytes, as many as the socket takes. */
  void send(int mostBytes) throws IOException {
    int length = Math.min(mostBytes, requests.length());
    requests.start += socket.write(requests.bytes(requests.start, length));
    if (requests.length() == 0) {
      requests.start = 0;
      requests.end = 0;
    }
  }

  /** Throws away what has come. */
  void drain() throws IOException {
    int read;
    do {
      ByteBuffer room = replies.bytes(0, replies.capacity());
      read = socket.read(room);
    } while (read == replies.capacity());
    if (read < 0) {
      throw new IOException("connection was dropped: protocol=" + protocol);
    }
  }

  @Override
  public void close() {
    Sockets.closeQuietly(socket);
    requests.free();
    replies.free();
    arguments.free();
  }
}
