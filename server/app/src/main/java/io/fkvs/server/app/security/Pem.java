package io.fkvs.server.app.security;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/*
 * A key may be written in three forms. PKCS#8 says of which algorithm it is; the older ones of RSA
 * (PKCS#1) and of elliptic curves (SEC 1) have that in the label, and become PKCS#8 by what is put
 * in front:
 *
 *   SEQUENCE { INTEGER 0, SEQUENCE { OID of the algorithm, its parameters }, OCTET STRING { the key } }
 */

/** Certificates and keys in PEM files. Any thread. */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA", "RSASSA-PSS");

  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;

  /** Where SEC 1 has the curve. */
  private static final int CURVE = 0xA0;

  private static final byte[] VERSION_0 = {2, 1, 0};
  private static final byte[] RSA = {
    0x30, 0x0D, 0x06, 0x09, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1, 5, 0
  };
  private static final byte[] EC = {0x06, 0x07, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

  private Pem() {}

  /**
   * Reads all certificates of a file, that of the server or client first.
   *
   * @throws IllegalArgumentException if it has none or cannot be read; the message names the file
   */
  static Certificate[] certificates(Path file) {
    List<Certificate> chain = new ArrayList<>();
    Matcher block = blocks(file);
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      while (block.find()) {
        if (block.group(1).equals("CERTIFICATE")) {
          byte[] der = der(block, file);
          chain.add(factory.generateCertificate(new ByteArrayInputStream(der)));
        }
      }
    } catch (CertificateException e) {
      throw new IllegalArgumentException(
          "certificate cannot be read: file=" + file + ", cause=" + e.getMessage(), e);
    }
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("file has no certificate: file=" + file);
    }
    return chain.toArray(Certificate[]::new);
  }

  private static Matcher blocks(Path file) {
    return BLOCK.matcher(new String(SecretFile.bytes(file), US_ASCII));
  }

  private static byte[] der(Matcher block, Path file) {
    try {
      return Base64.getMimeDecoder().decode(block.group(2));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("file is no PEM: file=" + file, e);
    }
  }

  /**
   * Reads the private key of a file.
   *
   * @throws IllegalArgumentException if it has none or cannot be read; the message names the file
   */
  static PrivateKey privateKey(Path file) {
    Matcher block = blocks(file);
    while (block.find()) {
      byte[] der = der(block, file);
      switch (block.group(1)) {
        case "PRIVATE KEY" -> {
          return key(der, file);
        }
        case "RSA PRIVATE KEY" -> {
          return key(pkcs8(RSA, der), file);
        }
        case "EC PRIVATE KEY" -> {
          return key(pkcs8(algorithmOf(der, file), der), file);
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new IllegalArgumentException(
                "private key is encrypted, openssl pkey writes it without: file=" + file);
        default -> {} // a certificate, or parameters
      }
    }
    throw new IllegalArgumentException("file has no private key: file=" + file);
  }

  private static PrivateKey key(byte[] pkcs8, Path file) {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        continue; // it is of another one
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this Java cannot read keys: algorithm=" + algorithm, e);
      }
    }
    throw new IllegalArgumentException(
        "private key is of no known algorithm: file=" + file + ", known=" + ALGORITHMS);
  }

  /** Puts in front of a key of an older form what makes it PKCS#8. */
  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return element(SEQUENCE, concat(VERSION_0, algorithm, element(OCTET_STRING, key)));
  }

  /** The algorithm with the curve, which a SEC 1 key has behind its number. */
  private static byte[] algorithmOf(byte[] sec1, Path file) {
    try {
      int position = contentOf(sec1, 0);
      while (position < sec1.length && (sec1[position] & 0xFF) != CURVE) {
        position = contentOf(sec1, position) + lengthOf(sec1, position);
      }
      int content = contentOf(sec1, position);
      byte[] curve = new byte[lengthOf(sec1, position)];
      System.arraycopy(sec1, content, curve, 0, curve.length);
      return element(SEQUENCE, concat(EC, curve));
    } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
      throw new IllegalArgumentException("private key does not say its curve: file=" + file, e);
    }
  }

  // ---- DER: a tag, a length (from 128 on as 0x80 and its own length, and then itself), a content

  private static byte[] element(int tag, byte[] content) {
    byte[] head =
        content.length < 0x80
            ? new byte[] {(byte) tag, (byte) content.length}
            : new byte[] {
              (byte) tag, (byte) 0x82, (byte) (content.length >> 8), (byte) content.length
            };
    return concat(head, content);
  }

  private static int lengthOf(byte[] der, int position) {
    int length = der[position + 1] & 0xFF;
    if (length < 0x80) {
      return length;
    }
    int value = 0;
    for (int i = 0; i < length - 0x80; i++) {
      value = value << 8 | der[position + 2 + i] & 0xFF;
    }
    return value;
  }

  private static int contentOf(byte[] der, int position) {
    int length = der[position + 1] & 0xFF;
    return position + 2 + (length < 0x80 ? 0 : length - 0x80);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
