package io.fkvs.load.transport;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ByteChannel;
import java.time.Duration;

/**
 * The connections of one event loop. They are opened by any thread before the first {@link #poll};
 * from then on all belongs to the thread that calls it.
 */
public interface Transport extends AutoCloseable {
  /** How the message of a timeout begins. */
  String SILENCE = "server is silent: timeout=";

  /** What a client has to say, and to hear, before its first request. */
  @FunctionalInterface
  interface Greeting {
    /**
     * Says it.
     *
     * @param channel a connection whose reads and writes wait
     * @throws IOException where the server does not answer as it should
     */
    void exchange(ByteChannel channel) throws IOException;
  }

  /** Whom {@link #poll} tells. A failure ends the poll, and the connections are of no more use. */
  interface Listener {
    /**
     * A wire takes more bytes, or has taken the last of those that it owed.
     *
     * @param index the wire's number in the order of connecting, from 0
     * @throws IOException where the connection is broken
     */
    void onWritable(int index) throws IOException;

    /**
     * Bytes have come on a wire, or its end; to be read once.
     *
     * @param index the wire's number in the order of connecting, from 0
     * @throws IOException where the connection is broken or what came is wrong
     */
    void onReadable(int index) throws IOException;
  }

  /**
   * Opens a connection; waits until it is there.
   *
   * @param address of TCP or of a Unix socket
   * @param greeting what comes before requests
   * @param timeout how long to wait for the server at each step, more than zero
   * @return the wire, which lives as long as the transport
   * @throws IOException where the server cannot be reached, or does not answer in time
   */
  Wire connect(SocketAddress address, Greeting greeting, Duration timeout) throws IOException;

  /**
   * Sees to it that what was written is on its way, and tells of what happened.
   *
   * @param timeoutMs how long to wait where nothing has happened, 0 for not at all
   * @return how much it told
   * @throws IOException where the listener threw it, or the system fails
   */
  int poll(long timeoutMs) throws IOException;

  /**
   * What it is.
   *
   * @return {@code nio} or {@code io_uring}
   */
  String name();

  @Override
  void close() throws IOException;
}
