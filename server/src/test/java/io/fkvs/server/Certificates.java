package io.fkvs.server;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The certificates of {@code src/test/resources/tls}, as contexts. */
public final class Certificates {
  private static final Path FOLDER = Path.of("src", "test", "resources", "tls");
  private static final char[] NO_PASSWORD = {};

  private Certificates() {}

  /**
   * A context with somebody's certificate.
   *
   * @param own {@code server}, {@code client} or {@code stranger}; {@code null} for none
   * @param trusted who vouches for the other side, {@code ca} or {@code stranger}
   */
  public static SSLContext context(String own, String trusted) {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      KeyStore authorities = store();
      authorities.setCertificateEntry("ca", certificate(trusted));
      trust.init(authorities);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own == null ? null : keys(own), trust.getTrustManagers(), null);
      return context;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyManager[] keys(String name) throws Exception {
    KeyStore store = store();
    store.setKeyEntry("own", key(name), NO_PASSWORD, new Certificate[] {certificate(name)});
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore store() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Certificate certificate(String name) throws Exception {
    try (InputStream in = Files.newInputStream(FOLDER.resolve(name + ".pem"))) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static PrivateKey key(String name) throws Exception {
    String pem =
        Files.readString(FOLDER.resolve(name + "-key.pem"), StandardCharsets.US_ASCII)
            .replaceAll("-----[^-]*-----|\\s", "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
  }
}
