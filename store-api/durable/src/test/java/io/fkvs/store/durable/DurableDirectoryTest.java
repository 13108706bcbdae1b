package io.fkvs.store.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Directories and snapshots that do not do, and what else may lie in a directory. */
class DurableDirectoryTest {
  @TempDir Path folder;

  private Path directory;

  @BeforeEach
  void fill() {
    directory = folder.resolve("data");
    try (DurableStore store = DurableStore.open(directory)) {
      store.put("a", "1");
      store.compact();
      store.put("b", "2");
    }
  }

  private static String refusal(Executable call) {
    return assertThrows(DurableException.class, call).getMessage();
  }

  private static void assertHas(int entries, Path where) {
    try (DurableStore store = DurableStore.open(where)) {
      assertEquals(entries, store.size());
      assertEquals("1", store.get("a"));
    }
  }

  /** What is in all files of a directory. */
  private static Map<String, String> files(Path where) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(where)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(
            file.getFileName().toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  // ---- paths

  @Test
  void shouldNotMakeADirectoryThatItIsToLookAt() {
    Path none = folder.resolve("none");
    List<Executable> calls =
        List.of(
            () -> DurableDirectory.describe(none),
            () -> DurableDirectory.check(none),
            () -> DurableDirectory.planRepair(none),
            () -> DurableDirectory.restore(none.resolve("snapshot"), folder.resolve("copy")));
    for (Executable call : calls) {
      String message = refusal(call);
      assertTrue(message.startsWith("there is no such "), message);
      assertFalse(Files.exists(none));
    }
    assertFalse(Files.exists(folder.resolve("copy")));
  }

  @Test
  void shouldRefuseAFileInPlaceOfADirectory() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    String message = refusal(() -> DurableStore.open(file));
    assertEquals("directory cannot be opened: directory=" + file, message);
    assertEquals("text", Files.readString(file));
  }

  @Test
  void shouldTakeALinkForTheDirectoryBehindIt() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), directory);
    try (DurableStore store = DurableStore.open(link)) {
      assertEquals(2, store.size());
      String message = refusal(() -> DurableStore.open(directory));
      assertTrue(message.contains("directory is open in this process"), message);
    }
    assertHas(2, directory);
    Path broken = Files.createSymbolicLink(folder.resolve("broken"), folder.resolve("nowhere"));
    refusal(() -> DurableStore.open(broken));
    assertFalse(Files.exists(folder.resolve("nowhere")));
  }

  // ---- what else lies there

  @Test
  void shouldLeaveTheFilesOfOthersAlone() throws IOException {
    List<String> names = List.of("notes.txt", "log-x", "log-2.bak", "base", "log-02-old", "x.new");
    for (String name : names) {
      Files.writeString(directory.resolve(name), name);
    }
    Files.createDirectory(directory.resolve("sub"));
    Files.writeString(directory.resolve("sub/log-1"), "mine");
    try (DurableStore store = DurableStore.open(directory)) {
      store.put("c", "3");
      store.compact();
    }
    byte[] manifest = Files.readAllBytes(directory.resolve("MANIFEST"));
    manifest[3] ^= 1;
    Files.write(directory.resolve("MANIFEST"), manifest);
    DurableDirectory.planRepair(directory).apply();

    assertHas(3, directory);
    for (String name : names) {
      assertEquals(name, Files.readString(directory.resolve(name)));
    }
    assertEquals("mine", Files.readString(directory.resolve("sub/log-1")));
  }

  @Test
  void shouldRefuseADirectoryOfLogsThatAreNotItsOwn() throws IOException {
    Path logs = Files.createDirectory(folder.resolve("logs"));
    Files.writeString(logs.resolve("log-20260101"), "GET / 200\n".repeat(100));
    Map<String, String> before = files(logs);

    CorruptException e = assertThrows(CorruptException.class, () -> DurableStore.open(logs));
    assertTrue(e.getMessage().contains("log-20260101"), e.getMessage());
    RepairPlan plan = DurableDirectory.planRepair(logs);
    assertTrue(
        plan.drops().stream().anyMatch(drop -> drop.startsWith("all of log-20260101 is dropped")),
        plan.drops().toString());
    Map<String, String> after = files(logs);
    after.remove("LOCK");
    assertEquals(before, after);
  }

  @Test
  void shouldOpenWhatHasLostItsLockFile() throws IOException {
    Files.delete(directory.resolve("LOCK"));
    assertHas(2, directory);
    Files.writeString(directory.resolve("LOCK"), "anything");
    assertHas(2, directory);
  }

  // ---- versions

  /** What a later version may write: another number, with a checksum that is right. */
  private void makeNewer(String name, int versionAt, int crcAt) throws IOException {
    byte[] bytes = Files.readAllBytes(directory.resolve(name));
    bytes[versionAt]++;
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, crcAt);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(crcAt, (int) crc.getValue());
    Files.write(directory.resolve(name), bytes);
  }

  private void assertRefusesAnotherVersion(String details) throws IOException {
    Map<String, String> before = files(directory);
    for (Executable call :
        List.<Executable>of(
            () -> DurableStore.open(directory),
            () -> DurableDirectory.check(directory),
            () -> DurableDirectory.planRepair(directory))) {
      DurableException e = assertThrows(DurableException.class, call);
      assertFalse(e instanceof CorruptException, e.getMessage());
      assertEquals("format is of another version: " + details, e.getMessage());
    }
    assertEquals(before, files(directory));
  }

  @Test
  void shouldRefuseALogOfAnotherVersion() throws IOException {
    makeNewer("log-2", 8, 60);
    assertRefusesAnotherVersion("file=log-2, version=2");
  }

  @Test
  void shouldRefuseABaseOfAnotherVersion() throws IOException {
    makeNewer("base-2", 8, 60);
    assertRefusesAnotherVersion("file=base-2, version=2");
  }

  @Test
  void shouldRefuseAManifestOfAnotherVersion() throws IOException {
    Path manifest = directory.resolve("MANIFEST");
    String text = Files.readString(manifest).replace("fkvs-durable 1", "fkvs-durable 2");
    String content = text.substring(0, text.indexOf("crc32c "));
    CRC32C crc = new CRC32C();
    crc.update(content.getBytes(StandardCharsets.US_ASCII));
    Files.writeString(manifest, content + "crc32c %08x%n".formatted(crc.getValue()));
    assertRefusesAnotherVersion("file=MANIFEST, begins=fkvs-durable 2");
  }

  // ---- snapshots

  @Test
  void shouldGiveNoSnapshotANameOfTheStoresOwn() {
    try (DurableStore store = DurableStore.open(directory)) {
      for (String name : List.of("base-77", "log-77", "MANIFEST.new", "LOCK", "MANIFEST")) {
        Path file = directory.resolve(name);
        String message = refusal(() -> store.snapshot(file));
        assertTrue(message.startsWith("snapshot cannot be written: file=" + name), message);
      }
      store.snapshot(directory.resolve("monday"));
      store.snapshot(folder.resolve("base-77"));
      store.put("c", "3");
      store.compact();
    }
    assertHas(3, directory);
    DurableDirectory.restore(directory.resolve("monday"), folder.resolve("copy"));
    assertHas(2, folder.resolve("copy"));
    DurableDirectory.restore(folder.resolve("base-77"), folder.resolve("second"));
    assertHas(2, folder.resolve("second"));
  }

  @Test
  void shouldRestoreIntoAnEmptyDirectoryAlone() throws IOException {
    Path snapshot = folder.resolve("snapshot");
    try (DurableStore store = DurableStore.open(directory)) {
      store.snapshot(snapshot);
      refusal(() -> DurableStore.open(snapshot));
      refusal(() -> DurableDirectory.restore(snapshot, directory));
    }
    String message = refusal(() -> DurableDirectory.restore(snapshot, directory));
    assertTrue(message.contains("directory is not empty"), message);
    assertHas(2, directory);
    Files.writeString(Files.createDirectory(folder.resolve("full")).resolve("notes.txt"), "mine");
    refusal(() -> DurableDirectory.restore(snapshot, folder.resolve("full")));
    assertEquals("mine", Files.readString(folder.resolve("full/notes.txt")));
  }

  /** A log is no snapshot, though it begins alike. */
  @Test
  void shouldRefuseToRestoreWhatIsNoSnapshot() {
    for (String name : List.of("log-2", "MANIFEST")) {
      Path file = directory.resolve(name);
      Path copy = folder.resolve("copy-" + name);
      assertThrows(CorruptException.class, () -> DurableDirectory.restore(file, copy));
    }
  }
}
