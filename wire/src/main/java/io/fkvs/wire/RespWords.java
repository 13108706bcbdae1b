package io.fkvs.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Splits a line into words, as Redis does: between blanks, with quotes around what has some in it,
 * and in double quotes also {@code \n}, {@code \r}, {@code \t}, {@code \b}, {@code \a} and {@code
 * \xFF}. A line without quotes is left where it is; one with quotes is copied.
 */
final class RespWords {
  private static final int HEX_LENGTH = 4;

  private final MemorySegment source;
  private final long limit;
  private final MemorySegment target;
  private long position;
  private long end;

  private RespWords(MemorySegment source, long position, long limit, MemorySegment target) {
    this.source = source;
    this.position = position;
    this.limit = limit;
    this.target = target;
  }

  /** Adds the words to a request; answers whether the quotes are in order. */
  static boolean split(MemorySegment buffer, long offset, long limit, Request request) {
    long position = offset;
    while (true) {
      while (position < limit && isBlank(buffer.get(JAVA_BYTE, position))) {
        position++;
      }
      if (position == limit || buffer.get(JAVA_BYTE, position) == 0) {
        return true;
      }
      long start = position;
      while (position < limit && !endsWord(buffer.get(JAVA_BYTE, position))) {
        byte octet = buffer.get(JAVA_BYTE, position);
        if (octet == '"' || octet == '\'') {
          return splitCopy(buffer, offset, limit, request);
        }
        position++;
      }
      request.argument(start - offset, (int) (position - start));
    }
  }

  private static boolean splitCopy(MemorySegment buffer, long offset, long limit, Request request) {
    request.reset(buffer, null);
    MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, limit - offset));
    request.argumentBuffer(copy);
    return new RespWords(buffer, offset, limit, copy).words(request);
  }

  private boolean words(Request request) {
    while (true) {
      while (position < limit && isBlank(at(position))) {
        position++;
      }
      if (position == limit || at(position) == 0) {
        return true;
      }
      long start = end;
      if (!word()) {
        return false;
      }
      request.argument(start, (int) (end - start));
    }
  }

  private boolean word() {
    while (position < limit && !endsWord(at(position))) {
      byte octet = at(position);
      position++;
      if (octet == '"' || octet == '\'') {
        if (!quoted(octet)) {
          return false;
        }
        return position == limit || isBlank(at(position));
      }
      put(octet);
    }
    return true;
  }

  /** What stands in quotes, up to the one that closes; answers whether there is one. */
  private boolean quoted(byte quote) {
    while (position < limit) {
      byte octet = at(position);
      if (octet == quote) {
        position++;
        return true;
      }
      if (octet == 0) {
        return false;
      }
      if (octet == '\\' && position + 1 < limit) {
        escaped(quote);
      } else {
        put(octet);
        position++;
      }
    }
    return false;
  }

  private void escaped(byte quote) {
    byte octet = at(position + 1);
    if (quote == '\'') {
      put(octet == '\'' ? octet : (byte) '\\');
      position += octet == '\'' ? 2 : 1;
      return;
    }
    if (octet == 'x' && position + HEX_LENGTH <= limit && isHex(2) && isHex(3)) {
      put((byte) (hex(2) << 4 | hex(3)));
      position += HEX_LENGTH;
      return;
    }
    put(
        (byte)
            switch (octet) {
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 't' -> '\t';
              case 'b' -> '\b';
              case 'a' -> 7;
              default -> octet;
            });
    position += 2;
  }

  private boolean isHex(int index) {
    return hex(index) >= 0;
  }

  private int hex(int index) {
    return Character.digit((char) Byte.toUnsignedInt(at(position + index)), 16);
  }

  private byte at(long index) {
    return source.get(JAVA_BYTE, index);
  }

  private void put(byte octet) {
    target.set(JAVA_BYTE, end, octet);
    end++;
  }

  private static boolean endsWord(byte octet) {
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n' || octet == 0;
  }

  /** What C calls a space. */
  private static boolean isBlank(byte octet) {
    return octet == ' ' || (octet >= '\t' && octet <= '\r');
  }
}
