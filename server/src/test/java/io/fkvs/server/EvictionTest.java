package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A server that evicts serves on when it is full. */
class EvictionTest {
  private static final int MEMORY_BYTES = 4 << 20;
  private static final int VALUE_BYTES = 10_000;

  private static ServerConfig config(String table) {
    return TestServers.config(TransportChoice.NIO, table)
        .withMaxMemoryBytes(MEMORY_BYTES)
        .withEviction("allkeys-lfu");
  }

  @Test
  void shouldTakeWhatComesAndTellWhatWent() throws IOException {
    try (Server server = Server.start(config("swiss"));
        Peer peer = Peer.connect(server.address())) {
      byte[] value = new byte[VALUE_BYTES];
      for (int i = 0; i < 2 * MEMORY_BYTES / VALUE_BYTES; i++) {
        byte[] reply = peer.exchange(Frames.request(Frames.SET, Frames.ascii("k" + i), value));
        assertArrayEquals(Frames.value(value), reply);
        assertArrayEquals(Frames.value(value), peer.exchange(Frames.request(Frames.GET, "k" + i)));
      }
      String info = Info.of(peer);
      assertEquals("allkeys-lfu", Info.text(info, "eviction"));
      assertTrue(Info.number(info, "evicted_keys") > MEMORY_BYTES / VALUE_BYTES / 2);
      assertTrue(Info.number(info, "reserved_bytes") <= MEMORY_BYTES);
    }
  }

  @Test
  void shouldNotStartWithATableThatCannotEvict() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Server.start(config("chained")));
    assertEquals(
        "table cannot evict entries or tell of those that go: table=chained", e.getMessage());
  }

  @Test
  void shouldNotStartWithDataOnDisk() {
    ServerConfig config = config("swiss").withDisk(new ForgetfulDisk());
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Server.start(config));
    assertEquals(
        "a store on disk cannot evict entries or tell of those that go: eviction=allkeys-lfu,"
            + " removalListener=false",
        e.getMessage());
  }
}
