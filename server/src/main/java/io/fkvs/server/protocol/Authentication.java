package io.fkvs.server.protocol;

import java.lang.foreign.MemorySegment;

/**
 * Whether one client may be served: always where no password is set, else once it has said it. Each
 * protocol asks before it carries out a request. Belongs to the thread of the event loop.
 */
public interface Authentication {
  /**
   * Says whether there is a password at all.
   *
   * @return whether clients have to say one
   */
  boolean isRequired();

  /**
   * Says whether the client may be served.
   *
   * @return whether there is no password, or the client has said it
   */
  boolean isAuthenticated();

  /**
   * The client says a password. A wrong one changes nothing for a client that has said the right
   * one before.
   *
   * @param bytes the memory that holds it
   * @param offset where it starts, in bytes
   * @param length its length in bytes
   * @return whether it is the right one; false where none is set
   */
  boolean authenticate(MemorySegment bytes, long offset, int length);

  /** Forgets what the client has said: where a password is set, it has to say it again. */
  void reset();
}
