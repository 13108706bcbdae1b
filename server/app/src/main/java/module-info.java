/** The programs: the server with its flags and its log, and the command line client. */
@SuppressWarnings("requires-automatic") // none of them could do harm here
module io.fkvs.server.app {
  requires info.picocli;
  requires io.fkvs.client;
  requires transitive io.fkvs.server;
  requires io.fkvs.store.durable;
  requires java.logging;
  requires org.jline;

  exports io.fkvs.server.app;
  exports io.fkvs.server.app.security;

  opens io.fkvs.server.app to
      info.picocli;
  opens io.fkvs.server.app.cli to
      info.picocli;
}
