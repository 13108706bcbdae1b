package io.fkvs.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.durable.CorruptException;
import io.fkvs.store.durable.DiskFullException;
import io.fkvs.store.durable.DurableException;
import io.fkvs.store.durable.DurableStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Command lines about data that are wrong: what they answer, and that they do nothing. */
class DataFlagsTest {
  private static final int USAGE = 2;

  @TempDir private Path folder;

  private final PrintStream err = System.err;
  private final PrintStream out = System.out;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private Path data;

  @BeforeEach
  void fill() {
    data = folder.resolve("data");
    try (DurableStore store = DurableStore.open(data)) {
      store.put("k", "v");
    }
    PrintStream kept = new PrintStream(said, true, StandardCharsets.UTF_8);
    System.setErr(kept);
    System.setOut(kept);
  }

  @AfterEach
  void tellAgain() {
    System.setErr(err);
    System.setOut(out);
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private static int execute(String... arguments) {
    return new FkvsServer().commandLine().execute(arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--yes | --yes takes --repair DIR beside it",
        "--check x --yes | --yes takes --repair DIR beside it",
        "--check x --repair x | take --check or --repair, not both",
        "--sync never | no such sync: name=never, available=[always, everysec, no]",
        "--sync always | sync needs a data directory: sync=always, give --data DIR, too",
        "--data= | value is no path: data=, flag=--data",
        "--check | Missing required parameter for option '--check' (DIR)",
        "--repair | Missing required parameter for option '--repair' (DIR)",
        "--data | Missing required parameter for option '--data' (PATH)",
      })
  void shouldExitWithTwoAndSayWhatIsWrong(String arguments, String message) {
    assertEquals(USAGE, execute(arguments.split(" ")), said());
    assertTrue(said().contains(message), said());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data | key has no value: key=data",
        "sync sometimes | no such sync: name=sometimes, available=[always, everysec, no]",
        "sync always | sync needs a data directory",
      })
  void shouldExitWithTwoWhenTheFileIsWrong(String line, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("server.conf"), line + "\n");

    assertEquals(USAGE, execute("-c", file.toString()), said());
    assertTrue(said().contains(message), said());
  }

  @Test
  void shouldExitWithThreeWhereThereIsNoDirectory() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    for (Path path : new Path[] {folder.resolve("none"), file, Path.of("")}) {
      for (String flag : new String[] {"--check=", "--repair="}) {
        assertEquals(DataFailure.UNUSABLE, execute(flag + path), said());
        assertTrue(said().contains("there is no such directory: directory=" + path), said());
      }
    }
    assertFalse(Files.exists(folder.resolve("none")));
    assertEquals("text", Files.readString(file));
    assertFalse(Files.exists(Path.of("LOCK")));
  }

  @Test
  void shouldSayThatADirectoryHoldsNoData() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertEquals(0, execute("--check", empty.toString()), said());
    assertTrue(said().startsWith("empty: there is no data in it\n"), said());
  }

  @Test
  void shouldTellFailuresApart() {
    IOException cause = new IOException("No space left on device");
    assertEquals(3, DataFailure.statusOf(new DurableException("failed", cause)));
    assertEquals(4, DataFailure.statusOf(new DiskFullException("full", cause)));
    assertEquals(5, DataFailure.statusOf(new CorruptException("damaged", "log-1", 64)));
    assertEquals(1, DataFailure.statusOf(new IllegalStateException("a defect")));
  }

  /** Damage is what can be repaired; data of another version is none. */
  @Test
  void shouldExitWithThreeWhenTheDataIsOfAnotherVersion() throws IOException {
    Path log = data.resolve("log-1");
    byte[] bytes = Files.readAllBytes(log);
    bytes[8] = 2;
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, 60);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(60, (int) crc.getValue());
    Files.write(log, bytes);

    assertEquals(DataFailure.UNUSABLE, execute("--check", data.toString()), said());
    assertEquals(DataFailure.UNUSABLE, execute("--repair", data.toString(), "--yes"), said());
    assertTrue(said().contains("format is of another version: file=log-1, version=2"), said());
    assertEquals(2, Files.readAllBytes(log)[8]);
  }
}
