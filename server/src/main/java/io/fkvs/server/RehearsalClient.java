package io.fkvs.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.transport.Sockets;
import io.fkvs.wire.ClassicRequestEncoder;
import io.fkvs.wire.Command;
import io.fkvs.wire.CompactRequestEncoder;
import io.fkvs.wire.ProtocolSwitch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The far end of a connection of a {@link Rehearsal}: collects requests, sends them, and throws the
 * replies away. All its memory is of the kind that the server's buffers are, so that the compiler
 * sees no other at the places that both use. Belongs to the thread of the rehearsal.
 */
final class RehearsalClient implements AutoCloseable {
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

  private final SocketChannel socket;
  private final boolean isCompact;
  private final Buffer requests = new Buffer(BUFFER_BYTES);
  private final Buffer replies = new Buffer(BUFFER_BYTES);
  private final Buffer arguments = new Buffer(KEY_BYTES + MAX_VALUE_BYTES + 2);
  private final MemorySegment memory = requests.memory();

  /** Where the amount and the seconds lie in the arguments; the value lies behind the key. */
  private final int amountOffset = KEY_BYTES + MAX_VALUE_BYTES;

  private final int secondsOffset = amountOffset + 1;

  /**
   * Takes a socket over.
   *
   * @param socket the socket, connected, for this client to close
   * @param isCompact whether to switch to the compact protocol
   */
  RehearsalClient(SocketChannel socket, boolean isCompact) throws IOException {
    this.socket = socket;
    this.isCompact = isCompact;
    socket.configureBlocking(false);
    arguments.memory().asSlice(KEY_BYTES, MAX_VALUE_BYTES).fill((byte) 'v');
    arguments.memory().set(ValueLayout.JAVA_BYTE, amountOffset, AMOUNT[0]);
    arguments.memory().set(ValueLayout.JAVA_BYTE, secondsOffset, SECONDS[0]);
    if (isCompact) {
      requests.end += ProtocolSwitch.encode(memory, 0, ProtocolSwitch.COMPACT_VERSION);
    }
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

  // ---- requests

  void ping() {
    begin(Command.PING, isCompact ? 0 : ClassicRequestEncoder.ARGUMENT_OVERHEAD);
    if (!isCompact) {
      argument(0, 0);
    }
  }

  /** A request whose one argument is the key. */
  void add(Command command) {
    begin(command, ClassicRequestEncoder.ARGUMENT_OVERHEAD + KEY_BYTES);
    argument(0, KEY_BYTES);
  }

  void set(int valueLength) {
    begin(Command.SET, 2 * ClassicRequestEncoder.ARGUMENT_OVERHEAD + KEY_BYTES + valueLength);
    argument(0, KEY_BYTES);
    argument(KEY_BYTES, valueLength);
  }

  /** A value with a deadline; in classic, which cannot say it at once, one without. */
  void setWithDeadline(int valueLength) {
    if (!isCompact) {
      set(valueLength);
      return;
    }
    begin(Command.SETEX, 0);
    argument(0, KEY_BYTES);
    argument(KEY_BYTES, valueLength);
    requests.end += CompactRequestEncoder.time(memory, requests.end, TIME_MS);
  }

  /** INCRBY or DECRBY. */
  void addAmount(Command command) {
    begin(command, 2 * ClassicRequestEncoder.ARGUMENT_OVERHEAD + KEY_BYTES + AMOUNT.length);
    argument(0, KEY_BYTES);
    if (isCompact) {
      requests.end += CompactRequestEncoder.zigzag(memory, requests.end, AMOUNT[0]);
    } else {
      argument(amountOffset, AMOUNT.length);
    }
  }

  void expire() {
    begin(Command.EXPIRE, 2 * ClassicRequestEncoder.ARGUMENT_OVERHEAD + KEY_BYTES + SECONDS.length);
    argument(0, KEY_BYTES);
    if (isCompact) {
      requests.end += CompactRequestEncoder.time(memory, requests.end, TIME_MS);
    } else {
      argument(secondsOffset, SECONDS.length);
    }
  }

  private void begin(Command command, int classicArgumentsLength) {
    requests.end +=
        isCompact
            ? CompactRequestEncoder.opcode(memory, requests.end, command)
            : ClassicRequestEncoder.header(
                memory,
                requests.end,
                command,
                ClassicRequestEncoder.HEADER_LENGTH + classicArgumentsLength);
  }

  private void argument(int offset, int length) {
    requests.end +=
        isCompact
            ? CompactRequestEncoder.bytes(memory, requests.end, arguments.memory(), offset, length)
            : ClassicRequestEncoder.argument(
                memory, requests.end, arguments.memory(), offset, length);
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
      throw new IOException("connection was dropped: isCompact=" + isCompact);
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
