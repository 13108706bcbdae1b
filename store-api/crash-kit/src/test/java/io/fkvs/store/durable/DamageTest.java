package io.fkvs.store.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.ValueView;
import io.fkvs.store.durable.crash.SimulatedDisk;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of which a byte is wrong, or that end too early. */
class DamageTest {
  private static final DurableOptions OPTIONS =
      DurableOptions.defaults()
          .withProvider(Tables.CHAINED)
          .withoutThread()
          .withSyncPolicy(SyncPolicy.ALWAYS)
          .withCompaction(1_000, 1 << 30);

  private static final long DEADLINE_MS = 4_000_000_000_000L;
  private static final String UNTIL = " until ";

  /** So many bytes of a long file are tried at its beginning and its end. */
  private static final int TRIED_BYTES = 120;

  /** How many of the disks that a crash can leave are looked at. */
  private static final int OUTCOMES = 4;

  /** What was stored after each change, from the beginning. */
  private final List<Map<String, String>> states = new ArrayList<>(List.of(Map.of()));

  @BeforeAll
  static void quiet() {
    Quiet.logs();
  }

  private SimulatedDisk disk() {
    return disk(false);
  }

  /** A base, a log that is finished and one that is not, with all kinds of records. */
  private SimulatedDisk disk(boolean hasClear) {
    SimulatedDisk disk = new SimulatedDisk();
    try (DurableStore store = DurableStore.open(disk, OPTIONS)) {
      for (int i = 0; i < 6; i++) {
        put(store, "key" + i, "value" + i);
      }
      expire(store, "key5");
      store.compact();
      put(store, "key1", "again");
      put(store, "long", "x".repeat(400));
    }
    DurableStore store = DurableStore.open(disk, OPTIONS);
    for (int i = 0; i < 5; i++) {
      put(store, "more" + i, "value" + i);
    }
    changed(() -> store.remove("key3"), state -> state.remove("key3"));
    expire(store, "key4");
    changed(
        () -> {
          store.beginGroup();
          store.put("one", "1");
          store.remove("more1");
          store.endGroup();
        },
        state -> {
          state.put("one", "1");
          state.remove("more1");
        });
    if (hasClear) {
      changed(store::clear, Map::clear);
      put(store, "end", "2");
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
    changed(() -> store.put(key, value), state -> state.put(key, value));
  }

  /** Sets a deadline that does not come. */
  private void expire(DurableStore store, String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    changed(
        () -> store.expire(MemorySegment.ofArray(bytes), 0, bytes.length, DEADLINE_MS),
        state -> state.computeIfPresent(key, (same, value) -> value + UNTIL + DEADLINE_MS));
  }

  /** Changes the store, and what it is expected to hold. */
  private void changed(Runnable change, Consumer<Map<String, String>> expected) {
    change.run();
    Map<String, String> state = new TreeMap<>(states.getLast());
    expected.accept(state);
    states.add(state);
  }

  private static String told(ValueView value) {
    boolean isMortal = value.deadlineMs() != KeyValueStore.NO_DEADLINE;
    return value.toUtf8() + (isMortal ? UNTIL + value.deadlineMs() : "");
  }

  private static Map<String, String> content(SimulatedDisk disk) {
    Map<String, String> content = new TreeMap<>();
    try (DurableStore store = DurableStore.open(disk, OPTIONS)) {
      store.forEach((key, value) -> content.put(key.toUtf8(), told(value)));
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
    SimulatedDisk disk = disk(true);
    assertEquals(4, files(disk).size());
    assertEquals(states.getLast(), content(disk.copy()));
    for (String name : files(disk)) {
      byte[] right = disk.content(name);
      for (int i = 0; i < right.length; i++) {
        for (int mask : new int[] {1, 0x80, 0xFF}) {
          byte[] flipped = right.clone();
          flipped[i] ^= (byte) mask;
          tryOpening(disk, name, flipped, name + ", byte " + i + ", mask " + mask);
        }
      }
    }
  }

  @Test
  void shouldNeverShowAWrongValueWhereverAFileIsCutOff() {
    SimulatedDisk disk = disk(true);
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

  /** Frames begin with the id of the file; the zeros of some are not room that waits for frames. */
  @ParameterizedTest
  @ValueSource(ints = {-1, 0x4321_0000, 0x100, 0x1_0000, 0x100_0000, 1 << 31})
  void shouldFindSyncedFramesBehindADamagedOneWhateverTheIdOfTheFile(int fileId) {
    SimulatedDisk disk = new SimulatedDisk();
    DurableStore store = DurableStore.open(new BrokenLogs.OneFileId(disk, OPTIONS, fileId));
    put(store, "first", "1");
    put(store, "second", "2");
    SimulatedDisk killed = disk.afterKill().copy();
    byte[] log = killed.content("log-1");
    log[FileHeader.BYTES + Frames.HEADER_BYTES] ^= 1;
    killed.setContent("log-1", log);
    CorruptException e = assertThrows(CorruptException.class, () -> content(killed));
    assertEquals(FileHeader.BYTES, e.offset());
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
    assertEquals(states.get(9), content(disk));
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

  /** What is dropped is said before, also where nothing says any more what there was. */
  @Test
  void shouldNameEachFileThatARepairDropsWhenTheManifestIsGone() {
    for (String name : List.of("base-2", "log-2", "log-3")) {
      SimulatedDisk damaged = disk();
      byte[] content = damaged.content(name);
      content[FileHeader.BYTES - 1] ^= 1;
      damaged.setContent(name, content);
      damaged.setContent("MANIFEST", null);
      RepairPlan plan = DurableDirectory.planRepair(damaged);
      assertTrue(
          plan.drops().stream().anyMatch(drop -> drop.startsWith("all of " + name + " is dropped")),
          name + ": " + plan.drops());
      plan.apply();
      assertTrue(DurableDirectory.planRepair(damaged).drops().isEmpty(), name);
      content(damaged);
    }
  }

  /** A base of several frames, of which one is damaged, and no manifest. */
  @Test
  void shouldKeepTheOtherFramesOfADamagedBaseWhenTheManifestIsGone() {
    SimulatedDisk disk = new SimulatedDisk();
    Map<String, String> right = new TreeMap<>();
    try (DurableStore store = DurableStore.open(disk, OPTIONS)) {
      for (String key : List.of("a", "b", "c", "d")) {
        right.put(key, key.repeat(200_000));
        store.put(key, right.get(key));
      }
      store.compact();
      right.put("e", "1");
      store.put("e", "1");
    }
    byte[] base = disk.content("base-2");
    base[base.length / 2] ^= 1;
    disk.setContent("base-2", base);
    disk.setContent("MANIFEST", null);

    RepairPlan plan = DurableDirectory.planRepair(disk);
    plan.apply();
    Map<String, String> found = content(disk);
    assertEquals(4, found.size());
    assertEquals(4, plan.records());
    assertTrue(right.entrySet().containsAll(found.entrySet()), () -> found.keySet().toString());
  }

  @Test
  void shouldCountTheRecordsThatARepairKeeps() {
    SimulatedDisk disk = disk();
    long records = DurableDirectory.check(disk).records();
    assertEquals(records, DurableDirectory.planRepair(disk).records());
    disk.setContent("MANIFEST", null);
    RepairPlan plan = DurableDirectory.planRepair(disk);
    assertEquals(records, plan.records());
    plan.apply();
    try (DurableStore store = DurableStore.open(disk, OPTIONS)) {
      assertTrue(store.status().baseTimeMs() > 0);
    }
  }

  /** A repair that is cut short, or fails, can be done again, and drops no more then. */
  @Test
  void shouldRepairAgainWhatARepairHasLeft() {
    SimulatedDisk damaged = disk();
    byte[] log = damaged.content("log-3");
    log[FileHeader.BYTES + Frames.HEADER_BYTES] ^= 1;
    damaged.setContent("log-3", log);
    boolean isCut = true;
    for (int changes = 0; isCut; changes++) {
      SimulatedDisk disk = damaged.copy();
      RepairPlan plan = DurableDirectory.planRepair(disk);
      disk.crashAfter(changes);
      isCut = isCut(plan);
      disk.crash();
      for (int seed = 0; seed < OUTCOMES; seed++) {
        checkRepaired(disk.afterCrash(seed));
      }
      SimulatedDisk failing = damaged.copy();
      RepairPlan another = DurableDirectory.planRepair(failing);
      failing.failAfter(changes, new IOException("No space left on device"));
      if (isCut(another)) {
        checkRepaired(failing);
      }
    }
  }

  private static boolean isCut(RepairPlan plan) {
    try {
      plan.apply();
      return false;
    } catch (CorruptException e) {
      throw e;
    } catch (DurableException e) {
      return true;
    }
  }

  private void checkRepaired(SimulatedDisk disk) {
    DurableDirectory.planRepair(disk).apply();
    assertEquals(states.get(9), content(disk));
  }

  /** Until it is done, the directory holds nothing, or is refused; never a part. */
  @Test
  void shouldRestoreAllOrNothing() {
    SimulatedDisk source = new SimulatedDisk();
    Map<String, String> right = Map.of("key", "value");
    try (DurableStore store = DurableStore.open(new SimulatedDisk(), OPTIONS)) {
      store.put("key", "value");
      store.snapshot(source, "snapshot");
    }
    boolean isCut = true;
    for (int changes = 0; isCut; changes++) {
      SimulatedDisk disk = new SimulatedDisk();
      disk.crashAfter(changes);
      isCut = isRestoreCut(source, disk);
      disk.crash();
      for (int seed = 0; seed < OUTCOMES; seed++) {
        try {
          Map<String, String> found = content(disk.afterCrash(seed));
          assertTrue(found.equals(right) || isCut && found.isEmpty(), found::toString);
        } catch (CorruptException e) {
          assertTrue(isCut, e.getMessage());
        }
      }
    }
  }

  private static boolean isRestoreCut(SimulatedDisk source, SimulatedDisk target) {
    try {
      DurableDirectory.restore(source, "snapshot", target);
      return false;
    } catch (DurableException e) {
      return true;
    }
  }

  /** A group whose frames fill more than a piece of the backlog. */
  @Test
  void shouldDoALongGroupAsAWholeOrNotAtAll() {
    SimulatedDisk disk = new SimulatedDisk();
    DurableStore store = DurableStore.open(disk, OPTIONS);
    put(store, "before", "1");
    changed(
        () -> {
          store.beginGroup();
          store.put("first", "1");
          store.put("long", "x".repeat(600_000));
          store.put("last", "1");
          store.endGroup();
        },
        state -> {
          state.putAll(Map.of("first", "1", "last", "1"));
          state.put("long", "x".repeat(600_000));
        });
    SimulatedDisk killed = disk.afterKill();
    trimZeros(killed, "log-1");
    SimulatedDisk whole = killed.copy();
    assertEquals(states.getLast(), content(whole.copy()));
    byte[] right = whole.content("log-1");
    for (int at : places(right.length)) {
      byte[] flipped = right.clone();
      flipped[at] ^= 0x40;
      tryOpening(whole, "log-1", flipped, "long group, byte " + at);
      tryOpening(whole, "log-1", Arrays.copyOf(right, at), "long group, cut at " + at);
    }
  }

  private static List<Integer> places(int length) {
    List<Integer> places = new ArrayList<>();
    for (int i = FileHeader.BYTES; i < FileHeader.BYTES + TRIED_BYTES; i++) {
      places.add(i);
      places.add(length - 1 - i + FileHeader.BYTES);
    }
    for (int i = TRIED_BYTES; i < length; i += 50_021) {
      places.add(i);
    }
    return places;
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
      assertRefused(elsewhere, flipped);
      assertRefused(elsewhere, Arrays.copyOf(right, i));
    }
    assertRefused(elsewhere, Arrays.copyOf(right, right.length + 1));
  }

  private static void assertRefused(SimulatedDisk elsewhere, byte[] snapshot) {
    elsewhere.setContent("snapshot", snapshot);
    SimulatedDisk target = new SimulatedDisk();
    assertThrows(
        DurableException.class, () -> DurableDirectory.restore(elsewhere, "snapshot", target));
    assertEquals(0, target.operations());
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
