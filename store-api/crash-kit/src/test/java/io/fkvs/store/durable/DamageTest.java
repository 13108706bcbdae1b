package io.fkvs.store.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.durable.crash.SimulatedDisk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Files of which a byte is wrong, or that end too early. */
class DamageTest {
  private static final DurableOptions OPTIONS =
      DurableOptions.defaults()
          .withProvider(Tables.CHAINED)
          .withoutThread()
          .withSyncPolicy(SyncPolicy.ALWAYS)
          .withCompaction(1_000, 1 << 30);

  /** What was stored after each change, from the beginning. */
  private final List<Map<String, String>> states = new ArrayList<>(List.of(Map.of()));

  @BeforeAll
  static void quiet() {
    Quiet.logs();
  }

  /** A base, a log that is finished and one that is not. */
  private SimulatedDisk disk() {
    SimulatedDisk disk = new SimulatedDisk();
    try (DurableStore store = DurableStore.open(disk, OPTIONS)) {
      for (int i = 0; i < 6; i++) {
        put(store, "key" + i, "value" + i);
      }
      store.compact();
      put(store, "key1", "again");
      put(store, "long", "x".repeat(400));
    }
    DurableStore store = DurableStore.open(disk, OPTIONS);
    for (int i = 0; i < 5; i++) {
      put(store, "more" + i, "value" + i);
    }
    SimulatedDisk killed = disk.afterKill();
    trimZeros(killed, "log-2");
    trimZeros(killed, "log-3");
    return killed.copy();
  }

  /** Without the room ahead, of which each byte would be tried. */
  private static void trimZeros(SimulatedDisk disk, String name) {
    byte[] content = disk.content(name);
    int end = content.length;
    while (end > 0 && content[end - 1] == 0) {
      end--;
    }
    disk.setContent(name, Arrays.copyOf(content, end + 40));
  }

  private void put(DurableStore store, String key, String value) {
    store.put(key, value);
    Map<String, String> state = new TreeMap<>(states.getLast());
    state.put(key, value);
    states.add(state);
  }

  private static Map<String, String> content(SimulatedDisk disk) {
    Map<String, String> content = new TreeMap<>();
    try (DurableStore store = DurableStore.open(disk, OPTIONS)) {
      store.forEach((key, value) -> content.put(key.toUtf8(), value.toUtf8()));
    }
    return content;
  }

  /** Opens a damaged copy: a state that there was, or a refusal that names the file. */
  private void tryOpening(SimulatedDisk disk, String name, byte[] content, String what) {
    SimulatedDisk damaged = disk.copy();
    damaged.setContent(name, content);
    try {
      Map<String, String> found = content(damaged);
      assertTrue(states.contains(found), () -> what + ": found=" + found);
    } catch (CorruptException e) {
      assertTrue(e.getMessage().contains("file="), e.getMessage());
    } catch (DurableException e) {
      assertTrue(e.getMessage().contains("another version"), e.getMessage());
    }
  }

  private static List<String> files(SimulatedDisk disk) {
    return List.of("MANIFEST", "base-2", "log-2", "log-3").stream()
        .filter(name -> disk.content(name) != null)
        .toList();
  }

  @Test
  void shouldNeverShowAWrongValueWhateverByteIsFlipped() {
    SimulatedDisk disk = disk();
    assertEquals(4, files(disk).size());
    assertEquals(states.getLast(), content(disk.copy()));
    for (String name : files(disk)) {
      byte[] right = disk.content(name);
      for (int i = 0; i < right.length; i++) {
        for (int mask : new int[] {1, 0xFF}) {
          byte[] flipped = right.clone();
          flipped[i] ^= (byte) mask;
          tryOpening(disk, name, flipped, name + ", byte " + i + ", mask " + mask);
        }
      }
    }
  }

  @Test
  void shouldNeverShowAWrongValueWhereverAFileIsCutOff() {
    SimulatedDisk disk = disk();
    for (String name : files(disk)) {
      byte[] right = disk.content(name);
      for (int length = 0; length < right.length; length++) {
        tryOpening(disk, name, Arrays.copyOf(right, length), name + ", cut at " + length);
      }
      tryOpening(disk, name, null, name + ", gone");
    }
  }

  @Test
  void shouldNameThePlaceOfADamagedFrameThatWasSynced() {
    SimulatedDisk disk = disk();
    byte[] log = disk.content("log-3");
    log[FileHeader.BYTES + Frames.HEADER_BYTES] ^= 1;
    disk.setContent("log-3", log);
    CorruptException e = assertThrows(CorruptException.class, () -> content(disk));
    assertEquals("log-3", e.file());
    assertEquals(FileHeader.BYTES, e.offset());
    assertThrows(CorruptException.class, () -> DurableDirectory.check(disk));
  }

  @Test
  void shouldSayWhatARepairDropsBeforeItDoes() {
    SimulatedDisk disk = disk();
    byte[] log = disk.content("log-3");
    log[FileHeader.BYTES + Frames.HEADER_BYTES] ^= 1;
    disk.setContent("log-3", log);
    RepairPlan plan = DurableDirectory.planRepair(disk);
    assertTrue(plan.drops().getLast().contains("of log-3 are dropped"), plan.drops().toString());
    assertThrows(CorruptException.class, () -> content(disk));
    plan.apply();
    assertTrue(DurableDirectory.planRepair(disk).drops().isEmpty());
    assertEquals(states.get(8), content(disk));
    assertFalse(content(disk).containsKey("more0"));
  }

  @Test
  void shouldRepairAnyFileOfWhichAByteIsWrong() {
    SimulatedDisk disk = disk();
    for (String name : files(disk)) {
      byte[] right = disk.content(name);
      for (int i = 0; i < right.length; i += 7) {
        SimulatedDisk damaged = disk.copy();
        byte[] flipped = right.clone();
        flipped[i] ^= 0x10;
        damaged.setContent(name, flipped);
        RepairPlan plan = DurableDirectory.planRepair(damaged);
        plan.apply();
        Map<String, String> found = content(damaged);
        String what = name + ", byte " + i + ": " + found;
        found.forEach(
            (key, value) ->
                assertTrue(states.stream().anyMatch(state -> value.equals(state.get(key))), what));
        if (name.equals("MANIFEST")) {
          assertEquals(states.getLast(), found, what);
        }
      }
    }
  }

  @Test
  void shouldRefuseADirectoryWhoseManifestIsGone() {
    SimulatedDisk disk = disk();
    disk.setContent("MANIFEST", null);
    CorruptException e = assertThrows(CorruptException.class, () -> content(disk));
    assertEquals("MANIFEST", e.file());
  }

  @Test
  void shouldRefuseADamagedSnapshot() {
    SimulatedDisk disk = new SimulatedDisk();
    SimulatedDisk elsewhere = new SimulatedDisk();
    try (DurableStore store = DurableStore.open(disk, OPTIONS)) {
      store.put("key", "value");
      store.snapshot(elsewhere, "snapshot");
    }
    byte[] right = elsewhere.content("snapshot");
    for (int i = 0; i < right.length; i++) {
      byte[] flipped = right.clone();
      flipped[i] ^= 4;
      elsewhere.setContent("snapshot", flipped);
      SimulatedDisk target = new SimulatedDisk();
      assertThrows(
          DurableException.class, () -> DurableDirectory.restore(elsewhere, "snapshot", target));
      assertEquals(0, target.operations());
    }
  }

  /** Who chooses values may write what looks like frames; that takes no time without bound. */
  @Test
  void shouldNotBeHeldUpByValuesThatLookLikeFrames() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    DurableStore store = DurableStore.open(disk, OPTIONS.withSyncPolicy(SyncPolicy.NEVER));
    byte[] log = disk.content("log-1");
    int fileId = java.nio.ByteBuffer.wrap(log).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(12);
    java.nio.ByteBuffer value =
        java.nio.ByteBuffer.allocate(2 << 20).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    while (value.remaining() >= Frames.HEADER_BYTES) {
      value.putInt(fileId).putInt(value.remaining() / 2).putLong(3).putLong(0).putLong(0);
    }
    store.put("first".getBytes(), "1".getBytes());
    store.put("second".getBytes(), value.array());
    store.sync();
    SimulatedDisk killed = disk.afterKill().copy();
    byte[] damaged = killed.content("log-1");
    int second = FileHeader.BYTES + Frames.OVERHEAD + 1 + 2 + 4 + "first1".length();
    damaged[FileHeader.BYTES + Frames.HEADER_BYTES] ^= 1;
    damaged[second + Frames.HEADER_BYTES] ^= 1;
    killed.setContent("log-1", damaged);
    CorruptException e = assertThrows(CorruptException.class, () -> content(killed));
    assertEquals(FileHeader.BYTES, e.offset());
  }
}
