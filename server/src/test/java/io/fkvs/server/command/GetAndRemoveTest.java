package io.fkvs.server.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Compacts;
import io.fkvs.server.access.ClientAuthentication;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.buffer.Output;
import io.fkvs.server.buffer.Shortage;
import io.fkvs.store.Store;
import io.fkvs.wire.Command;
import io.fkvs.wire.Request;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** GETDEL where there is no memory for its reply. */
class GetAndRemoveTest {
  private static final byte[] KEY = {'k'};
  private static final byte[] VALUE = new byte[1 << 20];

  @Test
  void shouldKeepTheKeyUntilThereIsMemoryForTheReply() {
    try (Store store = Store.open()) {
      store.put(KEY, VALUE);

      assertFalse(isExecuted(store, new BufferPool(VALUE.length / 2)));
      assertArrayEquals(VALUE, store.get(KEY));

      assertTrue(isExecuted(store, new BufferPool(64 * VALUE.length)));
      assertEquals(0, store.size());
    }
  }

  private static boolean isExecuted(Store store, BufferPool pool) {
    byte[] bytes = Compacts.request(Command.GETDEL.code(), KEY);
    Protocol protocol = new CompactProtocol(VALUE.length, pool);
    Request request = new Request();
    protocol.decode(MemorySegment.ofArray(bytes), 0, bytes.length, request);
    Output output = new Output(pool);
    boolean isExecuted =
        new CommandExecutor(
                store, Sharing.NONE, new RequestCounters(), new Shortage(pool), () -> "")
            .execute(request, protocol, ClientAuthentication.NOT_REQUIRED, output);
    assertEquals(isExecuted, output.length() > VALUE.length);
    output.clear();
    pool.close();
    return isExecuted;
  }
}
