/** The fkvs server, for programs that embed it. */
@SuppressWarnings("requires-automatic") // it could do no harm here
module io.fkvs.server {
  requires transitive io.fkvs.store;
  requires io.fkvs.store.durable;
  requires io.fkvs.uring;
  requires transitive io.fkvs.wire;
  requires java.management;
  requires jdk.httpserver;
  requires jdk.management;
  requires org.agrona;

  exports io.fkvs.server;
  exports io.fkvs.server.buffer;
  exports io.fkvs.server.protocol;
  exports io.fkvs.server.replication;

  uses io.fkvs.server.protocol.ProtocolProvider;
  uses io.fkvs.store.StoreProvider;
}
