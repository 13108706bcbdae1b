package io.fkvs.server;

import java.io.IOException;

/** A server whose event loop runs on the thread of the test, a cycle at a time. */
final class TestLoop implements AutoCloseable {
  private final Server server;

  TestLoop(ServerConfig config) throws IOException {
    server = Server.open(config);
  }

  Server server() {
    return server;
  }

  Peer connect() throws IOException {
    Peer peer = Peer.connect(server.address());
    cycle();
    return peer;
  }

  /**
   * Runs cycles until one has nothing to do: one may begin what the next one hands to the system.
   */
  int cycle() {
    int work = 0;
    int last;
    do {
      last = server.eventLoop().doWork();
      work += last;
    } while (last > 0);
    return work;
  }

  @Override
  public void close() {
    server.close();
  }
}
