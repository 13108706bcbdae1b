/** The fkvs server and the command line client. */
@SuppressWarnings("requires-automatic") // none of them could do harm here
module io.fkvs.server {
  requires info.picocli;
  requires io.fkvs.client;
  requires io.fkvs.store;
  requires io.fkvs.uring;
  requires io.fkvs.wire;
  requires java.logging;
  requires java.management;
  requires jdk.management;
  requires org.agrona;
  requires org.jline;

  exports io.fkvs.server;

  opens io.fkvs.server to
      info.picocli;
  opens io.fkvs.server.cli to
      info.picocli;

  uses io.fkvs.store.StoreProvider;
}
