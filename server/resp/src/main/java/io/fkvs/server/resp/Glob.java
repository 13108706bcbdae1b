package io.fkvs.server.resp;

import io.fkvs.store.BytesView;
import java.nio.charset.StandardCharsets;

/**
 * A pattern of keys as Redis has them: {@code *}, {@code ?}, {@code [abc]}, {@code [^a]}, {@code
 * [a-c]}, and a backslash before what stands for itself.
 */
final class Glob {
  private final byte[] pattern;
  private final boolean isAll;

  Glob(byte[] pattern) {
    this.pattern = pattern;
    isAll = new String(pattern, StandardCharsets.ISO_8859_1).equals("*");
  }

  /** Says whether a key is of the pattern; of the empty key, two stars are none to Redis. */
  boolean matches(BytesView key) {
    int length = key.length();
    return isAll || (length == 0 ? pattern.length == 0 : matches(length, key::byteAt));
  }

  /** Says whether a name is of the pattern. */
  boolean matches(byte[] name) {
    return isAll || matches(name.length, index -> name[index]);
  }

  /** What a pattern is compared with. */
  private interface Bytes {
    byte at(int index);
  }

  /** A star that fails is tried again with one byte more; only the last one has to be. */
  private boolean matches(int length, Bytes key) {
    int p = 0;
    int k = 0;
    int starPattern = -1;
    int starKey = 0;
    while (true) {
      if (p < pattern.length && pattern[p] == '*') {
        starPattern = ++p;
        starKey = k;
        continue;
      }
      if (k < length && p < pattern.length) {
        int next = matchOne(p, key.at(k));
        if (next >= 0) {
          p = next;
          k++;
          continue;
        }
      } else if (k == length && p == pattern.length) {
        return true;
      }
      if (starPattern < 0 || starKey >= length) {
        return false;
      }
      p = starPattern;
      k = ++starKey;
    }
  }

  /** Matches one byte; answers where the pattern goes on, or -1. */
  private int matchOne(int p, byte octet) {
    return switch (pattern[p]) {
      case '?' -> p + 1;
      case '[' -> matchClass(p + 1, Byte.toUnsignedInt(octet));
      case '\\' -> {
        int literal = p + 1 < pattern.length ? p + 1 : p;
        yield pattern[literal] == octet ? literal + 1 : -1;
      }
      default -> pattern[p] == octet ? p + 1 : -1;
    };
  }

  private int matchClass(int start, int octet) {
    int p = start;
    boolean isNegated = p < pattern.length && pattern[p] == '^';
    if (isNegated) {
      p++;
    }
    boolean isMatched = false;
    while (p < pattern.length && pattern[p] != ']') {
      if (pattern[p] == '\\' && p + 1 < pattern.length) {
        p++;
        isMatched |= unsigned(p) == octet;
      } else if (p + 2 < pattern.length && pattern[p + 1] == '-') {
        int low = Math.min(unsigned(p), unsigned(p + 2));
        int high = Math.max(unsigned(p), unsigned(p + 2));
        isMatched |= octet >= low && octet <= high;
        p += 2;
      } else {
        isMatched |= unsigned(p) == octet;
      }
      p++;
    }
    int next = Math.min(p + 1, pattern.length);
    return isMatched == isNegated ? -1 : next;
  }

  private int unsigned(int index) {
    return Byte.toUnsignedInt(pattern[index]);
  }
}
