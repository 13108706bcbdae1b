package io.fkvs.server.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.TestServers;
import io.fkvs.server.limits.Limits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may come in when the server is full. */
class ClientsTest {
  private static final int MAX_CLIENTS = 2;

  private final TestDispatch dispatch =
      new TestDispatch(
          TestServers.tables().getFirst(), MAX_CLIENTS, TimeoutQueue.NEVER, TimeoutQueue.NEVER);
  private final Clients clients = dispatch.clients;

  @AfterEach
  void close() {
    dispatch.close();
  }

  private ScriptedChannel connect(boolean isLocal) {
    ScriptedChannel channel = new ScriptedChannel(isLocal);
    assertTrue(clients.admit(channel));
    dispatch.connect(channel);
    return channel;
  }

  private boolean admits(boolean isLocal) {
    return clients.admit(new ScriptedChannel(isLocal));
  }

  private void fill() {
    connect(false);
    connect(true);
  }

  @Test
  void shouldKeepOnePlaceMoreForThisMachine() {
    fill();
    assertFalse(admits(false));
    connect(true);

    assertEquals(MAX_CLIENTS + 1, clients.count());
    assertFalse(admits(true));
    assertFalse(admits(false));
    assertEquals(3, dispatch.counters.refusedConnections);
  }

  @Test
  void shouldGiveThatPlaceToTheNextWhenOneHasHadIt() {
    fill();
    ScriptedChannel first = connect(true);
    dispatch.pass(Limits.SPARE_PLACE_MS - 1);
    assertFalse(admits(true));
    dispatch.pass(1);
    assertFalse(admits(false));
    assertFalse(first.isClosed());

    connect(true);

    assertTrue(first.isClosed());
    assertEquals(MAX_CLIENTS + 1, clients.count());
    assertEquals(1, dispatch.counters.droppedConnections);
  }

  @Test
  void shouldLetTheOneStayWhenAnUsualPlaceHasBecomeFree() {
    ScriptedChannel usual = connect(false);
    connect(false);
    ScriptedChannel spare = connect(true);
    usual.breakOff();
    dispatch.pass(Limits.SPARE_PLACE_MS);
    connect(true);

    assertFalse(spare.isClosed());
    assertEquals(MAX_CLIENTS + 1, clients.count());
  }
}
