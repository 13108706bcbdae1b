package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryPlanTest {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;
  private static final String SWISS = "swiss";
  private static final String CHAINED = "chained";

  private final MemoryPlan plan = new MemoryPlan(8 * GIB, 256 * MIB);
  private final ServerConfig defaults = ServerConfig.defaults();

  @Test
  void shouldBoundTableAndClientsByTheMachineWhenNobodyDid() {
    ServerConfig config = plan.complete(defaults.withTable(SWISS));

    assertEquals(512 * MIB, config.maxClientMemoryBytes());
    assertEquals((8 * GIB - 896 * MIB) / 4 * 3, config.maxMemoryBytes());
    assertEquals(List.of(), plan.warnings(config.withTable(SWISS)));
  }

  @Test
  void shouldBoundATableOnTheHeapByTheHeap() {
    MemoryPlan large = new MemoryPlan(8 * GIB, 4 * GIB);

    ServerConfig config = large.complete(defaults.withTable(CHAINED));

    assertEquals((4 * GIB - 256 * MIB) / 3 * 2, config.maxMemoryBytes());
    assertEquals(List.of(), large.warnings(config.withTable(CHAINED)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 4, 16, 64, 256})
  void shouldLeaveSomethingForOthersWhateverTheMachine(long gib) {
    MemoryPlan some = new MemoryPlan(gib * GIB, 256 * MIB);

    ServerConfig config = some.complete(defaults.withTable(SWISS));

    long bytes = config.maxMemoryBytes() + config.maxClientMemoryBytes() + 384 * MIB;
    assertTrue(bytes <= gib * GIB * 9 / 10, "bytes=" + bytes);
    assertEquals(List.of(), some.warnings(config.withTable(SWISS)));
  }

  @Test
  void shouldKeepWhatTheConfigurationSays() {
    ServerConfig config =
        defaults.withMaxMemoryBytes(123 * MIB).withMaxClientMemoryBytes(100 * MIB);

    ServerConfig completed = plan.complete(config.withTable(SWISS));

    assertEquals(123 * MIB, completed.maxMemoryBytes());
    assertEquals(100 * MIB, completed.maxClientMemoryBytes());
  }

  @Test
  void shouldMakeRoomForTheLongestValues() {
    ServerConfig config = plan.complete(defaults.withMaxValueBytes((int) GIB));

    assertEquals(2 * GIB + 8 * MIB, config.maxClientMemoryBytes());
    config.checkClientMemory();
  }

  @Test
  void shouldWarnWithNumbersWhenTheHeapCannotHoldTheTable() {
    ServerConfig config =
        defaults
            .withMaxMemoryBytes(GIB)
            .withMaxClientMemoryBytes(ServerConfig.DEFAULT_MAX_CLIENT_MEMORY_BYTES);

    assertEquals(
        List.of(
            "the heap is too small for max-memory: max-memory=1073741824, maxHeap=268435456,"
                + " neededHeap=1879048192"),
        plan.warnings(config.withTable(CHAINED)));
  }

  @Test
  void shouldWarnWithNumbersWhenTheMachineCannotHoldAll() {
    ServerConfig config = defaults.withMaxMemoryBytes(8 * GIB);

    assertEquals(
        List.of(
            "the machine has too little memory for what may be used: max-memory=8589934592,"
                + " max-client-memory=268435456, maxHeap=268435456, together=9261023232,"
                + " machine=8589934592"),
        plan.warnings(config.withTable(SWISS)));
  }

  @Test
  void shouldWarnWithNumbersWhenClientsMayNotAllFindABuffer() {
    ServerConfig config = plan.complete(defaults.withTable(SWISS)).withMaxClients(100_000);

    assertEquals(
        List.of(
            "max-client-memory is too small for max-clients, some may be dropped:"
                + " max-client-memory=536870912, max-clients=100000, needed=13107200000"),
        plan.warnings(config.withTable(SWISS)));
  }
}
