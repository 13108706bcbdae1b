package io.fkvs.server.transport;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Supplier;

/**
 * Moves bytes between clients and the event loop. It accepts, receives and sends; it knows nothing
 * of requests. Completions, not readiness, are what it tells, so that system interfaces of both
 * kinds can stand behind it. Belongs to the thread of the event loop, except {@link #wakeUp}.
 */
public interface Transport extends AutoCloseable {
  /** What a transport tells. Called on the thread of the event loop, inside {@link #poll}. */
  interface Listener {
    /** Something happened: called once in a {@link #poll}, before the first event is told. */
    void onEvents();

    /**
     * A client connected.
     *
     * @return who handles it, or {@code null} to close it
     */
    Channel.Handler onAccepted(Channel channel);

    /** A client that was to be served here has gone before anybody was told that it came. */
    default void onVanished() {}

    /**
     * The bytes that were received so far in this {@link #poll} are overwritten after this call.
     */
    void onDelivered();
  }

  /** Says whom to tell, before the first poll. */
  void listener(Listener listener);

  /** The listener of those who do not tell listeners apart. */
  int MAIN_LISTENER = 0;

  /** Accepts clients of the main listener at one more address, as the other method does. */
  default SocketAddress listen(SocketAddress address) throws IOException {
    return listen(address, MAIN_LISTENER);
  }

  /**
   * Accepts clients at one more address, from the first poll on.
   *
   * @param address a TCP address or the path of a Unix socket
   * @param listener what {@link Channel#listener} of these clients is to say
   * @return the address, with the port that the system chose where it was to
   * @throws IOException if the system refuses
   */
  SocketAddress listen(SocketAddress address, int listener) throws IOException;

  /**
   * Lets clients who come to this transport's addresses be served by several transports.
   *
   * @param next answers which one serves the next client: this one, or one of the same class. It is
   *     asked on the thread of the event loop
   */
  void dealTo(Supplier<Transport> next);

  /**
   * Waits for events and tells the listener of them. The bytes that were received stay where they
   * are until the next call, unless the listener is told earlier.
   *
   * @param timeoutMs how long to wait where nothing is to do, 0 for not at all
   * @return how many events there were
   * @throws IOException if the system refuses to say
   */
  int poll(long timeoutMs) throws IOException;

  /** Accepts no more clients; those connected stay. */
  void stopAccepting();

  /** Ends the wait of a {@link #poll}, this one or the next. Any thread. */
  void wakeUp();

  /** The name by which the log and INFO call it. */
  String name();

  /** Closes everything. Closing again does nothing. */
  @Override
  void close();
}
