package io.fkvs.client;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * How a client is to behave. Immutable: each {@code with} method answers a changed copy. Any thread
 * may use it.
 */
public final class ClientConfig implements Cloneable {
  private static final ClientConfig DEFAULTS = new ClientConfig();

  private Duration connectTimeout = Duration.ofSeconds(5);
  private Duration readTimeout = Duration.ofSeconds(30);
  private Protocol protocol = Protocol.CLASSIC;
  private byte[] password;
  private SSLContext tls;

  private ClientConfig() {}

  /**
   * The configuration of {@link FkvsClient#connect(String, int)}: 5 seconds to connect, 30 to wait,
   * classic, no password, no TLS.
   *
   * @return the defaults
   */
  public static ClientConfig defaults() {
    return DEFAULTS;
  }

  /** {@return how long to wait for a connection, a TLS handshake included} */
  public Duration connectTimeout() {
    return connectTimeout;
  }

  /**
   * Sets the time to wait for a connection.
   *
   * @param connectTimeout more than zero
   * @return the changed copy
   * @throws IllegalArgumentException if it is not more than zero
   */
  public ClientConfig withConnectTimeout(Duration connectTimeout) {
    checkPositive("connectTimeout", connectTimeout);
    return with(copy -> copy.connectTimeout = connectTimeout);
  }

  /**
   * {@return how long a call waits without the server sending or taking a byte; a transfer that
   * moves on never times out}
   */
  public Duration readTimeout() {
    return readTimeout;
  }

  /**
   * Sets the time that a call waits without the server sending or taking a byte.
   *
   * @param readTimeout more than zero
   * @return the changed copy
   * @throws IllegalArgumentException if it is not more than zero
   */
  public ClientConfig withReadTimeout(Duration readTimeout) {
    checkPositive("readTimeout", readTimeout);
    return with(copy -> copy.readTimeout = readTimeout);
  }

  /** {@return what to speak} */
  public Protocol protocol() {
    return protocol;
  }

  /**
   * Sets what to speak. A server that does not know the protocol is no server to connect to.
   *
   * @param protocol the protocol
   * @return the changed copy
   */
  public ClientConfig withProtocol(Protocol protocol) {
    Objects.requireNonNull(protocol, "protocol");
    return with(copy -> copy.protocol = protocol);
  }

  /** {@return a copy of the password to say first, or nothing} */
  public Optional<byte[]> password() {
    return Optional.ofNullable(password).map(byte[]::clone);
  }

  /**
   * Sets a password that the client says to the server as soon as it is connected. It needs {@link
   * Protocol#COMPACT}: classic cannot say one.
   *
   * @param password its bytes, copied
   * @return the changed copy
   */
  public ClientConfig withPassword(byte[] password) {
    byte[] own = password.clone();
    return with(copy -> copy.password = own);
  }

  /** {@return what encrypts the connection, or nothing for a plain one} */
  public Optional<SSLContext> tls() {
    return Optional.ofNullable(tls);
  }

  /**
   * Encrypts connections over TCP with TLS 1.2 or 1.3. The server's certificate must be trusted by
   * the context and be for the host that the client connects to.
   *
   * @param context says whom to trust, and has the client's own certificate where the server wants
   *     one
   * @return the changed copy
   */
  public ClientConfig withTls(SSLContext context) {
    Objects.requireNonNull(context, "context");
    return with(copy -> copy.tls = context);
  }

  /** A changed copy. All fields hold what is not changed, so a shallow copy does. */
  private ClientConfig with(Consumer<ClientConfig> change) {
    try {
      ClientConfig copy = (ClientConfig) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  private static void checkPositive(String name, Duration timeout) {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout must be more than zero: " + name + "=" + timeout);
    }
  }
}
