package io.fkvs.server.loop;

import java.util.ArrayList;
import java.util.List;

/** The clients that are connected. Belongs to the thread of the event loop. */
public final class Clients {
  private final List<Connection> connections = new ArrayList<>();

  Clients() {}

  public int count() {
    return connections.size();
  }

  void add(Connection connection) {
    connection.index = connections.size();
    connections.add(connection);
  }

  void remove(Connection connection) {
    Connection last = connections.removeLast();
    if (last != connection) {
      connections.set(connection.index, last);
      last.index = connection.index;
    }
  }

  /**
   * Drops the client that holds most memory, and of equals the one that has not moved for longest.
   */
  void dropLargest() {
    Connection largest = null;
    long largestBytes = 0;
    for (int i = 0; i < connections.size(); i++) {
      Connection connection = connections.get(i);
      long bytes = connection.heldBytes();
      if (bytes > largestBytes
          || (bytes == largestBytes
              && largest != null
              && connection.lastMovedMs() < largest.lastMovedMs())) {
        largest = connection;
        largestBytes = bytes;
      }
    }
    if (largest != null) {
      largest.giveMemory();
    }
  }

  /** Tells every connection to answer what it received and to end. */
  void end() {
    for (int i = connections.size() - 1; i >= 0; i--) {
      connections.get(i).end();
    }
  }

  /** Says whether any client has replies to come. */
  public boolean haveReplies() {
    for (int i = 0; i < connections.size(); i++) {
      if (connections.get(i).hasReplies()) {
        return true;
      }
    }
    return false;
  }

  /** Closes every connection at once. */
  void close() {
    for (int i = connections.size() - 1; i >= 0; i--) {
      connections.get(i).close();
    }
  }
}
