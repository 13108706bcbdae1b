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

  int cycle() {
    return server.eventLoop().doWork();
  }

  @Override
  public void close() {
    server.close();
  }
}
