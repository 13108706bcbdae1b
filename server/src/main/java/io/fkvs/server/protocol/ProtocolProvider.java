package io.fkvs.server.protocol;

/**
 * Brings a protocol to the server, which finds providers with {@link java.util.ServiceLoader}: name
 * it in {@code provides} of the module descriptor. Any thread.
 */
public interface ProtocolProvider {
  /**
   * What the configuration calls the protocol.
   *
   * @return its name, in lower case
   */
  String name();

  /**
   * Opens the protocol in an event loop.
   *
   * @param host the loop, which will be the only thread that uses the endpoint
   * @return what serves the clients of the loop
   */
  Endpoint open(Host host);
}
