package io.fkvs.server.access;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/*
 * Digests are compared in place of passwords: they have one length, and MessageDigest.isEqual looks
 * at all of their bytes. So how long an answer takes tells neither how many bytes of a guess are
 * right nor how long the password is. It depends on the length of the guess, which the guesser knows.
 */

/**
 * What a client must know to be served. It keeps a digest, not the password itself. Immutable; any
 * thread.
 */
public final class Password {
  /** Longer ones are a mistake: the wrong file. */
  public static final int MAX_BYTES = 1024;

  private final byte[] digest;

  private Password(byte[] digest) {
    this.digest = digest;
  }

  /**
   * The password of these bytes.
   *
   * @throws IllegalArgumentException if there are none, or more than {@link #MAX_BYTES}
   */
  public static Password of(byte[] secret) {
    if (secret.length == 0) {
      throw new IllegalArgumentException("password is empty");
    }
    if (secret.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "password is too long: bytes=" + secret.length + ", maxBytes=" + MAX_BYTES);
    }
    return new Password(digest(secret));
  }

  /** Says whether a range of bytes is the password. Takes time by the length of the range alone. */
  public boolean matches(MemorySegment bytes, long offset, int length) {
    if (length > MAX_BYTES) {
      return false;
    }
    byte[] guess = bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    boolean isEqual = MessageDigest.isEqual(digest, digest(guess));
    Arrays.fill(guess, (byte) 0);
    return isEqual;
  }

  private static byte[] digest(byte[] secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret);
    } catch (NoSuchAlgorithmException e) { // every Java has it
      throw new AssertionError(e);
    }
  }

  @Override
  public String toString() {
    return "password";
  }
}
