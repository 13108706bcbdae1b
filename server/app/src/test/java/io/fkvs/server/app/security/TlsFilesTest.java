package io.fkvs.server.app.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.client.ClientConfig;
import io.fkvs.client.FkvsClient;
import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsFilesTest {
  private static final Path FOLDER = Path.of("..", "src", "test", "resources", "tls");

  @TempDir private Path folder;

  private static Path file(String name) {
    return FOLDER.resolve(name + ".pem");
  }

  /** PKCS#8, SEC 1 and PKCS#1. */
  @ParameterizedTest
  @CsvSource({
    "server, server-key",
    "server, server-key-sec1",
    "rsa, rsa-key",
    "rsa, rsa-key-pkcs1"
  })
  void shouldServeWithAKeyOfEachForm(String certificate, String key) throws IOException {
    ServerConfig config =
        ServerConfig.defaults()
            .withPort(0)
            .withTls(TlsFiles.context(file(certificate), file(key), null), false);
    ClientConfig trusting =
        ClientConfig.defaults().withTls(TlsFiles.context(null, null, file("ca")));
    try (Server server = Server.start(config);
        FkvsClient client = FkvsClient.connect("localhost", server.address().getPort(), trusting)) {
      client.set("k", "v");
      assertEquals("v", client.get("k"));
    }
  }

  @Test
  void shouldReadAKeyBehindOtherBlocks() throws IOException {
    Path both = folder.resolve("both.pem");
    Files.writeString(
        both, Files.readString(file("server")) + Files.readString(file("server-key")));

    assertEquals("EC", Pem.privateKey(both).getAlgorithm());
    assertEquals(1, Pem.certificates(both).length);
  }

  private static String refusal(Path certificate, Path key) {
    return assertThrows(
            IllegalArgumentException.class, () -> TlsFiles.context(certificate, key, null))
        .getMessage();
  }

  @Test
  void shouldRefuseAKeyThatIsNotTheCertificates() {
    for (String key : new String[] {"stranger-key", "rsa-key"}) {
      assertEquals(
          "private key is not that of the certificate: certificate="
              + file("server")
              + ", key="
              + file(key),
          refusal(file("server"), file(key)));
    }
  }

  @Test
  void shouldSayWhatIsWrongWithAFile() {
    assertEquals(
        "file has no private key: file=" + file("server"), refusal(file("server"), file("server")));
    assertEquals(
        "file has no certificate: file=" + file("server-key"),
        refusal(file("server-key"), file("server-key")));
    assertTrue(
        refusal(file("rsa"), file("encrypted-key")).startsWith("private key is encrypted, "));
    assertEquals("no such file: file=" + file("none"), refusal(file("none"), file("server-key")));
    assertTrue(refusal(file("server"), null).startsWith("a certificate and its key go together"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"})
  void shouldNameTheFileWhenAKeyIsNone(String label) throws IOException {
    for (String content : new String[] {"", "AAAA", "MIIB", "!", "MIGHAgEAMBMGByqGSM49"}) {
      Path file = folder.resolve("key.pem");
      Files.writeString(
          file, "-----BEGIN " + label + "-----\n" + content + "\n-----END " + label + "-----\n");
      String message = refusal(file("server"), file);
      assertTrue(message.contains("file=" + file), content + ": " + message);
    }
  }
}
