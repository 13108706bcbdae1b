package io.fkvs.server.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last requests that were slow, for SLOWLOG. Any loop may add; who reads or forgets is alone.
 * Allocates where a request is slow, and bounds what it keeps of one as Redis does.
 */
final class SlowLog {
  /** The most arguments that are kept of a request, and the most bytes of one. */
  private static final int MOST_ARGUMENTS = 32;

  private static final int MOST_ARGUMENT_BYTES = 128;

  /** In the place of what nobody is to see. */
  private static final byte[] SECRET = text("(redacted)");

  /**
   * A slow request.
   *
   * @param seconds when it ended, since the epoch
   * @param micros how long it took
   * @param arguments its arguments, cut
   * @param peer who asked, and what he is called
   */
  record Entry(
      long id, long seconds, long micros, List<byte[]> arguments, String peer, String name) {}

  /** The newest first. */
  private final Deque<Entry> entries = new ArrayDeque<>();

  private long nextId;

  /** Those that are kept, the newest first. */
  Iterable<Entry> entries() {
    return entries;
  }

  int length() {
    return entries.size();
  }

  void clear() {
    entries.clear();
  }

  /** Forgets the oldest until there are no more than so many. */
  void trim(long mostEntries) {
    while (entries.size() > mostEntries) {
      entries.removeLast();
    }
  }

  /**
   * Remembers a request.
   *
   * @param runLength how many requests took the time together, of which this was the last
   * @param mostEntries how many are kept
   */
  synchronized void add(Call call, long seconds, long micros, int runLength, long mostEntries) {
    RespSession session = call.session;
    List<byte[]> arguments = arguments(call);
    if (runLength > 1) {
      arguments.add(text("... (the last of " + runLength + " short requests together)"));
    }
    entries.addFirst(
        new Entry(nextId++, seconds, micros, arguments, session.address(), session.name));
    trim(mostEntries);
  }

  private static List<byte[]> arguments(Call call) {
    int count = call.count();
    List<byte[]> arguments = new ArrayList<>();
    int shown = count <= MOST_ARGUMENTS ? count : MOST_ARGUMENTS - 1;
    int secrets = secrets(call);
    for (int i = 0; i < shown; i++) {
      arguments.add(i >= secrets ? SECRET : cut(call, i));
    }
    if (shown < count) {
      arguments.add(text("... (" + (count - shown) + " more arguments)"));
    }
    return arguments;
  }

  /** The first argument that may be a password. */
  private static int secrets(Call call) {
    return switch (call.command.name) {
      case "auth" -> 1;
      case "hello" -> 2; // behind the version
      default -> Integer.MAX_VALUE;
    };
  }

  private static byte[] cut(Call call, int index) {
    int length = call.length(index);
    if (length <= MOST_ARGUMENT_BYTES) {
      return call.bytes(index);
    }
    String start = new String(call.bytes(index, MOST_ARGUMENT_BYTES), ISO_8859_1);
    return text(start + "... (" + (length - MOST_ARGUMENT_BYTES) + " more bytes)");
  }

  private static byte[] text(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
