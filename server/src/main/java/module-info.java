/** The fkvs server. */
@SuppressWarnings("requires-automatic") // neither agrona nor picocli could do harm here
module io.fkvs.server {
  requires info.picocli;
  requires io.fkvs.store;
  requires io.fkvs.wire;
  requires java.logging;
  requires org.agrona;

  exports io.fkvs.server;

  opens io.fkvs.server to
      info.picocli;

  uses io.fkvs.store.StoreProvider;
}
