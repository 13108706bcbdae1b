package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.fkvs.client.ClientConfig;
import io.fkvs.client.FkvsClient;
import io.fkvs.client.Protocol;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/**
 * What the event loop allocates for a client that speaks TLS: what the JDK's engine does for two
 * records, one in and one out. Nothing of our own is allocated.
 */
@EveryTransport
class TlsAllocationTest {
  /** The engine of JDK 25 took 3,224 bytes for both records, and more for longer ones. */
  private static final long MOST_BYTES = 6_000;

  private static final int EXCHANGES = 2_000;
  private static final int MAX_ROUNDS = 20;

  @Parameter private TransportChoice transport;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** The newest thread of an event loop: that of this test's server. */
  private static long loopThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("fkvs-event-loop"))
        .max(Comparator.comparingLong(Thread::threadId))
        .orElseThrow()
        .threadId();
  }

  @Test
  void shouldAllocateLittleForARecordEachWay() throws IOException {
    ClientConfig config =
        ClientConfig.defaults()
            .withProtocol(Protocol.COMPACT)
            .withTls(Certificates.context(null, "ca"));
    ServerConfig encrypted =
        TestServers.config(transport).withTls(Certificates.context("server", "ca"), false);
    try (Server server = Server.start(encrypted);
        FkvsClient client = FkvsClient.connect("127.0.0.1", server.address().getPort(), config)) {
      long thread = loopThread();
      long leastBytes = Long.MAX_VALUE;
      for (int i = 0; i < MAX_ROUNDS && leastBytes > MOST_BYTES; i++) {
        long before = threads.getThreadAllocatedBytes(thread);
        for (int j = 0; j < EXCHANGES; j++) {
          client.ping();
        }
        leastBytes =
            Math.min(leastBytes, (threads.getThreadAllocatedBytes(thread) - before) / EXCHANGES);
      }
      long bytes = leastBytes;
      assertTrue(bytes <= MOST_BYTES, () -> "bytes for an exchange=" + bytes);
    }
  }
}
