package io.fkvs.server;

import java.io.IOException;

/** A server whose event loop runs on the thread of the test, a cycle at a time. */
public final class TestLoop implements AutoCloseable {
  private final Server server;

  public TestLoop(ServerConfig config) throws IOException {
    server = Server.open(config);
  }

  public Server server() {
    return server;
  }

  public Peer connect() throws IOException {
    Peer peer = Peer.connect(server.address());
    cycle();
    return peer;
  }

  /**
   * Runs cycles until one has nothing to do: one may begin what the next one hands to the system.
   */
  public int cycle() {
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
