package io.fkvs.server.app.security;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Makes what TLS needs of PEM files, which are read once. Any thread. */
public final class TlsFiles {
  private static final char[] NO_PASSWORD = {};
  private static final byte[] SAMPLE = {1, 2, 3};

  private TlsFiles() {}

  /**
   * Makes a context.
   *
   * @param certificate the file with one's own certificate, then those of who vouches for it;
   *     {@code null} for none
   * @param key the file with the certificate's private key; {@code null} without a certificate
   * @param authorities the file with the certificates of those whom to trust to vouch for the other
   *     side; {@code null} for those that Java trusts
   * @return the context
   * @throws IllegalArgumentException if a file cannot be read or is none, or the key is not the
   *     certificate's; the message names the file
   */
  public static SSLContext context(Path certificate, Path key, Path authorities) {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException(
          "a certificate and its key go together: certificate=" + certificate + ", key=" + key);
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          certificate == null ? null : keyManagers(certificate, key),
          authorities == null ? null : trustManagers(authorities),
          null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "no TLS with this certificate: certificate=" + certificate + ", cause=" + e.getMessage(),
          e);
    }
  }

  private static KeyManager[] keyManagers(Path certificate, Path keyFile)
      throws GeneralSecurityException, IOException {
    Certificate[] chain = Pem.certificates(certificate);
    PrivateKey key = Pem.privateKey(keyFile);
    SecretFile.warnOfOthers(keyFile);
    if (!belongTogether(key, chain[0].getPublicKey())) {
      throw new IllegalArgumentException(
          "private key is not that of the certificate: certificate="
              + certificate
              + ", key="
              + keyFile);
    }
    KeyStore store = emptyStore();
    store.setKeyEntry("own", key, NO_PASSWORD, chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  /** Says whether what one signs is what the other accepts. */
  private static boolean belongTogether(PrivateKey key, PublicKey other)
      throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(other.getAlgorithm())) {
      return false;
    }
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> key.getAlgorithm();
        };
    Signature signature = Signature.getInstance(algorithm);
    try {
      signature.initSign(key);
      signature.update(SAMPLE);
      byte[] signed = signature.sign();
      signature.initVerify(other);
      signature.update(SAMPLE);
      return signature.verify(signed);
    } catch (InvalidKeyException e) {
      return false;
    }
  }

  private static TrustManager[] trustManagers(Path authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    Certificate[] certificates = Pem.certificates(authorities);
    for (int i = 0; i < certificates.length; i++) {
      store.setCertificateEntry("authority-" + i, certificates[i]);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
