package io.fkvs.history;

import java.io.IOException;
import java.util.List;

/**
 * What a workload runs against: a server, several that are to act as one, or something in process.
 * Any thread may connect.
 */
public interface Target {
  /**
   * Connects a client.
   *
   * @param client the number of the client, from 0; each connection has another
   * @return the connection, for the caller to close
   * @throws IOException if that is not possible now; the client tries again with its next requests
   */
  Session connect(int client) throws IOException;

  /**
   * Says whether GETDEL can be asked.
   *
   * @return whether it can; {@code true} unless a target says otherwise
   */
  default boolean knowsGetAndDelete() {
    return true;
  }

  /** A connection. It belongs to one thread. */
  interface Session extends AutoCloseable {
    /**
     * Sends requests, all before it waits for the first answer, and receives the answers. A
     * connection that breaks is no exception, but {@link Answer#UNKNOWN}.
     *
     * @param requests the requests
     * @return an answer to each, in their order
     */
    List<Answer> exchange(List<Request> requests);

    /** Closes the connection. */
    @Override
    void close();
  }
}
