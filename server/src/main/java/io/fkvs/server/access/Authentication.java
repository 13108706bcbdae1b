package io.fkvs.server.access;

import java.lang.foreign.MemorySegment;

/**
 * Whether one client may be served: always where no password is set, else once it has said it. Each
 * protocol asks before it carries out a request. Belongs to the thread of the event loop.
 */
public interface Authentication {
  /** Says whether there is a password at all. */
  boolean isRequired();

  /** Says whether the client may be served. */
  boolean isAuthenticated();

  /**
   * The client says a password. A wrong one changes nothing for a client that has said the right
   * one before.
   *
   * @return whether it is the right one; false where none is set
   */
  boolean authenticate(MemorySegment bytes, long offset, int length);
}
