package io.fkvs.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of the program. */
final class Version {
  /** Maven puts it into the jar; on the module path a jar's manifest cannot be asked. */
  private static final String PROPERTIES = "/META-INF/maven/io.fkvs/fkvs-server/pom.properties";

  private Version() {}

  /** The version of the jar, or that this is none. */
  static String text() {
    try (InputStream properties = Version.class.getResourceAsStream(PROPERTIES)) {
      if (properties == null) {
        return "development";
      }
      Properties read = new Properties();
      read.load(properties);
      return read.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
