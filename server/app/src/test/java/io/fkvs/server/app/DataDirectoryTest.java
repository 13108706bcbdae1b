package io.fkvs.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.durable.DurableException;
import io.fkvs.store.durable.DurableStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --check} and {@code --repair} say and do. */
class DataDirectoryTest {
  @TempDir private Path folder;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private Path directory;
  private DataDirectory data;

  @BeforeEach
  void fill() {
    directory = folder.resolve("data");
    data = new DataDirectory(directory, new PrintStream(said, true, StandardCharsets.UTF_8));
    for (int round = 0; round < 2; round++) {
      try (DurableStore store = DurableStore.open(directory)) {
        store.put("k" + round, "v");
        store.put("l" + round, "v");
      }
    }
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private long size(String name) throws IOException {
    return Files.size(directory.resolve(name));
  }

  /** Changes the last byte of a file. */
  private void damage(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(directory.resolve(name));
    bytes[bytes.length - 1] ^= 1;
    Files.write(directory.resolve(name), bytes);
  }

  private Map<String, String> content() throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        content.put(
            file.getFileName().toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return content;
  }

  @Test
  void shouldSayWhatIsThereWhenAllIsWhole() throws IOException {
    assertEquals(0, data.check());
    assertEquals(
        "file: name=log-1, bytes="
            + size("log-1")
            + "\nfile: name=log-2, bytes="
            + size("log-2")
            + "\nrecords: count=4, lastFrame=4\nwhole: directory="
            + directory
            + "\n",
        said());
  }

  @Test
  void shouldSayThatATornTailIsNoDamage() throws IOException {
    DurableStore open = DurableStore.open(directory);
    open.put("m", "v");
    open.sync();
    Path copy = folder.resolve("copy");
    Files.createDirectory(copy);
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    open.close();
    Files.write(copy.resolve("log-3"), new byte[] {1, 2, 3}, StandardOpenOption.APPEND);

    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    assertEquals(0, new DataDirectory(copy, out).check());
    assertTrue(said().contains("torn tail, no damage: the next start cuts it off: bytes=3\n"));
  }

  @Test
  void shouldNameTheFileAndThePlaceWhenItIsDamaged() throws IOException {
    damage("log-1");

    assertEquals(5, data.check());
    assertTrue(said().startsWith("damaged: frame is damaged"), said());
    assertTrue(said().contains("file=log-1, offset="), said());
    assertTrue(said().contains("fkvs-server --repair " + directory), said());
  }

  @Test
  void shouldOnlySayWhatARepairDropsUnlessItIsMeant() throws IOException {
    damage("log-1");
    Map<String, String> before = content();

    assertEquals(5, data.repair(false));
    assertTrue(said().contains("of log-1 are dropped"), said());
    assertTrue(said().contains("all of log-2 is dropped"), said());
    assertTrue(said().contains("records that are kept: count=1\n"), said());
    assertTrue(said().contains("nothing was changed"), said());
    assertEquals(before, content());
  }

  @Test
  void shouldRepairWhenItIsMeant() throws IOException {
    damage("log-1");

    assertEquals(0, data.repair(true));
    assertTrue(said().contains("of log-1 are dropped"), said());
    assertTrue(said().endsWith("repaired: directory=" + directory + "\n"), said());
    try (DurableStore store = DurableStore.open(directory)) {
      assertEquals("v", store.get("k0"));
      assertEquals(1, store.size());
    }
  }

  @Test
  void shouldRepairNothingWhenAllIsWhole() throws IOException {
    Map<String, String> before = content();

    assertEquals(0, data.repair(true));
    assertTrue(said().contains("there is nothing to repair"), said());
    assertEquals(before, content());
  }

  @Test
  void shouldMakeNoDirectoryThatIsNotThere() {
    Path none = folder.resolve("none");
    DataDirectory absent = new DataDirectory(none, System.out);

    assertThrows(DurableException.class, absent::check);
    assertThrows(DurableException.class, () -> absent.repair(true));
    assertFalse(Files.exists(none));
  }

  @Test
  void shouldRefuseADirectoryThatIsInUse() {
    try (DurableStore store = DurableStore.open(directory)) {
      assertEquals(4, store.size());
      String message = assertThrows(DurableException.class, data::check).getMessage();
      assertTrue(message.contains("directory is open in this process"), message);
    }
  }
}
