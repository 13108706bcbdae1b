package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.command.RequestCounters;
import io.fkvs.server.rehearsal.Rehearsal;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A server that will speak RESP practises it, and no other does. */
class RespRehearsalTest {
  private static final ServerConfig CONFIG = ServerConfig.defaults().withPort(0).withTable("swiss");

  private static RequestCounters practise(ServerConfig config) throws IOException {
    try (Rehearsal rehearsal = Server.rehearsal(config)) {
      rehearsal.round();
      rehearsal.round();
      return rehearsal.loop().context().requestCounters();
    }
  }

  @Test
  void shouldPractiseRespWhereItIsSpoken() throws IOException {
    for (ServerConfig config :
        new ServerConfig[] {
          CONFIG.withRespPort(0), CONFIG.withRespUnixSocket(Path.of("target", "none.sock"))
        }) {
      RequestCounters counters = practise(config);
      long asked = counters.resp();
      assertTrue(asked > 5_000, "asked=" + asked);
      assertTrue(counters.requests > 2 * asked, "requests=" + counters.requests);
      assertEquals(0, counters.errors);
    }
  }

  @Test
  void shouldNotPractiseItElsewhere() throws IOException {
    assertEquals(0, practise(CONFIG).resp());
  }
}
