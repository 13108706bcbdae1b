package io.fkvs.server.access;

import io.fkvs.server.protocol.Authentication;
import java.lang.foreign.MemorySegment;

/** The {@link Authentication} of one client against the password of its server. */
public final class ClientAuthentication implements Authentication {
  /** Of a client whose server has no password. */
  public static final Authentication NOT_REQUIRED = new ClientAuthentication(null, () -> {});

  private final Password password;
  private final Runnable onRefused;
  private boolean isAuthenticated;

  private ClientAuthentication(Password password, Runnable onRefused) {
    this.password = password;
    this.onRefused = onRefused;
    isAuthenticated = password == null;
  }

  /**
   * Begins with a client that has said nothing.
   *
   * @param password what it has to say, {@code null} where nothing
   * @param onRefused called when it says something else
   */
  public static Authentication of(Password password, Runnable onRefused) {
    return password == null ? NOT_REQUIRED : new ClientAuthentication(password, onRefused);
  }

  @Override
  public boolean isRequired() {
    return password != null;
  }

  @Override
  public boolean isAuthenticated() {
    return isAuthenticated;
  }

  @Override
  public boolean authenticate(MemorySegment bytes, long offset, int length) {
    if (password == null) {
      return false;
    }
    if (!password.matches(bytes, offset, length)) {
      onRefused.run();
      return false;
    }
    isAuthenticated = true;
    return true;
  }

  @Override
  public void reset() {
    isAuthenticated = password == null;
  }
}
