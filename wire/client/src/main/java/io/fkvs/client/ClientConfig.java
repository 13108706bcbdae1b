package io.fkvs.client;

import java.time.Duration;
import java.util.Objects;

/**
 * How a client is to behave. Immutable: each {@code with} method answers a changed copy. Any thread
 * may use it.
 *
 * @param connectTimeout how long to wait for a connection, more than zero
 * @param readTimeout how long a call waits without the server sending or taking a byte, more than
 *     zero; a transfer that moves on never times out
 * @param protocol what to speak
 */
public record ClientConfig(Duration connectTimeout, Duration readTimeout, Protocol protocol) {
  private static final ClientConfig DEFAULTS =
      new ClientConfig(Duration.ofSeconds(5), Duration.ofSeconds(30), Protocol.CLASSIC);

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if a timeout is not more than zero
   */
  public ClientConfig {
    checkPositive("connectTimeout", connectTimeout);
    checkPositive("readTimeout", readTimeout);
    Objects.requireNonNull(protocol, "protocol");
  }

  /**
   * The configuration of {@link FkvsClient#connect(String, int)}: 5 seconds to connect, 30 to wait,
   * classic.
   *
   * @return the defaults
   */
  public static ClientConfig defaults() {
    return DEFAULTS;
  }

  /**
   * Sets the time to wait for a connection.
   *
   * @param connectTimeout more than zero
   * @return the changed copy
   * @throws IllegalArgumentException if it is not more than zero
   */
  public ClientConfig withConnectTimeout(Duration connectTimeout) {
    return new ClientConfig(connectTimeout, readTimeout, protocol);
  }

  /**
   * Sets the time that a call waits without the server sending or taking a byte.
   *
   * @param readTimeout more than zero
   * @return the changed copy
   * @throws IllegalArgumentException if it is not more than zero
   */
  public ClientConfig withReadTimeout(Duration readTimeout) {
    return new ClientConfig(connectTimeout, readTimeout, protocol);
  }

  /**
   * Sets what to speak. A server that does not know the protocol is no server to connect to.
   *
   * @param protocol the protocol
   * @return the changed copy
   */
  public ClientConfig withProtocol(Protocol protocol) {
    return new ClientConfig(connectTimeout, readTimeout, protocol);
  }

  private static void checkPositive(String name, Duration timeout) {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout must be more than zero: " + name + "=" + timeout);
    }
  }
}
