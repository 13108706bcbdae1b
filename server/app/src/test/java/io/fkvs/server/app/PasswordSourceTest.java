package io.fkvs.server.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.app.security.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordSourceTest {
  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("pass"), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static Settings of(Path file) {
    Settings settings = new Settings();
    settings.passwordFile(file);
    return settings;
  }

  private static String refusal(Path file, String variable) {
    return assertThrows(ConfigException.class, () -> PasswordSource.apply(of(file), variable))
        .getMessage();
  }

  @Test
  void shouldSetNoneUnlessAsked() throws Exception {
    assertFalse(PasswordSource.apply(new Settings(), null).hasPassword());
  }

  @Test
  void shouldTakeItFromTheFileOrTheVariable() throws Exception {
    assertTrue(PasswordSource.apply(of(file("secret\n")), null).hasPassword());
    assertTrue(PasswordSource.apply(new Settings(), "secret").hasPassword());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a b\n", "a b\r\n"})
  void shouldLeaveTheEndOfTheLineOut(String text) throws Exception {
    assertArrayEquals(new byte[] {'a', ' ', 'b'}, SecretFile.password(file(text)));
  }

  @Test
  void shouldKeepEveryOtherByte() throws Exception {
    assertArrayEquals(" a\n\n".getBytes(), SecretFile.password(file(" a\n\n\n")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n"})
  void shouldRefuseAnEmptyFile(String text) throws Exception {
    Path file = file(text);
    assertEquals(
        "password file is empty: file=" + file + ", requirepass-file=" + file, refusal(file, null));
  }

  @Test
  void shouldRefuseAnEmptyVariable() {
    assertEquals("password is empty, variable=FKVS_REQUIREPASS", refusal(null, ""));
  }

  @Test
  void shouldRefuseOneOfTwoPlaces() throws Exception {
    Path file = file("secret");
    assertEquals(
        "password is given twice: requirepass-file=" + file + ", variable=FKVS_REQUIREPASS",
        refusal(file, "secret"));
  }

  @Test
  void shouldNameTheFileThatCannotBeRead() {
    Path none = folder.resolve("none");
    assertEquals("no such file: file=" + none + ", requirepass-file=" + none, refusal(none, null));
    assertTrue(refusal(folder, null).startsWith("file cannot be read: file=" + folder));
  }

  @Test
  void shouldWarnWhenOthersMayUseTheFile() throws Exception {
    Path file = file("secret");
    assertEquals(0, warnings(file));
    for (String permissions : List.of("rw-r-----", "rw--w----", "rw----r--")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      assertEquals(1, warnings(file), permissions);
    }
  }

  private static int warnings(Path file) {
    List<LogRecord> records = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            records.add(entry);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(SecretFile.class.getName());
    logger.addHandler(handler);
    try {
      SecretFile.password(file);
    } finally {
      logger.removeHandler(handler);
    }
    return records.size();
  }
}
